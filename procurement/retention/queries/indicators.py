"""What hospitals are scored by, as far as the ledger and the figures of purchasing know it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from kernel.sets import among
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import OfflinePurchase, TradeMonth
from procurement.retention.flow import Indicator
from procurement.retention.queries.gathering import Given, Lines
from procurement.retention.queries.ground import Ground
from procurement.retention.rules import ZERO
from procurement.retention.scoring.rules import growth, share

Values = dict[Indicator, Decimal | None]


def values(session: Session, ground: Ground, lines: Lines) -> dict[int, Values]:
    """Return hospitals' figures of the agreement year; None where nobody knows."""
    months = (ground.starts.replace(day=1), ground.ends)
    last = (months[0].replace(year=months[0].year - 1), months[0])
    bought, before = _bought(session, list(lines), months), _bought(session, list(lines), last)
    return {
        hospital: _figures(held.values(), bought.get(hospital, _NOTHING), before.get(hospital, _NOTHING))
        for hospital, held in lines.items()
    }


Bought = tuple[Decimal, Decimal, Decimal, Decimal]
"""Drugs on the platform, drugs beside it, everything received, what of it was paid within thirty days, in yuan."""
_NOTHING: Bought = (ZERO, ZERO, ZERO, ZERO)


def _figures(lines: Collection[Given], now: Bought, before: Bought) -> Values:
    done = sum(one.completed or one.exempt for one in lines)
    drugs, beside, everything, paid = now
    return {
        Indicator.COMPLETION: share(Decimal(done), Decimal(len(lines) - done)),
        Indicator.WINNING: share(Decimal(sum(one.won for one in lines)), Decimal(sum(one.n for one in lines))),
        Indicator.ONLINE: share(drugs, beside),
        Indicator.PAYMENT: share(paid, everything - paid),
        Indicator.GROWTH: growth(drugs + beside, before[0] + before[1]),
        Indicator.PRICE_POLICY: None,
    }


def _bought(session: Session, hospitals: Sequence[int], months: tuple[date, date]) -> dict[int, Bought]:
    """Return what hospitals bought in months."""
    one, found = TradeMonth, dict[int, Bought]()
    sums = [
        func.sum(column, type_=column.type)
        for column in (one.bought, one.bought_consumables, one.paid_in_time)
    ]  # fmt: skip
    query = select(one.hospital_id, *sums).where(
        among(one.hospital_id, hospitals), one.level == Level.HOSPITAL, one.month >= months[0], one.month < months[1]
    )
    beside = (
        select(OfflinePurchase.hospital_id, func.sum(OfflinePurchase.amount, type_=OfflinePurchase.amount.type))
        .where(among(OfflinePurchase.hospital_id, hospitals), OfflinePurchase.goods == VarietyKind.DRUG)
        .where(OfflinePurchase.month >= months[0], OfflinePurchase.month < months[1])
        .group_by(OfflinePurchase.hospital_id)
    )
    other: dict[int, Decimal] = dict(session.execute(beside).all())
    rows: Any = session.execute(query.group_by(one.hospital_id))
    for hospital, bought, consumables, paid in rows:
        found[hospital] = (bought - consumables, other.pop(hospital, ZERO), bought, paid)
    return found | {hospital: (ZERO, amount, ZERO, ZERO) for hospital, amount in other.items()}
