"""Tables of online purchasing."""
