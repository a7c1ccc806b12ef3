"""Tables of dual channel."""
