"""Rule sets of provinces, version by version."""
