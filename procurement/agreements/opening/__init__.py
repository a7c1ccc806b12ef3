"""Agreements enter the volume ledger: reported, agreed, allocated."""
