"""What the search says of products that are listed."""
