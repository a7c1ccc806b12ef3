"""Rounds run again for lots that ended without an award."""
