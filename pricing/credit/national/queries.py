"""Serious ratings of all provinces on a day, and the products that those of other provinces bar here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import NotFound
from kernel.identity import record_id
from kernel.parties.models import Region
from kernel.sets import among
from pricing.credit.flow import Matter
from pricing.credit.national.models import NationalEnd, NationalProduct, NationalRating
from pricing.credit.national.rules import PLAIN, Key, Known
from pricing.credit.ratings.flow import BARS, Level, MeasureKind, number
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries.ratings import end_of, governs, register
from pricing.credit.ratings.rules import RULE_SETS, benchmark, measures_of


def _levels(kinds: Collection[MeasureKind]) -> frozenset[tuple[str, Level]]:
    """Return the levels, by version, that do one of these things."""
    return frozenset(
        (version, Level(level))
        for version in RULE_SETS.ids()
        for level in benchmark(version)["measures"]
        if set(measures_of(version, Level(level))) & set(kinds)
    )


SERIOUS = _levels(BARS)
"""What is aggregated nationally: the levels that close trading (credit.md, "Procedure": from serious upward)."""
EVERYWHERE = _levels((MeasureKind.PRODUCTS_EVERYWHERE,))
"""The levels of which the products involved are suspended in every province."""


def _of(levels: Collection[tuple[str, Level]], model: Any) -> ColumnElement[bool]:
    return or_(*(and_(model.benchmark == version, model.level == level) for version, level in sorted(levels)))


def _last(known: Callable[[Any], ColumnElement[bool]]) -> ScalarSelect[int]:
    """Return the id of the last end of a rating among those that a condition lets be known."""
    one = aliased(NationalEnd)
    return select(func.max(one.id)).where(one.rating_id == NationalRating.id, known(one)).scalar_subquery()


def _runs(day: date) -> ColumnElement[bool]:
    return or_(NationalEnd.ends_on.is_(None), NationalEnd.ends_on > day)


class Entry(NamedTuple):
    """Where a rating stands in the list of a day: the latest published first."""

    order: int
    region_code: str
    number: str
    id: int
    own: bool
    ends_on: date | None


def theirs(on: date, text: str = "") -> Select[Any]:
    """Return other provinces' ratings in force at the end of a day, each with its end, as they were told by then."""
    end, one = end_of(on), NationalRating
    query: Any = (
        select(one.published_on, one.region_code, one.number, one.id, NationalEnd.ends_on)
        .join(NationalEnd, NationalEnd.id == _last(lambda told: told.told_at < end))
        .where(one.starts_on <= on, _runs(on))
    )
    if text:
        held = (one.company, one.code, one.number)
        query = query.where(or_(*(each.contains(text, autoescape=True) for each in held)))
    found: Select[Any] = query
    return found


def entries(session: Session, on: date, text: str = "") -> list[Entry]:
    """Return where the serious ratings of a day stand, ours and the other provinces', without what they say."""
    one = CreditRating
    listed = register(on, text=text).where(_of(SERIOUS, one))
    ours = listed.with_only_columns(one.published_at, one.region_code, one.proposed_at, one.id)
    found = [
        Entry(-today(published_at).toordinal(), region_code, number(key, proposed_at), key, True, None)
        for published_at, region_code, proposed_at, key in session.execute(ours)
        if published_at is not None
    ]
    found += [
        Entry(-day.toordinal(), region_code, name, key, False, ends_on)
        for day, region_code, name, key, ends_on in session.execute(theirs(on, text))
    ]
    return sorted(found)


def shown(session: Session, wanted: Sequence[Entry]) -> list[Known]:
    """Return what ratings say, in their order."""
    ours = select(CreditRating).where(among(CreditRating.id, [one.id for one in wanted if one.own]))
    others = select(NationalRating).where(among(NationalRating.id, [one.id for one in wanted if not one.own]))
    own = {one.id: one for one in session.scalars(ours)}
    known = {one.id: one for one in session.scalars(others.options(selectinload(NationalRating.products)))}
    return [_ours(own[one.id]) if one.own else _theirs(known[one.id], one.ends_on) for one in wanted]


def national(session: Session, on: date, text: str = "") -> list[Known]:
    """Return the serious ratings of a day, ours and the other provinces', the latest published first."""
    return shown(session, entries(session, on, text))


