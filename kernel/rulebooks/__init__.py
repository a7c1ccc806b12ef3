"""Rule sets that are kept version by version, each with its reason and a second person's approval."""
