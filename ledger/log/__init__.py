"""The Merkle log: bytes only, no knowledge of statements, keys or databases."""
