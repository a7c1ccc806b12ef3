"""What can be done to accounts: sign-in, passwords, links, users."""
