"""Facts, rules, items and postings as such: no theme is known here."""
