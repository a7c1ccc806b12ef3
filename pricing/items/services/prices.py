"""Set prices of items and end them, one or twenty thousand at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.db import insert_rows
from kernel.errors import Conflict, DomainError
from kernel.parties.models import Region
from kernel.sets import among
from pricing.items.flow import PriceSource
from pricing.items.models import ItemPrice, ServiceItem
from pricing.items.queries import prices
from pricing.items.rules.prices import Change, Fault, Key, NewPrice, Standing, change, faults
from pricing.tags import Tag


class PricesRefused(DomainError):
    """Some prices can't be set, so none was; `faults` holds (place in the rows, what is wrong)."""

    code = "service-prices-refused"

    def __init__(self, found: Sequence[tuple[int, Fault]]) -> None:
        self.faults = tuple(found)
        super().__init__(count=len(found), fields=sorted({fault.field for _place, fault in found}))


def set_prices(
    session: Session, rows: Sequence[NewPrice], *, starts_on: date, source: PriceSource, source_id: int | None,
    actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Set prices from 00:00 Beijing time of a day on, all or none; return how many differ from what stood.

    The running price of each key ends on that day. One that begins later or on that day is not overtaken, unless it
    has not begun yet and the new one takes its place.
    """
    last = prices.standing(session, rows) if rows else {}
    if found := list(_faults(session, rows, last, starts_on, today(at))):
        raise PricesRefused(found)
    by_change: dict[Change, list[NewPrice]] = defaultdict(list)
    for row in rows:
        by_change[change(row, last.get(row.key), starts_on=starts_on)].append(row)
    written = [row for act in (Change.CREATE, Change.FOLLOW, Change.REPLACE) for row in by_change[act]]
    if not written:
        return 0
    _cut(session, [last[row.key].id for row in by_change[Change.FOLLOW]], starts_on)
    _take_back(session, [last[row.key].id for row in by_change[Change.REPLACE]])
    _insert(session, written, starts_on, source, source_id, actor, at)
    facts = {"source": source, "source_id": source_id, "starts_on": starts_on, "rows": len(rows)}
    subject = session.get_one(ServiceItem, written[0].item_id)
    record(session, Tag.SERVICE_PRICES_SET, subject, actor, at, {**facts, "changed": len(written)})
    return len(written)


def end_prices(
    session: Session, *, price_ids: Collection[int], ends_on: date, reason: str, actor: Actor, at: datetime
) -> int:
    """End prices without others that follow: on `ends_on` they hold no longer, and what had not begun never will.

    Prices that end earlier stay as they are. Return how many changed.
    """
    longer = among(ItemPrice.id, price_ids), sa.or_(ItemPrice.ends_on.is_(None), ItemPrice.ends_on > ends_on)
    first = session.scalars(select(ItemPrice.item_id).where(*longer).order_by(ItemPrice.id).limit(1)).one_or_none()
    if first is None:
        return 0
    if ends_on < today(at):
        raise DomainError("service-price-ends-past", day=ends_on)
    done = _run(session, delete(ItemPrice).where(*longer, ItemPrice.starts_on >= ends_on))
    done += _run(session, update(ItemPrice).where(*longer).values(ends_on=ends_on))
    facts = {"ends_on": ends_on, "changed": done, "reason": reason}
    record(session, Tag.SERVICE_PRICES_ENDED, session.get_one(ServiceItem, first), actor, at, facts)
    return done


def _faults(
    session: Session, rows: Sequence[NewPrice], last: Mapping[Key, Standing], starts_on: date, day: date
) -> Iterator[tuple[int, Fault]]:
    items = set(session.scalars(select(ServiceItem.id).where(among(ServiceItem.id, {row.item_id for row in rows}))))
    regions = set(session.scalars(select(Region.code).where(Region.code.in_({row.region_code for row in rows}))))
    seen = set[Key]()
    for place, row in enumerate(rows):
        if row.item_id not in items:
            yield place, Fault("item_id", "service-no-item", {"item": row.item_id})
        if row.region_code not in regions:
            yield place, Fault("region_code", "service-no-region", {"region": row.region_code})
        if row.key in seen:
            yield place, Fault("item_id", "service-price-twice", {})
        seen.add(row.key)
        for fault in faults(row, last.get(row.key), starts_on=starts_on, today=day):
            yield place, fault


def _cut(session: Session, ids: Sequence[int], day: date) -> None:
    """End periods where others follow; where somebody ended one meanwhile, nothing is changed at all."""
    still = sa.or_(ItemPrice.ends_on.is_(None), ItemPrice.ends_on > day)
    if _run(session, update(ItemPrice).where(among(ItemPrice.id, ids), still).values(ends_on=day)) != len(ids):
        raise Conflict("changed-meanwhile")


def _take_back(session: Session, ids: Sequence[int]) -> None:
    """Take away periods that never began: their place is taken."""
    if _run(session, delete(ItemPrice).where(among(ItemPrice.id, ids))) != len(ids):
        raise Conflict("changed-meanwhile")


def _run(session: Session, statement: Any) -> int:
    """Change rows past the identity map; return how many."""
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()
    return int(done.rowcount)


def _insert(
    session: Session, rows: Sequence[NewPrice], starts_on: date, source: PriceSource, source_id: int | None,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    count = len(rows)
    names = ("item_id", "region_code", "grade", "hospital_id", "price")
    columns: dict[str, Sequence[Any]] = {
        **{name: [getattr(row, name) for row in rows] for name in names}, "starts_on": [starts_on] * count,
        "source": [source] * count, "source_id": [source_id] * count, "set_by_id": [actor.user_id] * count,
        "set_at": [at] * count,
    }  # fmt: skip
    insert_rows(session, ItemPrice.__table__, columns=columns)
