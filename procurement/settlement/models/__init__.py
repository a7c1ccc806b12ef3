"""Tables of settlement."""
