"""New items: applied for by hospitals, reviewed, tried, made formal."""
