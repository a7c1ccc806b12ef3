"""Drugs and, later, consumables, list editions and search: what everything else names by code."""
