"""Agreements of the following years of an award."""
