"""What there is to read about the retained balance."""
