"""The `school-ledger` command: parse, call one function, write the answer."""
