"""What one buyer received itself, row by row: its own spending, indices and savings by the rules of all purchases.

The sums of months know no hospital. Who knows its purchases is the package to the left, which gives them through
`reads`; nobody else's are ever asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Specification
from catalogue.drugs.rules.codes import VarietyKind
from kernel.auth.actor import Actor
from kernel.parties.models import Organisation
from kernel.sets import among
from pricing.monitoring.flow import Ground, Split
from pricing.monitoring.models import MonitoredItem
from pricing.monitoring.queries.asked import Asked
from pricing.monitoring.queries.sums import ZERO, Amounts, Item, Maker
from pricing.monitoring.spending.rules import Spending, covered


@dataclass(frozen=True, slots=True)
class Kept:
    """What was received less returned of a maker's specification in a month, in units and yuan."""

    month: date
    maker: Maker
    goods: VarietyKind
    source: str
    quantity: Decimal
    amount: Decimal


Read = Callable[[Session, int, date, date], list[Kept]]
"""The purchases of a buyer (its organisation's id) that arrived from the first month to the last."""
_readers: list[Read] = []


def reads(read: Read) -> Read:
    """Register who knows the purchases of a buyer."""
    _readers[:] = [read]
    return read


@dataclass(frozen=True)
class Own:
    """A buyer's purchases of the months asked for, and in which class each maker's specification stands."""

    asked: Asked
    all: tuple[Kept, ...]
    classes: Mapping[Maker, str]

    @cached_property
    def makers(self) -> dict[int, Maker]:
        """Number the makers' specifications of all that was bought."""
        return dict(enumerate(sorted({one.maker for one in self.all})))

    @cached_property
    def rows(self) -> list[Kept]:
        """Return what is asked for of them."""
        asked = self.asked
        return [
            one
            for one in self.all
            if asked.goods in (None, one.goods)
            and asked.source in ("", one.source)
            and asked.class_code in ("", self.class_of(one))
        ]

    def class_of(self, one: Kept) -> str:
        """Return the widest class of what was bought, '' where it stands in none."""
        return self.classes.get(one.maker, "")

    def amounts(self, by: Split | None = None) -> dict[str, Amounts]:
        """Return what was bought by group of the split (all under ''), period and item."""
        numbers = {maker: number for number, maker in self.makers.items()}
        found: dict[str, Amounts] = defaultdict(lambda: {name: {} for name in self.asked.periods})
        if by is None:
            found[""] = {name: {} for name in self.asked.periods}
        for one in self.rows:
            period = found[self._group(one, by)][self.asked.period(one.month)]
            before = period.get(numbers[one.maker], (ZERO, ZERO))
            period[numbers[one.maker]] = before[0] + one.quantity, before[1] + one.amount
        return found

    def _group(self, one: Kept, by: Split | None) -> str:
        if by is Split.GOODS:
            return one.goods
        if by is Split.CLASS:
            return self.class_of(one)
        return one.source if by is Split.SOURCE else ""

    def spending(self) -> list[Spending]:
        """Return what was spent in each period; the rounds are one ground."""
        amounts: dict[str, dict[tuple[VarietyKind, Ground], Decimal]] = {
            name: defaultdict(lambda: ZERO) for name in self.asked.periods
        }
        items: dict[tuple[str, VarietyKind, Maker], Decimal] = defaultdict(lambda: ZERO)
        for one in self.rows:
            period = self.asked.period(one.month)
            amounts[period][one.goods, Ground(one.source.partition("/")[0])] += one.amount
            items[period, one.goods, one.maker] += one.amount
        held: dict[tuple[str, VarietyKind], list[tuple[Decimal, bool]]] = defaultdict(list)
        for (period, goods, maker), amount in items.items():
            held[period, goods].append((amount, bool(self.classes.get(maker))))
        parts = {key: covered(found) for key, found in held.items()}
        return [
            Spending(name, amounts[name], {goods: one for (period, goods), one in parts.items() if period == name})
            for name in self.asked.periods
        ]

    def by_class(self) -> list[tuple[str, Decimal, int]]:
        """Return what was spent in all periods together by class: its code, yuan, items; the dearest first."""
        found = {key: _totals(held) for key, held in self.amounts(Split.CLASS).items()}
        return sorted(((key, *one) for key, one in found.items()), key=lambda row: (-row[1], row[0]))

    def choices(self) -> dict[Split, list[str]]:
        """Return what pages let people choose: the classes and sources of what was bought in the months."""
        return {
            Split.CLASS: sorted({self.class_of(one) for one in self.all}),
            Split.SOURCE: sorted({one.source for one in self.all}),
        }


def _totals(held: Amounts) -> tuple[Decimal, int]:
    """Return yuan and items."""
    amount = sum((yuan for items in held.values() for _quantity, yuan in items.values()), ZERO)
    return amount, len({item for items in held.values() for item in items})


def bought(session: Session, actor: Actor, asked: Asked) -> Own:
    """Return the purchases of the actor's own organisation; of nobody where it is no buyer.

    Unless another base is named, the first period with purchases counts as 1: one buyer does not buy in every month.
    """
    found: list[Kept] = []
    if actor.buys and actor.organisation_id is not None:
        found = [one for read in _readers for one in read(session, actor.organisation_id, asked.start, asked.last)]
    if asked.base not in asked.periods and found:
        asked = replace(asked, base=asked.period(min(one.month for one in found)))
    return Own(asked, tuple(found), _classes(session, {one.maker for one in found}))


def _classes(session: Session, makers: set[Maker]) -> dict[Maker, str]:
    query = select(MonitoredItem.specification_id, MonitoredItem.company_id, MonitoredItem.class_code)
    query = query.where(among(MonitoredItem.specification_id, {specification for specification, _ in makers}))
    return {(one, other): code for one, other, code in session.execute(query) if code and (one, other) in makers}


def named(session: Session, bought: Own, numbers: Collection[int]) -> dict[int, Item]:
    """Return of numbered makers' specifications what they are called."""
    makers = {number: bought.makers[number] for number in numbers}
    query = select(Specification).options(joinedload(Specification.variety))
    query = query.where(among(Specification.id, {specification for specification, _ in makers.values()}))
    what = {one.id: one for one in session.scalars(query)}
    whose = select(Organisation).where(among(Organisation.id, {company for _, company in makers.values()}))
    who = {one.id: one for one in session.scalars(whose)}
    return {
        number: Item(number, what[maker[0]], who[maker[1]], bought.classes.get(maker, ""))
        for number, maker in makers.items()
    }
