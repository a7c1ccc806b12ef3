"""Verbs of list editions."""
