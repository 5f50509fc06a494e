"""Two years of a partnership that never was, recorded for real."""
