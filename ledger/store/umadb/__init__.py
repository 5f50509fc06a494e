"""Keep the entries on a UmaDB server, where many write at once, and the rest in a database."""
