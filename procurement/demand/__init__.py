"""Hospitals report what they need; the agency reviews it and locks the base."""
