"""Declarations: a company says for which lots it takes part, with or without a price."""
