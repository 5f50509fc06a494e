"""Keep the record in one SQLite file."""
