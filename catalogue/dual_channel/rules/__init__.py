"""Decisions of dual channel, pure."""
