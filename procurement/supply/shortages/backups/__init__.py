"""Backup suppliers that step in for a shortage."""
