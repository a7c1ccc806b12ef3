"""What procurement knows of a product: the rounds it won, and its agreements."""
