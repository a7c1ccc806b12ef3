"""Prices that hospitals set themselves for items in trial, of special need or of the market, and file."""
