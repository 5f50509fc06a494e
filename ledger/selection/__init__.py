"""What concerns a party: told once, for histories, replays and parts."""

from ledger.selection.concerning import Said, Threads, concerning, read_said

__all__ = ["Said", "Threads", "concerning", "read_said"]
