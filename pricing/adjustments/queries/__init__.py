"""Nouns of plans."""
