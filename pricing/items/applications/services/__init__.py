"""What is done with applications for new items."""
