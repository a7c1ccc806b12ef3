"""Who acts: permissions, roles, sign-in and sessions."""
