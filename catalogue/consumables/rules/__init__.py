"""Codes, identifiers and certificates of consumables, and how NMPA publishes them."""
