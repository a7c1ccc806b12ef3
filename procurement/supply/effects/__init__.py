"""What a credit finding would do before it is decided: products, regions, rounds, orders, volume, substitutes."""
