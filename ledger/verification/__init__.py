"""Judge a ledger or a bundle against what one trusts: the verdict."""
