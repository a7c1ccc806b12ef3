"""What each hospital buys from each winner in an agreement year."""
