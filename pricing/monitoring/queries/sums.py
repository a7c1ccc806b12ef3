"""Sums of months: baskets of periods, what a split falls into, spending, and the items behind a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Specification
from kernel.parties.codes import BUYERS
from kernel.parties.models import Organisation
from kernel.parties.regions import prefix
from kernel.sets import among
from pricing.monitoring.flow import Split
from pricing.monitoring.models import MonitoredItem, PurchaseFact, PurchaseMonth
from pricing.monitoring.queries.asked import Asked
from pricing.monitoring.rules import Index, Priced, indices, priced

ZERO = Decimal(0)
Amounts = dict[str, dict[int, tuple[Decimal, Decimal]]]
"""Period → item → quantity and amount."""
Maker = tuple[int, int]
"""Specification and company."""
GROUPS: Mapping[Split, Any] = {
    Split.GOODS: MonitoredItem.goods, Split.CLASS: MonitoredItem.class_code, Split.REGION: PurchaseMonth.region_code,
    Split.GRADE: PurchaseMonth.grade, Split.SOURCE: PurchaseMonth.source,
}  # fmt: skip


def as_of(session: Session, at: datetime) -> datetime:
    """Return up to which moment everything is in the sums."""
    return session.scalar(select(func.min(PurchaseFact.at))) or at


def where(asked: Asked, by: Split | None = None) -> list[ColumnElement[bool]]:
    """Return what chooses the rows: of each purchase the one whose region and grade are as coarse as asked."""
    region, grade = PurchaseMonth.region_code, PurchaseMonth.grade
    found: list[ColumnElement[bool]] = [PurchaseMonth.month >= asked.start, PurchaseMonth.month <= asked.last]
    if asked.region:
        found.append(region.startswith(prefix(asked.region), autoescape=True))
    else:
        found.append(region != "" if by is Split.REGION else region == "")
    if asked.grade:
        found.append(grade == asked.grade)
    else:
        found.append(grade != "" if by is Split.GRADE else grade == "")
    if asked.source:
        found.append(PurchaseMonth.source == asked.source)
    items: list[ColumnElement[bool]] = []
    if asked.goods is not None:
        items.append(MonitoredItem.goods == asked.goods)
    if asked.class_code:
        items.append(MonitoredItem.class_code == asked.class_code)
    if asked.company_id is not None:
        items.append(MonitoredItem.company_id == asked.company_id)
    return [*found, PurchaseMonth.item_id.in_(select(MonitoredItem.id).where(*items))] if items else found


def _totals() -> list[ColumnElement[Any]]:
    columns = (PurchaseMonth.quantity, PurchaseMonth.amount)
    return [func.sum(column, type_=column.type).label(column.key) for column in columns]


def amounts(session: Session, asked: Asked, by: Split | None = None) -> dict[str, Amounts]:
    """Return what was bought by group of the split (all under ''), period and item."""
    group = [GROUPS[by]] if by else []
    query = select(PurchaseMonth.month, PurchaseMonth.item_id, *_totals(), *group).where(*where(asked, by))
    if by in (Split.GOODS, Split.CLASS):
        query = query.join(MonitoredItem, MonitoredItem.id == PurchaseMonth.item_id)
    found: dict[str, Amounts] = defaultdict(lambda: {name: {} for name in asked.periods})
    for month, item, quantity, amount, *rest in session.execute(
        query.group_by(PurchaseMonth.month, PurchaseMonth.item_id, *group)
    ):
        period = found[rest[0] or "" if rest else ""][asked.period(month)]
        before = period.get(item, (ZERO, ZERO))
        period[item] = before[0] + quantity, before[1] + amount
    return found


def _baskets(held: Amounts) -> dict[str, dict[str, Priced]]:
    found: dict[str, dict[str, Priced]] = {}
    for period, items in held.items():
        worked = ((str(item), priced(*sums)) for item, sums in items.items())
        found[period] = {item: one for item, one in worked if one is not None}
    return found


def series(held: Amounts, asked: Asked) -> list[Index]:
    """Return the index of every period."""
    return indices(_baskets(held), base=asked.base_period, chained=asked.chained)


@dataclass(frozen=True, slots=True)
class Row:
    """A group of a split with its last index and what it cost in the last period."""

    key: str
    index: Index
    amount: Decimal


def rows(session: Session, asked: Asked, by: Split) -> list[Row]:
    """Return the last index of each group of a split, the dearest group first."""
    return ranked(amounts(session, asked, by), asked)


def ranked(groups: Mapping[str, Amounts], asked: Asked) -> list[Row]:
    """Return the last index of each group, the dearest group first."""
    found = []
    for key, held in groups.items():
        spent = sum((amount for _quantity, amount in held[asked.periods[-1]].values()), ZERO)
        found.append(Row(key, series(held, asked)[-1], spent))
    return sorted(found, key=lambda row: (-row.amount, row.key))


@dataclass(frozen=True, slots=True)
class Item:
    """A maker's specification with the widest class it stands in, '' where it stands in none."""

    id: int
    specification: Specification
    company: Organisation
    class_code: str

    @property
    def maker(self) -> Maker:
        """Return specification and company."""
        return self.specification.id, self.company.id


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item behind a figure, as it was priced in the two periods that are compared."""

    item: Item
    before: Priced | None
    after: Priced | None
    amount: Decimal

    @property
    def relative(self) -> Decimal | None:
        """Return the price relative p₁ / p₀; None where the item was not priced in both."""
        if self.before is None or self.after is None:
            return None
        return (self.after.price / self.before.price).quantize(Decimal("0.00001"))


def items(session: Session, asked: Asked) -> list[ItemRow]:
    """Return every item of the two periods that the last figure compares, the dearest first."""
    held = amounts(session, asked)[""]
    return compared(held, asked, of(session, ends(held, asked)))


def ends(held: Amounts, asked: Asked) -> set[int]:
    """Return the items of the two periods that the last figure compares."""
    return held[asked.compared[0]].keys() | held[asked.compared[1]].keys()


def compared(held: Amounts, asked: Asked, known: Mapping[int, Item]) -> list[ItemRow]:
    """Return known items as they were priced in the two periods that the last figure compares, the dearest first."""
    first, last = held[asked.compared[0]], held[asked.compared[1]]
    nothing = (ZERO, ZERO)
    found = [
        ItemRow(known[key], priced(*first.get(key, nothing)), priced(*last.get(key, nothing)),
                last.get(key, nothing)[1])
        for key in known
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.amount, row.item.id))


def of(session: Session, ids: Iterable[int]) -> dict[int, Item]:
    """Return items with their specifications and makers."""
    whole = joinedload(MonitoredItem.specification).joinedload(Specification.variety)
    query = select(MonitoredItem).where(among(MonitoredItem.id, ids))
    found = session.scalars(query.options(whole, joinedload(MonitoredItem.company)))
    return {one.id: Item(one.id, one.specification, one.company, one.class_code or "") for one in found}


def choices(session: Session, asked: Asked) -> dict[Split, list[str]]:
    """Return what pages let people choose: classes bought, cities and grades of hospitals, sources of the months."""
    city = func.substr(Organisation.region_code, 1, 4) + "00"
    buyers = Organisation.kind.in_(BUYERS)
    coarse = PurchaseMonth.region_code == "", PurchaseMonth.grade == ""
    queries = {
        Split.CLASS: select(MonitoredItem.class_code).where(MonitoredItem.class_code.is_not(None)),
        Split.REGION: select(city).where(buyers, Organisation.region_code.is_not(None)),
        Split.GRADE: select(Organisation.grade).where(buyers),
        Split.SOURCE: select(PurchaseMonth.source).where(
            *coarse, PurchaseMonth.month >= asked.start, PurchaseMonth.month <= asked.last
        ),
    }
    return {by: sorted(value or "" for value in session.scalars(query.distinct())) for by, query in queries.items()}
