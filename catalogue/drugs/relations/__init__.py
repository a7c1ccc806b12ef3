"""Who owns and runs a company, and the relations that are found from it."""
