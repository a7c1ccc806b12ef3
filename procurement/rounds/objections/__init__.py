"""Objections (异议) in the publicity period, with evidence, comments and replies."""
