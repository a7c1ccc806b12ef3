"""What was spent in each month, and how much of it stands in a class, from the sums of months."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from pricing.monitoring.flow import Ground
from pricing.monitoring.models import MonitoredItem, PurchaseMonth
from pricing.monitoring.queries.asked import Asked
from pricing.monitoring.queries.sums import ZERO, where
from pricing.monitoring.spending.rules import Covered, Spending


def spending(session: Session, asked: Asked) -> list[Spending]:
    """Return what was spent in each month; the rounds are one ground."""
    query = (
        select(PurchaseMonth.month, MonitoredItem.goods, PurchaseMonth.source, _sum())
        .join(MonitoredItem, MonitoredItem.id == PurchaseMonth.item_id)
        .where(*where(asked))
        .group_by(PurchaseMonth.month, MonitoredItem.goods, PurchaseMonth.source)
    )
    amounts: dict[date, dict[tuple[VarietyKind, Ground], Decimal]] = {
        month: defaultdict(lambda: ZERO) for month in asked.months
    }
    for month, goods, source, amount in session.execute(query):
        amounts[month][goods, Ground(source.partition("/")[0])] += amount
    held = _covered(session, asked)
    return [Spending(f"{month:%Y-%m}", amounts[month], held.get(month, {})) for month in asked.months]


def _sum() -> Any:
    return func.sum(PurchaseMonth.amount, type_=PurchaseMonth.amount.type).label("amount")


def _covered(session: Session, asked: Asked) -> dict[date, dict[VarietyKind, Covered]]:
    """Return of each month the coverage of drugs and consumables: the rule `covered`, counted by the database."""
    known = and_(MonitoredItem.class_code.is_not(None), MonitoredItem.class_code != "").label("classed")
    by = PurchaseMonth.month, MonitoredItem.goods, PurchaseMonth.item_id, known
    items = (
        select(*by, _sum())
        .join(MonitoredItem, MonitoredItem.id == PurchaseMonth.item_id)
        .where(*where(asked))
        .group_by(*by)
        .subquery()
    )
    amount = func.sum(items.c.amount, type_=items.c.amount.type)
    query = select(items.c.month, items.c.goods, items.c.classed, amount, func.count()).where(items.c.amount > 0)
    found: dict[date, dict[VarietyKind, Covered]] = defaultdict(dict)
    for month, goods, classed, yuan, count in session.execute(
        query.group_by(items.c.month, items.c.goods, items.c.classed)
    ):
        one = Covered(yuan, yuan if classed else ZERO, count, count if classed else 0)
        found[month][goods] = found[month].get(goods, Covered()) + one
    return found
