"""Prove the log: sign, cosign and timestamp checkpoints, prove inclusion."""
