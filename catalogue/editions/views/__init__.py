"""Pages of list editions."""
