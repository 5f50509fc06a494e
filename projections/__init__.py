"""What follows from the record: folds from entries to answers, and the answers as reports."""
