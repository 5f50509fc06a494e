"""What is recorded for an office without a key, and how that office answers for it."""
