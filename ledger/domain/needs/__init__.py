"""What a school needs help with, and who answers for it."""
