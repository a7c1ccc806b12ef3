"""What is decided about the same product elsewhere, pure."""
