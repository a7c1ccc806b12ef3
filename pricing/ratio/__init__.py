"""The price-ratio rules for drugs (药品差比价规则)."""
