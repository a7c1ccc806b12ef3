"""Rule sets of labels, version by version, and which region goes by which."""
