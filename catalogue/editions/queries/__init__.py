"""Reads of list editions."""
