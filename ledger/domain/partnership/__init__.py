"""Partnerships: who belongs, their years, and the visits that members owe."""
