"""Reads of the demand area, scoped to the actor."""
