"""What sets right or withdraws what was recorded."""
