"""Fold the record into the tables behind the answers."""
