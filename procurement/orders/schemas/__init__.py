"""What forms and calls of online purchasing carry."""
