"""Pages of dual channel."""
