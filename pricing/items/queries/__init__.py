"""Nouns of service items."""
