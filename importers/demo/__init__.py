"""The demo province: small, invented, seeded, built by the same services that people's clicks call."""
