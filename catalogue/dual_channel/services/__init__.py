"""Verbs of dual channel."""
