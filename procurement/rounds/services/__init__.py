"""Verbs of a round: set up, publish, open, evaluate, announce, draft, award."""
