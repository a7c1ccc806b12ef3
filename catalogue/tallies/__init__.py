"""How many records of the long registers there are, in all and by value, counted when they change."""
