"""What can go wrong with views and reports."""

from __future__ import annotations

from ledger.errors import LedgerError


class ProjectionError(LedgerError):
    """A view cannot be built or read, or a question cannot be asked so."""
