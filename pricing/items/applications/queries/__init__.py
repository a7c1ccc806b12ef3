"""Nouns of new items."""
