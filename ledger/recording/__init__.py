"""Draft, admit, decide and append: the ledger to which events are recorded."""
