"""Keep the record in a PostgreSQL database, where many write at once."""
