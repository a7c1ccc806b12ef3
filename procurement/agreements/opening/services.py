"""Enter agreements into the volume ledger as they are made: what was reported, what of it is agreed and allocated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.money import round_amount
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.services import Owner, Posting
from procurement.agreements.models import Agreement


def owner(agreement: Agreement) -> Owner:
    """Return the owner of an agreement's own account."""
    return Owner(
        agreement.hospital_id, agreement.company_id, agreement.specification_id, agreement.year, agreement.id
    )  # fmt: skip


def posting(agreement: Agreement, move: Move, quantity: Decimal) -> Posting:
    """Return the posting of a move of an agreement's volume, worth its price."""
    return Posting(owner(agreement), move, quantity, round_amount(agreement.price * quantity), agreement.id)


def enter(session: Session, made: Iterable[Agreement], reported: Mapping[int, Decimal], *, at: datetime) -> None:
    """Post what each agreement's hospital reported (units, by agreement) and all of what is agreed.

    Less than was agreed can't have been reported: volumes are rounded to whole units region by region.
    """
    ledger.post(session, list(_postings(made, reported)), at=at)


def _postings(made: Iterable[Agreement], reported: Mapping[int, Decimal]) -> Iterator[Posting]:
    for one in made:
        yield posting(one, Move.REPORT, max(reported.get(one.id, one.agreed), one.agreed))
        yield posting(one, Move.AGREE, one.agreed)
        yield posting(one, Move.ALLOCATE, one.agreed)
