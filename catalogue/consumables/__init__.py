"""Medical consumables by their national code, and the categories of those codes."""
