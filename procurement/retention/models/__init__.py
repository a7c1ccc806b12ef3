"""Tables of the retained balance."""
