"""What is read to say what a finding would do."""
