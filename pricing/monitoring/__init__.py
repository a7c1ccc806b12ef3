"""Monitoring of prices: indices with their coverage."""
