"""The core of credit: commitment letters, facts that are reported, and whether a company may act."""
