"""Pages of prices across regions."""
