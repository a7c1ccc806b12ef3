"""Governance of listed prices: labels, prices across regions."""