def _ours(one: CreditRating) -> Known:
    held = one.record or {}
    plain = {name: held[name] for name in ("number", "region_code", "region", "company", "code", "benchmark")}
    return Known(
        **plain, matter=Matter(held["matter"]), level=Level(held["level"]), ground=held["ground"], own=True,
        document=held["document"], published_on=date.fromisoformat(held["published_on"]),
        ends_on=None if held["lapses_on"] == str(None) else date.fromisoformat(held["lapses_on"]),
        starts_on=date.fromisoformat(held["starts_on"]),
        products=tuple(sorted({product[0] for product in held["products"]})),
    )  # fmt: skip


def _theirs(one: NationalRating, ends_on: date | None) -> Known:
    plain = {name: getattr(one, name) for name in PLAIN if name != "ends_on"}
    numbers = tuple(sorted(each.approval_number for each in one.products))  # databases sort texts each its own way
    return Known(**plain, ends_on=ends_on, region=one.region_name, products=numbers, own=False)


def known(session: Session, numbers: Collection[str]) -> Mapping[Key, Known]:
    """Return the ratings of these numbers, whenever they were in force."""
    wanted = set(numbers)
    ids = [key for one in wanted if (key := record_id(one.rpartition("-")[2]))]  # a number of ours ends in the id
    ours = select(CreditRating).where(CreditRating.published_at.is_not(None), among(CreditRating.id, sorted(ids)))
    found = [_ours(one) for one in session.scalars(ours) if one.number in wanted]
    theirs_ = select(NationalRating).where(among(NationalRating.number, sorted(wanted)))
    query = theirs_.options(selectinload(NationalRating.products))
    return {one.key: one for one in [*found, *(_theirs(each, each.ends_on) for each in session.scalars(query))]}


def rows(session: Session, keys: Collection[Key]) -> Mapping[Key, NationalRating]:
    """Return other provinces' ratings as they are once nobody else changes them."""
    query = select(NationalRating).where(among(NationalRating.number, sorted({number for _region, number in keys})))
    query = query.order_by(NationalRating.id).with_for_update().execution_options(populate_existing=True)
    return {(one.region_code, one.number): one for one in session.scalars(query)}


def barring(session: Session, ids: Sequence[int], day: date) -> Sequence[Any]:
    """Return the products of companies that other provinces' ratings bar in every province on a day, once confirmed."""
    one = NationalRating
    query = (
        select(
            Product.id, Product.company_id, one.number, one.matter, one.level, one.starts_on, NationalEnd.ends_on,
            Region.name.label("region"),
        )
        .join(NationalProduct, NationalProduct.approval_number == Product.approval_number)
        .join(one, one.id == NationalProduct.rating_id)
        .join(NationalEnd, NationalEnd.id == _last(lambda end: end.confirmed_at.is_not(None)))
        .join(Region, Region.code == one.region_code)
        .where(among(Product.company_id, ids), one.starts_on <= day, _runs(day), _of(EVERYWHERE, one))
    )  # fmt: skip
    return session.execute(query.order_by(one.id)).all()


def _unconfirmed() -> Select[NationalEnd]:
    """Return what was told last of ratings that hold everywhere, and that nobody confirmed."""
    query = select(NationalEnd).join(NationalRating, NationalRating.id == NationalEnd.rating_id)
    last = NationalEnd.id == _last(lambda _one: true())
    return query.where(_of(EVERYWHERE, NationalRating), last, NationalEnd.confirmed_at.is_(None))


def unconfirmed(session: Session, actor: Actor) -> Sequence[NationalEnd]:
    """Return what waits for a second person, the oldest first; only officers see it."""
    if not actor.runs_platform:
        return []
    held = joinedload(NationalEnd.rating)
    options = (joinedload(NationalEnd.told_by), held.joinedload(NationalRating.region),
               held.selectinload(NationalRating.products), held.selectinload(NationalRating.ends))  # fmt: skip
    return session.scalars(_unconfirmed().options(*options).order_by(NationalEnd.id).limit(200)).all()


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count, for the side bar, what waits for a second person of the actor's office."""
    if not actor.runs_platform or not governs(actor, None):
        return 0, False
    return session.scalar(select(func.count()).select_from(_unconfirmed().subquery())) or 0, False


def locked(session: Session, end_id: int) -> tuple[NationalEnd, bool]:
    """Return an end as it is once nobody else tells another, and whether it is the last one told."""
    found = session.get(NationalEnd, end_id)
    if found is None:
        raise NotFound(end=end_id)
    session.scalars(select(NationalRating.id).where(NationalRating.id == found.rating_id).with_for_update()).one()
    session.refresh(found)
    last = session.scalar(select(func.max(NationalEnd.id)).where(NationalEnd.rating_id == found.rating_id))
    return found, last == end_id
