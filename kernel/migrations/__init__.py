"""The one line of schema changes."""
