"""What is left of a failing main supplier's agreements goes to the next in line, at the next one's own price."""
