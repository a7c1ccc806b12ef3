"""Pages of the demand area."""
