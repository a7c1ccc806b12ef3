"""How a volume-based round is evaluated: pure functions over bids and a rule set that is data."""
