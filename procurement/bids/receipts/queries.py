"""A company's own submissions, and whether they still hold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from procurement.bids import queries
from procurement.bids.models import Submission, SubmissionLot
from procurement.bids.receipts.services import digest_of
from procurement.bids.sealing import services as sealing
from procurement.demand.models import Lot

PER_BOX = 50


@dataclass(frozen=True, slots=True)
class ReceiptLot:
    """A lot of a receipt. `current` says that this is the newest revision; only then is its content still kept."""

    entry: SubmissionLot
    current: bool
    lines: tuple[Mapping[str, Any], ...]
    content: str = ""
    salt: str = ""
    intact: bool | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A submission checked against what lies behind it."""

    submission: Submission
    lots: tuple[ReceiptLot, ...]
    digest: str

    @property
    def holds(self) -> bool:
        """Say whether the digest computed now is the receipt's, and every kept content fits its own."""
        return self.digest == self.submission.digest and all(lot.intact is not False for lot in self.lots)


def of_box(session: Session, box_id: int, actor: Actor) -> Sequence[Submission]:
    """Return the newest of what the actor's company handed in or took back in a box."""
    query = _own(actor).where(Submission.box_id == box_id).order_by(Submission.number.desc())
    return session.scalars(query.limit(PER_BOX)).all()


def name_of(session: Session, submission_id: int, actor: Actor) -> str:
    """Return the name of one of the company's own receipts; empty for anybody else's."""
    found = session.scalars(_own(actor).where(Submission.id == submission_id)).one_or_none()
    return found.receipt if found else ""


def one(session: Session, name: str, actor: Actor) -> Receipt:
    """Return a receipt of the actor's own company by its name, computed again, or NotFound."""
    query = _own(actor).where(Submission.receipt == name)
    whole = query.options(
        joinedload(Submission.box), joinedload(Submission.company),
        selectinload(Submission.entries).joinedload(SubmissionLot.lot).joinedload(Lot.variety),
    )  # fmt: skip
    found = session.scalars(whole).unique().one_or_none()
    if found is None:
        raise NotFound(receipt=name)
    digest = digest_of(
        session, box=found.box, company=found.company, at=found.at,
        withdrawal=found.withdrawal, entries=found.entries,
    )  # fmt: skip
    return Receipt(found, _lots(session, found, actor), digest)


def _lots(session: Session, found: Submission, actor: Actor) -> tuple[ReceiptLot, ...]:
    bids = queries.own_bids(session, found.box_id, actor)
    refs = [bid.sealed_id for bid in bids.values() if bid.sealed_id and bid.submission_id == found.id]
    contents = sealing.read_own(session, refs=refs, actor=actor)
    made = []
    for entry in sorted(found.entries, key=lambda each: each.lot.number):
        bid = bids[entry.lot_id]
        kept = contents.get(bid.sealed_id or 0) if bid.submission_id == found.id else None
        if kept is None:
            made.append(ReceiptLot(entry, bid.submission_id == found.id, ()))
            continue
        lines = tuple(_line(line) for line in json.loads(kept.content)["lines"])
        intact = kept.intact and kept.digest == entry.digest
        made.append(ReceiptLot(entry, True, lines, kept.content, kept.salt, intact))
    return tuple(made)


def _line(line: dict[str, Any]) -> dict[str, Any]:
    price = line["unit_price"]
    return {**line, "price": None if price is None else Decimal(price)}


def _own(actor: Actor) -> Select[Submission]:
    return select(Submission).where(Submission.company_id == (actor.organisation_id or 0))
