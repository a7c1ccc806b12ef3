"""What a list edition means, pure."""
