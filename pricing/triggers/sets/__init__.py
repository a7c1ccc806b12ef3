"""Rule sets of trigger evaluations, version by version."""
