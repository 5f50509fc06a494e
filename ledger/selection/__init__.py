"""What concerns a party: told once, for histories, replays and parts."""

from ledger.selection.concerning import Threads, concerning

__all__ = ["Threads", "concerning"]
