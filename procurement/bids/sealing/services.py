"""Keep a bid until its opening: seal, read one's own, open a whole box, erase. Nothing else touches the sealed table.

What leaves this module before the opening is a reference with a digest: SHA-256 over a random salt of 32 bytes and the
content. Contents lie in the clear for now: who runs the server could read them. A later version encrypts behind the
same five functions.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import Actor
from kernel.errors import Conflict, NotFound
from kernel.identity import record_id
from procurement.bids.flow import BidState, BoxState
from procurement.bids.models import Bid, Box
from procurement.bids.sealing.models import Sealed

SALT_BYTES = 32
BID, STAGED = "bid", "staged-import"


@dataclass(frozen=True, slots=True)
class SealedRef:
    """All that anything outside may hold of a sealed content."""

    id: int
    digest: str


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A content with what its digest was made of, so that the reader can check it himself."""

    content: str
    salt: str
    digest: str

    @property
    def intact(self) -> bool:
        """Say whether content and salt still give the digest."""
        return digest_of(self.salt, self.content.encode()) == self.digest


def digest_of(salt: str, content: bytes) -> str:
    """Return the SHA-256 over the salt's bytes and the content.

    >>> digest_of("00" * 32, b"")[:8]
    '66687aad'
    """
    return hashlib.sha256(bytes.fromhex(salt) + content).hexdigest()


def seal(session: Session, *, content: bytes | str, owner_id: int | None, purpose: str, at: datetime) -> SealedRef:
    """Keep one content."""
    return seal_all(session, contents=[content], owner_id=owner_id, purpose=purpose, at=at)[0]


def seal_all(
    session: Session, *, contents: Sequence[bytes | str], owner_id: int | None, purpose: str, at: datetime
) -> list[SealedRef]:
    """Keep contents; the references come in the same order."""
    rows = []
    for content in contents:
        plain, salt = content.encode() if isinstance(content, str) else content, secrets.token_hex(SALT_BYTES)
        digest = digest_of(salt, plain)
        rows.append(Sealed(owner_id=owner_id, purpose=purpose, salt=salt, content=plain, digest=digest, at=at))
    session.add_all(rows)
    session.flush()  # the references name the ids
    refs = [SealedRef(row.id, row.digest) for row in rows]
    for row in rows:
        session.expunge(row)  # no content stays behind in the session
    return refs


def read_own(session: Session, *, refs: Collection[int], actor: Actor) -> dict[int, Unsealed]:
    """Give the actor's own organisation its contents back, by reference; what is erased or another's is absent."""
    if actor.organisation_id is None or not refs:
        return {}
    query = select(Sealed.id, Sealed.content, Sealed.salt, Sealed.digest).where(
        Sealed.id.in_(refs), Sealed.owner_id == actor.organisation_id, Sealed.content.is_not(None)
    )
    return {row.id: Unsealed(bytes(row.content).decode(), row.salt, row.digest) for row in session.execute(query)}


def open_box_contents(session: Session, *, box_id: int) -> Iterator[tuple[int, Unsealed]]:
    """Yield (bid id, content) of every live bid of a box that has just been opened by rule.

    Raises `Conflict("box-not-opened")` unless the box, read under its row lock, is opened and its deadline passed.
    """
    box = session.execute(select(Box.state, Box.deadline).where(Box.id == box_id).with_for_update()).one()
    now = clock.after_lock(session)
    if box.state is not BoxState.OPENED or box.deadline is None or now < box.deadline:
        raise Conflict("box-not-opened")
    query = (
        select(Bid.id, Sealed.content, Sealed.salt, Bid.digest)
        .join(Sealed, Sealed.id == Bid.sealed_id)
        .where(Bid.box_id == box_id, Bid.state == BidState.SUBMITTED)
        .order_by(Bid.id)
    )
    for bid_id, content, salt, digest in session.execute(query):
        yield bid_id, Unsealed(bytes(content or b"").decode(errors="replace"), salt, digest)


def erase(session: Session, *, refs: Collection[int], at: datetime) -> None:
    """Forget contents and their salts; the digests stay."""
    if refs:
        gone = update(Sealed).where(Sealed.id.in_(refs), Sealed.content.is_not(None))
        session.execute(gone.values(content=None, salt="", erased_at=at))


class StagingVault:
    """Keeps an uploaded bid workbook between its check and its confirmation (see importers.registry.Vault)."""

    def stage(self, session: Session, payload: bytes) -> str:
        """Keep the bytes and return a reference."""
        ref = seal(session, content=payload, owner_id=None, purpose=STAGED, at=clock.now())
        return f"{ref.id}-{ref.digest[:32]}"

    def unstage(self, session: Session, ref: str) -> bytes:
        """Give the bytes back."""
        found = session.execute(select(Sealed.content, Sealed.digest).where(*self._place(ref))).one_or_none()
        if found is None or found.content is None or not found.digest.startswith(ref.partition("-")[2]):
            raise NotFound(what="staged import")
        return bytes(found.content)

    def discard(self, session: Session, ref: str) -> None:
        """Forget the bytes; an unknown reference is not an error."""
        session.execute(delete(Sealed).where(*self._place(ref)))

    @staticmethod
    def _place(ref: str) -> tuple[ColumnElement[bool], ...]:
        number = ref.partition("-")[0]
        return (Sealed.id == (record_id(number) or 0), Sealed.purpose == STAGED)


STAGING = StagingVault()
