"""Random tokens of cookies and links. The database keeps their digests only: a copied database opens nothing."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """Make 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what the database keeps of a token. Plain SHA-256 is enough for what nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()
