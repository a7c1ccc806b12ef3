"""Letters to hospitals about the volumes they agreed to buy."""
