"""Reads of online purchasing, scoped to the actor."""
