"""Scheduled work: a registry, a lease per slot, one runner."""
