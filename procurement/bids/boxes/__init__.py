"""Boxes: where the bids of a round lie under one deadline."""
