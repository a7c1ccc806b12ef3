"""What hospitals are scored by, as far as the ledger and the figures of purchasing know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import OfflinePurchase, TradeMonth
from procurement.retention.flow import Indicator
from procurement.retention.queries.gathering import Gathered, Given
from procurement.retention.rules import ZERO
from procurement.retention.scoring.rules import growth, share

Values = dict[Indicator, Decimal | None]


def values(session: Session, held: Gathered) -> dict[int, Values]:
    """Return each hospital's figures of the agreement year; None where nobody knows."""
    by_hospital: dict[int, list[Given]] = defaultdict(list)
    for (hospital, _lot), given in held.lines.items():
        by_hospital[hospital].append(given)
    months = (held.starts.replace(day=1), held.ends)
    last = (months[0].replace(year=months[0].year - 1), months[0])
    bought, before = _bought(session, by_hospital, months), _bought(session, by_hospital, last)
    return {
        hospital: _figures(lines, bought.get(hospital, _NOTHING), before.get(hospital, _NOTHING))
        for hospital, lines in by_hospital.items()
    }


Bought = tuple[Decimal, Decimal, Decimal, Decimal]
"""Drugs on the platform, drugs beside it, everything received, what of it was paid within thirty days, in yuan."""
_NOTHING: Bought = (ZERO, ZERO, ZERO, ZERO)


def _figures(lines: Collection[Given], now: Bought, before: Bought) -> Values:
    done = sum(one.completed or one.exempt for one in lines)
    drugs, beside, everything, paid = now
    return {
        Indicator.COMPLETION: share(Decimal(done), Decimal(len(lines) - done)),
        Indicator.WINNING: share(sum((one.won for one in lines), ZERO), sum((one.n for one in lines), ZERO)),
        Indicator.ONLINE: share(drugs, beside),
        Indicator.PAYMENT: share(paid, everything - paid),
        Indicator.GROWTH: growth(drugs + beside, before[0] + before[1]),
        Indicator.PRICE_POLICY: None,
    }


def _bought(session: Session, hospitals: Collection[int], months: tuple[date, date]) -> dict[int, Bought]:
    """Return what was bought in months, of the hospitals asked for."""
    one, found = TradeMonth, dict[int, Bought]()
    sums = [
        func.sum(column, type_=column.type)
        for column in (one.bought, one.bought_consumables, one.paid_in_time)
    ]  # fmt: skip
    query = select(one.hospital_id, *sums).where(
        one.level == Level.HOSPITAL, one.month >= months[0], one.month < months[1]
    )
    beside = (
        select(OfflinePurchase.hospital_id, func.sum(OfflinePurchase.amount, type_=OfflinePurchase.amount.type))
        .where(OfflinePurchase.month >= months[0], OfflinePurchase.month < months[1])
        .where(OfflinePurchase.goods == VarietyKind.DRUG)
        .group_by(OfflinePurchase.hospital_id)
    )
    other: dict[int | None, Decimal] = dict(session.execute(beside).all())
    rows: Any = session.execute(query.group_by(one.hospital_id))
    for hospital, bought, consumables, paid in rows:
        if hospital in hospitals:
            found[hospital] = (bought - consumables, other.pop(hospital, ZERO), bought, paid)
    for hospital, amount in other.items():
        if hospital in hospitals and hospital is not None:
            found[hospital] = (ZERO, amount, ZERO, ZERO)
    return found
