"""Whether companies may act: what rounds, listings and orders ask credit."""
