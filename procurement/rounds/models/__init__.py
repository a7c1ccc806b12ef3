"""Tables of rounds: the round, its evaluations, its awards."""
