"""Payment runs of the fund over approved claims: one person prepares, another one pays."""
