"""Verbs of service items."""
