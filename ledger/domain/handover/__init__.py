"""What a head who leaves hands over, and who accepts it."""
