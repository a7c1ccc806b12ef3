"""Listings: which product stands at which price in which region, of which kind, on which day."""
