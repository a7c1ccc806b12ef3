"""What people do about the retained balance."""
