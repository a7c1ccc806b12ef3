"""Labels as they stand on listed prices: what they are measured against, given nightly and after changes."""
