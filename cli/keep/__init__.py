"""Look after a ledger: found it, keep keys, import registers, erase, check."""
