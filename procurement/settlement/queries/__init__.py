"""What settlement shows, as far as the reader may see it."""
