"""Say that something happened: from options to a signed event, and its receipt."""
