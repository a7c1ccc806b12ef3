"""Verbs of the demand area."""
