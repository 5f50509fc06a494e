"""The record: what can be said, who may say it, what it makes owed, how it is kept."""
