"""Demand, bids, rounds and agreements of volume-based procurement."""
