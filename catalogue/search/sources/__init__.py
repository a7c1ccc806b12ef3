"""Where entries come from when records were written in bulk."""
