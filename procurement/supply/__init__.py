"""Supply: shortages and their answers, warning levels, and the filing of emergency purchases."""
