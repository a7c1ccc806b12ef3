"""Hold settlement against the volume ledger, and its own figures against each other."""
