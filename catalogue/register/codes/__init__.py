"""What the register knows about codes."""
