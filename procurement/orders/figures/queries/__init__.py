"""Reads of the figures: what orders are counted by, sums of months, targets."""
