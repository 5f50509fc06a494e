"""Visits made, and the host's answer to each."""
