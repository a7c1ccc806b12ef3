"""Post to the volume ledger: the only code that writes its accounts and entries. In bulk, in one order of locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.db import insert_rows
from kernel.sets import add, among, forget, put
from procurement.agreements.ledger.flow import Book, Move
from procurement.agreements.ledger.models import COLUMNS, VolumeAccount, VolumeEntry

ZERO = Decimal(0)
WORTH = {Move.ORDER: 1, Move.CANCEL: -1, Move.RETURN: -1}
"""How moves change what an account is worth."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose volume moves; without an agreement the calendar year stands in for the agreement's."""

    hospital_id: int
    company_id: int
    specification_id: int
    year: int
    agreement_id: int | None = None
    beyond: bool = False

    @property
    def book(self) -> Book:
        """Return the book the volume is kept in."""
        if self.agreement_id is None:
            return Book.OPEN
        return Book.BEYOND if self.beyond else Book.AGREED

    @property
    def key(self) -> str:
        """Name the account.

        >>> Owner(1, 2, 3, 1, agreement_id=7, beyond=True).key, Owner(1, 2, 3, 2026).key
        ('7:beyond', '1-2-3-2026')
        """
        if self.agreement_id is None:
            return f"{self.hospital_id}-{self.company_id}-{self.specification_id}-{self.year}"
        return f"{self.agreement_id}:{self.book}"


@dataclass(frozen=True, slots=True)
class Posting:
    """Volume (in units of the specification) and its worth in yuan that moves, and what moved it."""

    owner: Owner
    move: Move
    quantity: Decimal
    amount: Decimal
    subject_id: int


def post(session: Session, postings: Sequence[Posting], *, at: datetime) -> None:
    """Add the postings to their accounts and write an entry for each. Nothing is posted for a quantity of 0.

    Accounts are changed in the order of their ids, so that two that post at once wait and never block each other; a
    stage that would hold less than nothing is refused by the table.
    """
    real = [one for one in postings if one.quantity]
    if not real:
        return
    session.flush()  # what is posted may follow from rows still to be written
    ids = _accounts(session, {one.owner.key: one.owner for one in real})
    accounts = [ids[one.owner.key] for one in real]
    sums = _sums(real, accounts)
    touched = sorted(set(accounts))
    _lock(session, touched)
    more = {column: [by_account.get(one, ZERO) for one in touched] for column, by_account in sums.items()}
    add(session, VolumeAccount.__table__, ids=touched, more=more)
    _write(session, real, accounts, today(at))
    forget(session, VolumeAccount)


def _accounts(session: Session, owners: dict[str, Owner]) -> dict[str, int]:
    """Return the accounts' ids by their keys, opening those that are missing."""
    found = _known(session, owners)
    missing = [owner for key, owner in sorted(owners.items()) if key not in found]
    if missing:
        row = {name: Decimal(0) for name in (*COLUMNS.values(), "worth")}
        rows = [
            row | {"key": one.key, "book": one.book, "hospital_id": one.hospital_id, "company_id": one.company_id,
                   "specification_id": one.specification_id, "agreement_id": one.agreement_id, "year": one.year}
            for one in missing
        ]  # fmt: skip
        put(session, VolumeAccount.__table__, key=("key",), rows=rows)
        found |= _known(session, [one.key for one in missing])
    return found


def _known(session: Session, keys: Iterable[str]) -> dict[str, int]:
    query = select(VolumeAccount.key, VolumeAccount.id).where(among(VolumeAccount.key, keys))
    return dict(session.execute(query).all())


def _lock(session: Session, ids: Sequence[int]) -> None:
    """Lock the accounts in the order of their ids."""
    query = select(VolumeAccount.id).where(among(VolumeAccount.id, ids)).order_by(VolumeAccount.id)
    session.execute(query.with_for_update()).all()


def _sums(postings: Sequence[Posting], accounts: Sequence[int]) -> dict[str, dict[int, Decimal]]:
    """Return what is added to each column of each account; what was ordered, less what was cancelled and returned,
    is what it is worth, in yuan.
    """
    found: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for one, account in zip(postings, accounts, strict=True):
        found[COLUMNS[one.move]][account] += one.quantity
        if one.move in WORTH:
            found["worth"][account] += one.amount * WORTH[one.move]
    return found


def _write(session: Session, postings: Sequence[Posting], accounts: Sequence[int], day: date) -> None:
    columns: dict[str, Sequence[Any]] = {
        "account_id": accounts,
        "day": [day] * len(postings),
        "move": [one.move for one in postings],
        "quantity": [one.quantity for one in postings],
        "amount": [one.amount for one in postings],
        "subject_id": [one.subject_id for one in postings],
    }
    insert_rows(session, VolumeEntry.__table__, columns=columns)
