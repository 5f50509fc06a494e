"""Who settles what two sides do not agree on: a challenged judgement, or a disputed visit."""
