"""Rule sets that people write: copied, changed parameter by parameter, approved by a second person, compared."""
