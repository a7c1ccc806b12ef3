"""Governance of listed prices: labels."""
