"""Drugs: generic names, varieties, specifications, products and the companies that make them."""
