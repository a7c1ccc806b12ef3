"""Applications of companies to list, price and delist products, reviewed by two persons."""
