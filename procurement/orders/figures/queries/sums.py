"""Sums of months as the actor may see them: a hospital its own, a supplier its own, who runs the platform all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.parties.codes import BUYERS, OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from kernel.parties.regions import prefix
from kernel.periods import Period, midnight, month_of
from kernel.sets import among
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import OfflinePurchase, TradeMonth
from procurement.orders.figures.rules import AMOUNTS, COUNTS, Offline, Waiting, period
from procurement.orders.flow import OrderKind, OrderState
from procurement.orders.models.orders import Order
from procurement.orders.queries import orders
from procurement.orders.rules import ZERO

NAMES = (*COUNTS, *AMOUNTS)
PARTY = {
    Level.HOSPITAL: TradeMonth.hospital_id,
    Level.COMPANY: TradeMonth.company_id,
    Level.DELIVERER: TradeMonth.deliverer_id,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page shows: a period as it is written and as days, a kind of order or all, a region or all."""

    text: str
    span: Period
    kind: OrderKind | None = None
    region: str = ""


def asked(parts: Mapping[str, str], at: datetime) -> Asked:
    """Read the parts of an address; without a period the present month."""
    text = parts.get("period", "") or f"{today(at):%Y-%m}"
    kind = parts.get("kind", "")
    known = OrderKind(kind) if kind in set(OrderKind) else None
    return Asked(text, period(text), known, parts.get("region", "")[:6])


def own_level(actor: Actor) -> Level:
    """Return whose sums are the actor's own; those of all hospitals together are everybody's."""
    if actor.organisation_kind is OrganisationKind.DISTRIBUTOR:
        return Level.DELIVERER
    return Level.COMPANY if actor.organisation_kind is OrganisationKind.COMPANY else Level.HOSPITAL


def parties_of(actor: Actor, asked: Asked) -> tuple[Level, ...]:
    """Return by whom the actor may split his sums."""
    if actor.runs_platform:
        return (Level.HOSPITAL, Level.COMPANY) if asked.region else (Level.HOSPITAL, Level.COMPANY, Level.DELIVERER)
    split = {Level.HOSPITAL: (Level.COMPANY,), Level.COMPANY: (Level.HOSPITAL,)}
    return split.get(own_level(actor), ())


def _level(actor: Actor, asked: Asked, by: Level | None) -> Level:
    if by is None or (actor.runs_platform and (by is not Level.COMPANY or not asked.region)):
        return by or own_level(actor)
    return Level.PLACE if actor.runs_platform else Level.PAIR


def _of_region(column: ColumnElement[Any] | Any, region: str) -> list[ColumnElement[bool]]:
    if not region:
        return []
    within = select(Organisation.id).where(Organisation.region_code.startswith(prefix(region), autoescape=True))
    return [column.in_(within)]


def _where(actor: Actor, asked: Asked, by: Level | None = None) -> list[ColumnElement[bool]]:
    level = _level(actor, asked, by)
    found: list[ColumnElement[bool]] = [TradeMonth.level == level, TradeMonth.month >= asked.span.start]
    if asked.span.end:
        found.append(TradeMonth.month < asked.span.end)
    if asked.kind is not None:
        found.append(TradeMonth.kind == asked.kind)
    if not actor.runs_platform:
        found.append(PARTY[own_level(actor)] == actor.organisation_id)
    if level is Level.PLACE:
        return [*found, TradeMonth.region_code.startswith(prefix(asked.region), autoescape=True)]
    return found + _of_region(TradeMonth.hospital_id, asked.region)


def _sums() -> list[ColumnElement[Any]]:
    columns = (getattr(TradeMonth, name) for name in NAMES)
    return [func.sum(column, type_=column.type).label(column.key) for column in columns]


def _plain(row: Any) -> dict[str, Decimal]:
    return {name: Decimal(getattr(row, name) or ZERO) for name in NAMES}


def totals(session: Session, actor: Actor, asked: Asked) -> dict[str, Decimal]:
    """Return the sums of the period."""
    return _plain(session.execute(select(*_sums()).where(*_where(actor, asked))).one())


def by_month(session: Session, actor: Actor, asked: Asked, count: int = 12) -> dict[date, dict[str, Decimal]]:
    """Return the sums of so many months, the last that of the period's end."""
    assert asked.span.end is not None  # what is asked for ends
    wider = replace(asked, span=Period(month_of(asked.span.end, -count), asked.span.end))
    query = select(TradeMonth.month, *_sums()).where(*_where(actor, wider)).group_by(TradeMonth.month)
    return {row.month: _plain(row) for row in session.execute(query.order_by(TradeMonth.month))}


def by_party(session: Session, actor: Actor, asked: Asked, by: Level) -> dict[int, dict[str, Decimal]]:
    """Return the sums of the period by hospital, company or deliverer."""
    column = PARTY[by]
    query = select(column.label("party"), *_sums()).where(*_where(actor, asked, by)).group_by(column)
    return {row.party: _plain(row) for row in session.execute(query)}


