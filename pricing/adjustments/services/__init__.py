"""What is done with plans."""
