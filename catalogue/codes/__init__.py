"""Codes of drugs, consumables, devices and organisations: read, checked and explained part by part."""
