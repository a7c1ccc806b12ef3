"""Pages of the draft."""
