"""Public announcements of rounds, kept as they were issued."""
