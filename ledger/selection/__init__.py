"""What concerns a party: told once, for histories, replays and parts."""

from ledger.selection.concerning import concerning

__all__ = ["concerning"]
