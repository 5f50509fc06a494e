"""Hand the record over: export, verify and load."""
