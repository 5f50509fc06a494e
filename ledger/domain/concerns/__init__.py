"""Concerns about any party, and who is to look into them."""
