"""Scheduled verbs of the area."""
