"""Organisations and regions: the tenants of the platform and where they are."""
