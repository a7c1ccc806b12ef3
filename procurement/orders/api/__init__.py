"""Online purchasing as JSON."""
