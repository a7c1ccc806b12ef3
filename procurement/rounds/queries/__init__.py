"""Reads of rounds, scoped to the reader."""
