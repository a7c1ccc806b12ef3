"""Warning levels by variety and region."""
