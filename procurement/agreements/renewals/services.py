"""Renew a round's agreements for the next year of the award's period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict
from kernel.notices.services import notify
from kernel.sets import among
from procurement.agreements.models import Agreement
from procurement.agreements.opening import services as opening
from procurement.agreements.renewals.rules import AHEAD, following
from procurement.agreements.takeovers.rules import moved
from procurement.demand.models import LotSpecification
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.rounds.services.acts import locked
from procurement.tags import Tag

ONE = Decimal(1)


def renew(session: Session, *, round_id: int, actor: Actor, at: datetime) -> int:
    """Make the agreements of the next year; the volume is that of the year before, what was taken over included.

    Those that end within 90 days are due, each once; who passed its region on is not renewed, its successor is.
    Return how many were made.
    """
    round_ = locked(session, round_id, actor, at)
    due = _due(session, round_, today(at))
    before = _passed_on(session, [one.id for one in due])
    factors = _factors(session, round_)
    made = []
    for old in due:
        days = following(old.award.period, old.year, old.ends)
        if days is None or days.end is None:
            continue
        volume = old.agreed
        for other in before[old.id]:
            place = old.award.lot_id
            volume += moved(other.agreed, factors.get((place, other.specification_id), ONE),
                            factors.get((place, old.specification_id), ONE))  # fmt: skip
        made.append(Agreement(
            award_id=old.award_id, hospital_id=old.hospital_id, company_id=old.company_id, year=old.year + 1,
            specification_id=old.specification_id, product_id=old.product_id, starts=days.start, ends=days.end,
            price=old.award.price, agreed=volume, used=Decimal(0), renews_id=old.id,
        ))  # fmt: skip
    if not made:
        raise Conflict("renewal-nothing", code=round_.code)
    session.add_all(made)
    session.flush()
    opening.enter(session, made, {}, at=at)
    year = max(one.year for one in made)
    record(session, Tag.AGREEMENTS_RENEWED, round_, actor, at, {"count": len(made), "year": year})
    _tell(session, round_, made, year, at)
    return len(made)


def _tell(session: Session, round_: Round, made: Sequence[Agreement], year: int, at: datetime) -> None:
    told = sorted({one.hospital_id for one in made} | {one.company_id for one in made})
    facts = {"round": round_.code, "title": round_.title, "year": year}
    url = "/procurement/agreements"
    notify(session, code="agreements-renewed", facts=facts, organisations=told, url=url, at=at)


def _due(session: Session, round_: Round, day: date) -> Sequence[Agreement]:
    """Return the agreements that end soon, were not passed on, and have no next year yet."""
    renewed = select(Agreement.renews_id).where(Agreement.renews_id.is_not(None))
    query = (
        select(Agreement)
        .join(Award, Award.id == Agreement.award_id)
        .where(
            Award.round_id == round_.id, Agreement.ends <= day + AHEAD, Agreement.successor_id.is_(None),
            Agreement.id.not_in(renewed),
        )
        .options(joinedload(Agreement.award))
        .order_by(Agreement.id)
    )  # fmt: skip
    return session.scalars(query).all()


def _passed_on(session: Session, ids: Sequence[int]) -> dict[int, list[Agreement]]:
    """Return, by successor, the agreements that were taken over; what they agreed is what was bought of them."""
    found: dict[int, list[Agreement]] = defaultdict(list)
    for one in session.scalars(select(Agreement).where(among(Agreement.successor_id, ids))):
        found[one.successor_id or 0].append(one)
    return found


def _factors(session: Session, round_: Round) -> dict[tuple[int, int], Decimal]:
    query = select(LotSpecification.lot_id, LotSpecification.specification_id, LotSpecification.volume_factor)
    lots = select(Award.lot_id).where(Award.round_id == round_.id)
    rows = session.execute(query.where(LotSpecification.lot_id.in_(lots)))
    return {(lot, specification): factor for lot, specification, factor in rows}
