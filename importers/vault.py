"""Where kinds without secrets keep what was read until it is confirmed."""

from __future__ import annotations

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from importers.models import ImportPayload
from importers.registry import Kind, Vault
from kernel.errors import NotFound


class OpenVault:
    """A table of ours. Confidential kinds bring a vault of their own."""

    def stage(self, session: Session, payload: bytes) -> str:
        """Keep the bytes and return a reference."""
        ref = uuid.uuid4().hex
        session.add(ImportPayload(ref=ref, content=payload))
        return ref

    def unstage(self, session: Session, ref: str) -> bytes:
        """Give the bytes back."""
        found = session.get(ImportPayload, ref)
        if found is None:
            raise NotFound(payload=ref)
        return found.content

    def discard(self, session: Session, ref: str) -> None:
        """Forget the bytes."""
        session.execute(delete(ImportPayload).where(ImportPayload.ref == ref))


_OPEN = OpenVault()


def vault_of(kind: Kind) -> Vault:
    """The kind's own vault, or the open one."""
    return kind.vault or _OPEN
