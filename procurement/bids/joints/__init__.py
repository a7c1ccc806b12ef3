"""Joint bids (联合体申报): a lead company and its members bid as one for a lot."""
