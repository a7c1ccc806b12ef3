"""Shortages as their parties may see them: the hospital, the producer, and those who run or oversee the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product, Specification, Variety
from catalogue.editions.queries import matching
from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from kernel.parties.regions import prefix
from procurement.agreements.models import Agreement
from procurement.agreements.takeovers import queries as takeovers
from procurement.orders.flow import OrderKind
from procurement.orders.services.sources import sources
from procurement.rounds.models.awards import Award
from procurement.rounds.queries import rounds
from procurement.supply.shortages.flow import OPEN, Kin, Reply, ShortageState, TakeOverState
from procurement.supply.shortages.models import Shortage, TakeOver

MOST = 50
"""Substitutes looked at."""
KINDS = (OrderKind.AGREEMENT, OrderKind.NEGOTIATED, OrderKind.LISTED, OrderKind.SHORTAGE, OrderKind.FILED)
_WHOLE = (
    joinedload(Shortage.hospital), joinedload(Shortage.company), joinedload(Shortage.region),
    joinedload(Shortage.product).joinedload(Product.specification).joinedload(Specification.variety),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Substitute:
    """A product that may stand in: how close it is, by what right the hospital may buy it, and what is left of it.

    `price` in yuan per unit, `left` agreed units that nobody has ordered; both None where it may not be bought.
    """

    product: Product
    kin: Kin
    kind: OrderKind | None = None
    price: Decimal | None = None
    left: Decimal | None = None


def visible(actor: Actor) -> Select[Shortage]:
    """Return the shortages the actor may see."""
    query = select(Shortage)
    if scopes.sees_all(actor):
        return query
    if actor.buys:
        return query.where(Shortage.hospital_id == actor.organisation_id)
    if actor.organisation_kind is OrganisationKind.COMPANY:
        return query.where(Shortage.company_id == actor.organisation_id)
    return query.where(false())


def one(session: Session, shortage_id: int, actor: Actor) -> Shortage:
    """Return a shortage with what it is about, or NotFound."""
    found = session.scalars(visible(actor).where(Shortage.id == shortage_id).options(*_WHOLE)).one_or_none()
    if found is None:
        raise NotFound(shortage=shortage_id)
    return found


def held(session: Session, shortage_id: int, actor: Actor) -> Shortage:
    """Return a shortage with its row locked, read anew, or NotFound."""
    query = visible(actor).where(Shortage.id == shortage_id).with_for_update(of=Shortage)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(shortage=shortage_id)
    return found


def open_of(session: Session, hospital_id: int, product_id: int) -> Shortage | None:
    """Return a hospital's open shortage of a product."""
    query = select(Shortage).where(
        Shortage.hospital_id == hospital_id, Shortage.product_id == product_id, Shortage.closed_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def in_state(state: ShortageState, at: datetime) -> ColumnElement[bool]:
    """Say in SQL what flow.settled says."""
    waiting = Shortage.state == ShortageState.REPORTED
    if state is ShortageState.REPORTED:
        return and_(waiting, Shortage.due_at > at)
    if state is ShortageState.SILENT:
        return or_(Shortage.state == ShortageState.SILENT, and_(waiting, Shortage.due_at <= at))
    return Shortage.state == state


def asked(parts: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address."""
    state = parts.get("state", "")
    return {
        "text": parts.get("q", "").strip()[:80], "region_code": parts.get("region", "").strip()[:12], "at": at,
        "state": ShortageState(state) if state in set(ShortageState) else None, "every": state == "all",
        "sort": parts.get("sort", ""),
    }  # fmt: skip


def listing(
    actor: Actor, *, at: datetime, text: str = "", region_code: str = "", state: ShortageState | None = None,
    every: bool = False, sort: str = "",
) -> Select[Shortage]:  # fmt: skip
    """Return the query of the list: what is open where nothing else is asked, the nearest hour first."""
    query = visible(actor).join(Shortage.product).join(Shortage.hospital).options(*_WHOLE)
    if text:
        columns = (Product.registered_name, Organisation.name, Product.approval_number)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    if region_code:
        stem = prefix(region_code)
        query = query.where(Shortage.region_code.startswith(stem, autoescape=True))
    if state is not None:
        query = query.where(in_state(state, at))
    elif not every:
        query = query.where(Shortage.state.in_(OPEN))
    order: Any = {"days": Shortage.stock / Shortage.daily, "reported": Shortage.reported_at}.get(sort.lstrip("-"))
    if order is not None:
        return query.order_by(order.desc() if sort.startswith("-") else order, Shortage.id)
    return query.order_by(Shortage.closed_at.is_not(None), Shortage.due_at.desc(), Shortage.id.desc())


def counts(session: Session, actor: Actor, at: datetime) -> dict[ShortageState, int]:
    """Count what the actor sees by state."""
    query = visible(actor).with_only_columns(Shortage.state, (Shortage.due_at <= at).label("late"), func.count())
    found = dict.fromkeys(ShortageState, 0)
    for state, late, count in session.execute(query.group_by(Shortage.state, "late")):
        found[ShortageState.SILENT if state is ShortageState.REPORTED and late else state] += count
    return found


def _waiting(actor: Actor) -> Select[Shortage]:
    return visible(actor).where(Shortage.state.in_((ShortageState.REPORTED, ShortageState.SILENT)))


def waiting(session: Session, actor: Actor, most: int) -> Sequence[Shortage]:
    """Return the first shortages that wait for the actor's company's first answer, the nearest hour first."""
    query = _waiting(actor).options(*_WHOLE).order_by(Shortage.due_at, Shortage.id)
    return session.scalars(query.limit(most)).all()


def waiting_count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the shortages that wait for the actor's company's first answer, and say whether the hour of one is over."""
    query = _waiting(actor).with_only_columns(func.count(), func.min(Shortage.due_at))
    count, first = session.execute(query).one()
    return count, first is not None and first <= at


def take_over_of(session: Session, shortage_id: int) -> TakeOver | None:
    """Return the take-over that was asked for, None where nobody did."""
    query = select(TakeOver).where(TakeOver.shortage_id == shortage_id)
    known = joinedload(TakeOver.asked_by), joinedload(TakeOver.backup), joinedload(TakeOver.moving)
    return session.scalars(query.options(*known)).one_or_none()


def awarded(session: Session, shortage: Shortage, day: date) -> Award | None:
    """Return the award behind the hospital's agreement on the product that still runs, None without one."""
    query = (
        select(Award)
        .join(Agreement, Agreement.award_id == Award.id)
        .where(
            Agreement.hospital_id == shortage.hospital_id, Agreement.company_id == shortage.company_id,
            Agreement.product_id == shortage.product_id, Agreement.starts <= day, Agreement.ends > day,
            Agreement.successor_id.is_(None),
        )
        .order_by(Agreement.id)
        .limit(1)
    )  # fmt: skip
    return session.scalars(query).one_or_none()


def in_line(
    session: Session, shortage: Shortage, actor: Actor, at: datetime
) -> tuple[Award | None, list[Organisation]]:
    """Return the award behind the hospital's agreement and who is in line to take the region over, in that order."""
    award = awarded(session, shortage, today(at))
    if award is None:
        return None, []
    round_ = rounds.one(session, award.round_id, actor)
    ids = takeovers.line(
        session, round_, lot_id=award.lot_id, region_code=shortage.region_code, company_id=shortage.company_id
    )
    known = {one.id: one for one in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    return award, [known[each] for each in ids]


def take_overs(session: Session, actor: Actor) -> Sequence[TakeOver]:
    """Return the take-overs that the agency has to decide, oldest first."""
    ids = visible(actor).with_only_columns(Shortage.id)
    query = select(TakeOver).where(TakeOver.state == TakeOverState.ASKED, TakeOver.shortage_id.in_(ids))
    return session.scalars(query.options(joinedload(TakeOver.shortage).options(*_WHOLE)).order_by(TakeOver.id)).all()


def unsupplied(shortage: Shortage, at: datetime) -> bool:
    """Say whether the producer said that it can't supply all, or said nothing in time."""
    state = shortage.state_at(at)
    said = state is ShortageState.ANSWERED and shortage.reply is not Reply.ALL
    return said or state is ShortageState.SILENT


def substitutes(session: Session, shortage: Shortage, at: datetime) -> list[Substitute]:
    """Return what may stand in: the same generic name, then the same class; what the hospital may buy goes first."""
    near, day = _near(session, shortage, today(at)), today(at)
    products = {one.id: one for one in _products(session, list(near))}
    found = {key: Substitute(product, near[key]) for key, product in products.items()}
    for kind in KINDS:
        rest = {key: one.product for key, one in found.items() if one.kind is None}
        if not rest:
            break
        given, _missing = sources(
            session, kind=kind, hospital_id=shortage.hospital_id, region_code=shortage.region_code, products=rest,
            day=day,
        )  # fmt: skip
        for key, source in given.items():
            left = source.left if source.agreements else None
            found[key] = Substitute(products[key], near[key], kind, source.price, left)
    nearest = list(Kin)
    return sorted(
        found.values(),
        key=lambda one: (
            one.kind is None,
            nearest.index(one.kin),
            not one.left,
            one.price or Decimal(0),
            one.product.id,
        ),
    )


def _near(session: Session, shortage: Shortage, day: date) -> dict[int, Kin]:
    variety = shortage.product.specification.variety
    same = (
        select(Product.id)
        .join(Product.specification)
        .join(Specification.variety)
        .where(Variety.generic_name_id == variety.generic_name_id, Product.active, Product.id != shortage.product_id)
    )
    found = dict.fromkeys(session.scalars(same.order_by(Product.id).limit(MOST)), Kin.SAME_GENERIC)
    for key in matching.same_class(session, shortage.product_id, day)[: MOST - len(found)]:
        found.setdefault(key, Kin.SAME_CLASS)
    return found


def _products(session: Session, ids: Sequence[int]) -> Sequence[Product]:
    query = select(Product).where(Product.id.in_(ids), Product.active)
    return session.scalars(query.options(joinedload(Product.specification).joinedload(Specification.variety))).all()
