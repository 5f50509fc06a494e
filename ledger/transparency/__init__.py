"""Sign the log: checkpoints kept, witnesses, timestamps, the trust card."""
