"""Reads of dual channel, scoped to the actor."""
