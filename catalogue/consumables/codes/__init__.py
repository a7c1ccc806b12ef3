"""What consumables know about codes."""
