"""The register of drug codes, and products as local lists keep them."""
