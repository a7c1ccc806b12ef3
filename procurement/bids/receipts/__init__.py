"""Entries of a box and the receipts that companies hold of them."""
