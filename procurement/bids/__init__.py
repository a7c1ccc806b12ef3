"""Sealed bids: boxes, submissions, receipts, and what was in them once they are opened."""
