"""Verbs that change the drug catalogue."""
