"""Letters to companies and hospitals, kept as they were issued."""
