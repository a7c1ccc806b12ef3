"""The agency's board: rounds by stage, what waits for whom, with dates."""
