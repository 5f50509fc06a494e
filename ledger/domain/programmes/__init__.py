"""Programmes of visits without a partnership: who joins them, and what is owed under them."""
