"""What codes, refusals and steps of rounds are called."""
