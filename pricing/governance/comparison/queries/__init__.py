"""Reads of prices across regions."""
