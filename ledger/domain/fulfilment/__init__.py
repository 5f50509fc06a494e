"""What only whoever is owed can close: claimed done, and answered."""
