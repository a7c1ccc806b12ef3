"""Pages of the drug catalogue."""
