"""Serious ratings of all provinces together (全国汇总): what other provinces published comes in, our own goes out."""
