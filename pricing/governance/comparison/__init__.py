"""Listed prices across regions: the same product elsewhere, gaps, where a rise began, warnings of linkage."""
