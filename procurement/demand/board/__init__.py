"""The agency's board of a collection: who is late, what is odd, what is missing, by region and variety."""
