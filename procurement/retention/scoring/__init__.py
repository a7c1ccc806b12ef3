"""Points of the indicators."""
