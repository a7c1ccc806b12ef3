"""Take purchase facts that procurement pushes, and keep the sums of months that every figure is read from.

A fact is written by the transaction that receives or returns goods; a job adds what waits to the sums and deletes it,
in one transaction: a crash leaves both as they were, and nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, Table, and_, delete, func, insert, literal, select, text, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product, Specification, Variety
from catalogue.editions.queries.classes import widest
from kernel.db import insert_rows, upsert
from kernel.sets import among
from pricing.monitoring.models import MonitoredItem, PurchaseFact, PurchaseMonth, SavingBaseline

MOST = 50_000
"""Facts that one run adds up."""


class Fact(NamedTuple):
    """What arrived (or, below 0, went back): units of the product's specification and yuan; see PurchaseFact."""

    month: date
    product_id: int
    region_code: str
    grade: str
    source: str
    quantity: Decimal
    amount: Decimal


def push(session: Session, facts: Sequence[Fact], *, at: datetime) -> None:
    """Keep facts until they are added up."""
    if facts:
        columns: dict[str, Sequence[Any]] = dict(zip(Fact._fields, zip(*facts, strict=True), strict=True))
        insert_rows(session, PurchaseFact.__table__, columns={**columns, "at": [at] * len(facts)})


def sum_up(session: Session, *, day: date, most: int = MOST) -> int:
    """Add waiting facts to the sums of their months, at most so many; return how many."""
    waiting = select(PurchaseFact.id).order_by(PurchaseFact.id).limit(most).with_for_update(skip_locked=True)
    ids = session.scalars(waiting).all()
    if ids:
        these = among(PurchaseFact.id, ids)
        _add(session, select(*_columns()).where(these).subquery(), day)
        session.execute(delete(PurchaseFact).where(these))
    return len(ids)


def refill(session: Session, facts: Select[Any], *, months: Collection[date], day: date, at: datetime) -> None:
    """Make the sums of months anew from a query of facts (the columns of Fact, as many rows as it takes)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("lock table purchase_fact in exclusive mode"))  # who pushes now is counted afterwards
    session.execute(delete(PurchaseMonth).where(PurchaseMonth.month.in_(months)))
    session.execute(delete(PurchaseFact).where(PurchaseFact.month.in_(months)))
    given = facts.subquery()
    grouped = [given.c[name] for name in Fact._fields[:5]]
    sums = [func.sum(given.c[name], type_=given.c[name].type) for name in Fact._fields[5:]]
    query = select(*grouped, *sums, literal(at, PurchaseFact.at.type)).where(given.c.month.in_(months))
    session.execute(insert(PurchaseFact).from_select([*Fact._fields, "at"], query.group_by(*grouped)))
    these = PurchaseFact.month.in_(months)
    _add(session, select(*_columns()).where(these).subquery(), day)
    session.execute(delete(PurchaseFact).where(these))


def _columns() -> list[Any]:
    return [getattr(PurchaseFact, name) for name in Fact._fields]


def _add(session: Session, facts: Subquery, day: date) -> None:
    """Add facts to the four sums that they belong to: of their region and grade, of each alone, of all."""
    _open_items(session, facts, day)
    own = and_(
        MonitoredItem.specification_id == Product.specification_id, MonitoredItem.company_id == Product.company_id
    )
    joined = facts.join(Product, Product.id == facts.c.product_id).join(MonitoredItem, own)
    table: Table = PurchaseMonth.__table__
    names = ("region_code", "grade", "month", "item_id", "source", "quantity", "amount")
    for by_region, by_grade in product((False, True), repeat=2):
        key = [
            facts.c.region_code if by_region else literal(""), facts.c.grade if by_grade else literal(""),
            facts.c.month, MonitoredItem.id, facts.c.source,
        ]  # fmt: skip
        sums = [func.sum(facts.c[name], type_=facts.c[name].type) for name in names[5:]]
        grouped = [one for one, held in zip(key, (by_region, by_grade, True, True, True), strict=True) if held]
        query = select(*key, *sums).select_from(joined).where(true()).group_by(*grouped)
        made = _insert(session)(table).from_select(list(names), query)
        more = {name: table.c[name] + made.excluded[name] for name in names[5:]}
        session.execute(made.on_conflict_do_update(index_elements=list(names[:5]), set_=more))


def _insert(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def _open_items(session: Session, facts: Subquery, day: date) -> None:
    """Open the items that facts name for the first time."""
    query = (
        select(Product.specification_id, Product.company_id, Variety.kind)
        .join(Specification, Specification.id == Product.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .where(Product.id.in_(select(facts.c.product_id)))
        .distinct()
    )
    made = _insert(session)(MonitoredItem.__table__).from_select(["specification_id", "company_id", "goods"], query)
    session.execute(made.on_conflict_do_nothing(index_elements=["specification_id", "company_id"]))
    classify(session, day=day, new=True)


def classify(session: Session, *, day: date, new: bool = False) -> int:
    """Say of items in which class they stand on a day, of all or of new ones; return how many changed."""
    query = select(MonitoredItem.id, MonitoredItem.specification_id, MonitoredItem.company_id, MonitoredItem.class_code)
    rows = session.execute(query.where(MonitoredItem.class_code.is_(None)) if new else query).all()
    found = widest(session, {row.specification_id for row in rows}, day) if rows else {}
    changed: dict[str, list[int]] = {}
    for row in rows:
        code = found.get((row.specification_id, row.company_id), "")
        if code != row.class_code:
            changed.setdefault(code, []).append(row.id)
    for code, ids in changed.items():
        session.execute(update(MonitoredItem).where(among(MonitoredItem.id, ids)).values(class_code=code))
    return sum(map(len, changed.values()))


def set_baselines(
    session: Session, *, source: str, prices: Mapping[int, Decimal], records: Mapping[int, int]
) -> int:  # fmt: skip
    """Keep what specifications cost before a round (`source`), yuan per unit; return how many changed."""
    ids = sorted(prices)
    if not ids:
        return 0
    columns: dict[str, Sequence[Any]] = {
        "source": [source] * len(ids), "specification_id": ids, "price": [prices[one] for one in ids],
        "records": [records[one] for one in ids],
    }  # fmt: skip
    return upsert(session, SavingBaseline.__table__, key=("source", "specification_id"), columns=columns)
