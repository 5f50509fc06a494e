"""One thing in full: an event, an obligation, a party."""
