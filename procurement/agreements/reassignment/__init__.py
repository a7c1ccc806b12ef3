"""What became of the volume that fell on losers: hospitals divide it among the winners, or a rule does."""
