"""Answers as rows: who owes what, what happened, who could sign."""
