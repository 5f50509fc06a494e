"""Money committed, paid and accounted for."""
