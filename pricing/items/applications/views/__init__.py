"""Pages of new items."""
