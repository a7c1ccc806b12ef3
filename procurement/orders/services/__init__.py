"""Verbs of online purchasing."""
