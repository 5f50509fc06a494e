"""Packs: answers beside the bundle that proves them, written, and recomputed from it."""
