"""Rounds that renew an earlier one: who supplied, at which price, how much."""