def by_region(session: Session, actor: Actor, asked: Asked) -> dict[str, dict[str, Decimal]]:
    """Return the sums of the period by the hospitals' region."""
    query = (
        select(Organisation.region_code, *_sums())
        .join(Organisation, Organisation.id == TradeMonth.hospital_id)
        .where(*_where(actor, asked, Level.HOSPITAL))
        .group_by(Organisation.region_code)
    )
    return {row.region_code: _plain(row) for row in session.execute(query) if row.region_code}


def waiting(
    session: Session, actor: Actor, asked: Asked, at: datetime, by: Level | None = None
) -> dict[int | None, Waiting]:
    """Count the orders whose hour has not come, by party or (None) together: they count neither for nor against."""
    columns = [getattr(Order, f"{by}_id")] if by else []
    fresh = Order.placed_at > at - timedelta(hours=24)
    placed = Order.state == OrderState.PLACED
    chosen = [func.count().filter(placed), func.count().filter(placed, fresh), func.count().filter(~placed)]
    query: Select[Any] = orders.visible(actor).with_only_columns(*columns, *chosen)
    query = query.where(
        Order.state.in_((OrderState.PLACED, OrderState.CONFIRMED, OrderState.SHIPPED)), Order.due_at > at,
        *_placed_in(asked), *_of_region(Order.hospital_id, asked.region),
    )  # fmt: skip
    if by:
        query = query.group_by(*columns)
    return {(row[0] if by else None): Waiting(*row[-3:]) for row in session.execute(query)}


def _placed_in(asked: Asked) -> list[ColumnElement[bool]]:
    days = (asked.span.start, asked.span.end or asked.span.start)
    begins, ends = (midnight(day) for day in days)
    found: list[ColumnElement[bool]] = [Order.placed_at >= begins, Order.placed_at < ends]
    return [*found, Order.kind == asked.kind] if asked.kind is not None else found


def _offline_where(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [OfflinePurchase.month >= asked.span.start]
    if asked.span.end:
        found.append(OfflinePurchase.month < asked.span.end)
    if not actor.runs_platform:
        found.append(OfflinePurchase.hospital_id == actor.organisation_id)
    return found + _of_region(OfflinePurchase.hospital_id, asked.region)


def offline(session: Session, actor: Actor, asked: Asked) -> dict[int, Offline]:
    """Return what was bought beside the platform, by the hospitals that reported it."""
    amount = OfflinePurchase.amount
    query = (
        select(OfflinePurchase.hospital_id, OfflinePurchase.goods, func.sum(amount, type_=amount.type))
        .where(*_offline_where(actor, asked))
        .group_by(OfflinePurchase.hospital_id, OfflinePurchase.goods)
    )
    found: dict[int, Offline] = {}
    for hospital, goods, total in session.execute(query):
        name = "consumables" if goods is VarietyKind.CONSUMABLE else "drugs"
        found[hospital] = replace(found.get(hospital, Offline()), **{name: total})
    return found


@dataclass(frozen=True, slots=True)
class Reported:
    """How many hospitals a figure rests on: with orders, with reports of other purchases, of all there are."""

    trading: int
    offline: int
    all: int


def reported(session: Session, actor: Actor, asked: Asked) -> Reported:
    """Count the hospitals behind the figures; of all active ones for those who run the platform."""
    by = None if own_level(actor) is Level.HOSPITAL else Level.HOSPITAL
    if own_level(actor) is Level.DELIVERER:
        return Reported(0, 0, 0)
    trading = session.scalar(select(func.count(distinct(TradeMonth.hospital_id))).where(*_where(actor, asked, by))) or 0
    beside = select(func.count(distinct(OfflinePurchase.hospital_id))).where(*_offline_where(actor, asked))
    known = select(func.count(Organisation.id)).where(
        Organisation.kind.in_(BUYERS), Organisation.state == OrganisationState.ACTIVE,
        *_of_region(Organisation.id, asked.region),
    )  # fmt: skip
    everyone = session.scalar(known) if actor.runs_platform else 0
    return Reported(trading, session.scalar(beside) or 0, everyone or trading)


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the names of organisations."""
    query = select(Organisation).where(among(Organisation.id, ids))
    return {one.id: one.shown_name for one in session.scalars(query)}


def offline_of(session: Session, hospital_id: int) -> dict[tuple[date, VarietyKind, str], tuple[Decimal, str]]:
    """Return what a hospital reported, by month, goods and the code of the variety: amount and reason."""
    query = select(OfflinePurchase).where(OfflinePurchase.hospital_id == hospital_id)
    return {(one.month, one.goods, one.variety): (one.amount, one.reason) for one in session.scalars(query)}
