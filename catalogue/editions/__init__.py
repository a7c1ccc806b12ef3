"""Editions of the national drug list: entries, class tree, issue, comparison, reconciliation, matching."""
