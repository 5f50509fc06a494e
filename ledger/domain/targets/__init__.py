"""What a school or partnership is to reach, by whose word, and where that cannot be done."""
