"""Pages of the retained balance."""
