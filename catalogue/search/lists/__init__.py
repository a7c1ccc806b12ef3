"""Lists that are narrowed by the search."""
