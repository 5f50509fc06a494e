"""Published registers: files in, events out. No database, clock, network or printing."""
