"""Price rules, listings and governance."""
