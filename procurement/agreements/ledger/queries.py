"""Accounts and entries of an agreement. The caller has asked whether the reader may see the agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from procurement.agreements.ledger.flow import Book, Stage
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.agreements.ledger.rules import ZERO, balances, used
from procurement.agreements.models import Agreement


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands where of an agreement, in units, and what was bought of it in all."""

    books: dict[Book, dict[Stage, Decimal]]
    accounts: Sequence[VolumeAccount]

    @property
    def within(self) -> Decimal:
        """Return what was bought within the agreed volume."""
        return self._bought(Book.AGREED)

    @property
    def beyond(self) -> Decimal:
        """Return what was bought beyond it, at the winning price."""
        return self._bought(Book.BEYOND)

    @property
    def worth(self) -> Decimal:
        """Return what was bought, in yuan."""
        return sum((one.worth for one in self.accounts), ZERO)

    def _bought(self, book: Book) -> Decimal:
        return sum((used(one.sums()) for one in self.accounts if one.book is book), ZERO)


def standing(session: Session, agreement: Agreement) -> Standing:
    """Return an agreement's accounts as they stand."""
    query = select(VolumeAccount).where(VolumeAccount.agreement_id == agreement.id).order_by(VolumeAccount.book)
    found = session.scalars(query).all()
    return Standing({one.book: balances(one.book, one.sums()) for one in found}, found)


def entries(agreement: Agreement) -> Select[VolumeEntry]:
    """Return the query of an agreement's entries, the newest first."""
    return (
        select(VolumeEntry)
        .join(VolumeAccount, VolumeAccount.id == VolumeEntry.account_id)
        .where(VolumeAccount.agreement_id == agreement.id)
        .options(contains_eager(VolumeEntry.account))
        .order_by(VolumeEntry.id.desc())
    )
