"""Write on the accounts between hospitals and sellers: the only code that does. Sums of months follow at the commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.db import before_commit
from kernel.periods import month_of
from kernel.sets import put
from procurement.settlement.flow import Channel
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.rules import ZERO
from procurement.settlement.statements.flow import EntryKind, Side
from procurement.settlement.statements.models import SettlementEntry, SettlementMonth
from procurement.settlement.statements.rules import COLUMNS, counted, keys

_PENDING = "settlement_months"
CHANNELS = {Channel.HOSPITAL: EntryKind.PAID, Channel.FUND: EntryKind.FUND}
Months = dict[tuple[int, int, date], dict[str, Decimal]]
"""Hospital, seller and month → what is to be added to each sum."""


def enter_invoices(session: Session, invoices: Iterable[Invoice], kind: EntryKind, *, at: datetime) -> None:
    """Enter invoices or credit notes that were registered, or invoices that were withdrawn."""
    entries = [
        SettlementEntry(
            hospital_id=one.hospital_id, seller_id=one.seller_id, day=today(at), kind=kind, amount=one.amount,
            invoice_id=one.id,
        )
        for one in invoices
    ]  # fmt: skip
    _enter(session, entries)


def enter_payments(session: Session, payments: Iterable[Payment], *, at: datetime) -> None:
    """Enter payments that were recorded, by the hospital or from the fund; those of nothing change nothing."""
    entries = [
        SettlementEntry(
            hospital_id=one.hospital_id, seller_id=one.seller_id, day=today(at), kind=CHANNELS[one.channel],
            amount=one.amount, payment_id=one.id,
        )
        for one in payments
    ]  # fmt: skip
    _enter(session, entries)


def _enter(session: Session, entries: list[SettlementEntry]) -> None:
    session.add_all(entries)
    pending: Months = session.info.setdefault(_PENDING, defaultdict(lambda: dict.fromkeys(COLUMNS, ZERO)))
    for one in entries:
        column, more = counted(one.kind, one.amount)
        pending[one.hospital_id, one.seller_id, month_of(one.day)][column] += more


@before_commit
def count_months(session: Session) -> None:
    """Add what the transaction entered to the months, in the order of their keys, so that writers never block."""
    pending: Months | None = session.info.pop(_PENDING, None)
    if not pending:
        return
    rows: dict[tuple[str, date], dict[str, Any]] = {}
    for (hospital, seller, month), sums in pending.items():
        whose = ((Side.HOSPITAL, hospital, None), (Side.SELLER, None, seller), (Side.PAIR, hospital, seller))
        for key, (side, of_hospital, of_seller) in zip(keys(hospital, seller), whose, strict=True):
            row = rows.setdefault(
                (key, month),
                {"key": key, "side": side, "month": month, "hospital_id": of_hospital, "seller_id": of_seller}
                | dict.fromkeys(COLUMNS, ZERO),
            )
            for name, more in sums.items():
                row[name] += more
    ordered = [row for _key, row in sorted(rows.items())]
    put(session, SettlementMonth.__table__, key=("key", "month"), rows=ordered, adding=COLUMNS)
