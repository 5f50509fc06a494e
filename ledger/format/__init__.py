"""Write and read the bytes of docs/reference/format.md: statement, entry, sealed text, tags."""
