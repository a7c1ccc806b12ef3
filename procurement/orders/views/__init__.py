"""Pages of online purchasing."""
