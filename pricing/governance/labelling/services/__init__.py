"""Verbs of labelling."""
