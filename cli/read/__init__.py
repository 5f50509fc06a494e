"""Ask the record: who owes what, what happened, one thing in full."""
