"""Reads of the drug catalogue."""
