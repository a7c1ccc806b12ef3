"""Who is reminded of a bidding deadline."""
