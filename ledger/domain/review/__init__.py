"""Progress of support reported, and reviews held."""
