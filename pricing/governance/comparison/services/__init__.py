"""Verbs of prices across regions."""
