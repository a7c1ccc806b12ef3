"""The index over the tokens of entries, on each database."""
