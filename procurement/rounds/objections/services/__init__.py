"""What is done with objections."""
