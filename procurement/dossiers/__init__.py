"""Company files: certificates and product documents kept once, looked at, and held against what a round asks for."""
