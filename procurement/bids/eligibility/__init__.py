"""What a round asks of its bidders, held against their files."""
