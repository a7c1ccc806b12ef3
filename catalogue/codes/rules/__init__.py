"""Pure rules of codes: their layouts, cleaning, check characters, reading."""
