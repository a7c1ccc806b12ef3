"""What the national list knows about codes."""
