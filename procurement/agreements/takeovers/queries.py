"""Take-overs of a round, who is in line, and which agreements would move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.errors import NotFound
from kernel.parties.models import Organisation
from procurement.agreements.models import Agreement
from procurement.agreements.takeovers.flow import TakeoverState
from procurement.agreements.takeovers.models import Takeover
from procurement.demand.models import Lot
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, supply, takeover


@dataclass(frozen=True, slots=True)
class Place:
    """A lot's region with its supplier, how much is left there, and who follows, in order."""

    lot: Lot
    region_code: str
    company: Organisation
    hospitals: int
    left: Decimal
    line: list[Organisation]


def of_round(session: Session, round_id: int) -> Sequence[Takeover]:
    """Return a round's take-overs, the newest first."""
    query = select(Takeover).where(Takeover.round_id == round_id).options(
        joinedload(Takeover.lot).joinedload(Lot.variety), joinedload(Takeover.region),
        joinedload(Takeover.from_company), joinedload(Takeover.to_company),
    )  # fmt: skip
    return session.scalars(query.order_by(Takeover.id.desc())).all()


def held(session: Session, round_id: int, takeover_id: int) -> Takeover:
    """Return a take-over of a round with its row locked, read anew, or NotFound."""
    query = select(Takeover).where(Takeover.id == takeover_id, Takeover.round_id == round_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(takeover=takeover_id)
    return found


def open_one(session: Session, lot_id: int, region_code: str) -> Takeover | None:
    """Return the take-over of a lot's region that waits for its second person."""
    same = (Takeover.lot_id == lot_id) & (Takeover.region_code == region_code)
    query = select(Takeover).where(same, Takeover.state == TakeoverState.PROPOSED)
    return session.scalars(query.limit(1)).one_or_none()


def line(session: Session, round_: Round, *, lot_id: int, region_code: str, company_id: int) -> list[int]:
    """Return who takes over, in order: the backup, the other winners by rank; without a draft by price."""
    drafted = _drafted(session, round_).get((lot_id, region_code, company_id))
    return drafted if drafted is not None else _by_price(supply.award_rows(session, round_), lot_id, company_id)


def _drafted(session: Session, round_: Round) -> dict[tuple[int, str, int], list[int]]:
    """Return who follows by lot, region and main supplier, where regions were drafted."""
    evaluation = results.latest(session, round_)
    plans = takeover.plan(session, round_, evaluation) if evaluation else {}
    return {
        (lot, one.region, one.main.company_id): [each.company_id for each in one.line]
        for lot, rows in plans.items()
        for one in rows
    }


def _by_price(awards: Sequence[Award], lot_id: int, company_id: int) -> list[int]:
    found = sorted((one for one in awards if one.lot_id == lot_id), key=lambda one: (one.price, one.company_id))
    return list(dict.fromkeys(one.company_id for one in found if one.company_id != company_id))


def standing(
    session: Session, *, lot_id: int, region_code: str, company_id: int, day: date, lock: bool = False
) -> Sequence[Agreement]:
    """Return a company's agreements of a lot with a region's hospitals that are not over; locked by their ids."""
    query = (
        select(Agreement)
        .join(Award, Award.id == Agreement.award_id)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .where(
            Award.lot_id == lot_id, Agreement.company_id == company_id, Organisation.region_code == region_code,
            Agreement.ends > day, Agreement.successor_id.is_(None),
        )
        .order_by(Agreement.id)
    )  # fmt: skip
    if lock:
        query = query.with_for_update(of=Agreement)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def places(session: Session, round_: Round, day: date) -> list[Place]:
    """Return every region and lot of a round that somebody supplies now, with who follows."""
    left = func.sum(Agreement.agreed - Agreement.used, type_=Agreement.agreed.type)
    group = (Award.lot_id, Organisation.region_code, Agreement.company_id)
    query = (
        select(*group, func.count(Agreement.hospital_id.distinct()), left)
        .join(Award, Award.id == Agreement.award_id)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .where(Award.round_id == round_.id, Agreement.ends > day, Agreement.successor_id.is_(None))
        .group_by(*group)
        .order_by(*group)
    )
    rows = [(lot, region or "", company, count, rest) for lot, region, company, count, rest in session.execute(query)]
    lots = {one.id: one for one in session.scalars(select(Lot).where(Lot.id.in_({row[0] for row in rows})))}
    awards = supply.award_rows(session, round_)
    known = {award.company_id: award.company for award in awards}
    drafted = _drafted(session, round_)
    found = []
    for lot, region, company, count, rest in rows:
        others = drafted.get((lot, region, company))
        others = _by_price(awards, lot, company) if others is None else others
        line_ = [known[one] for one in others if one in known]
        found.append(Place(lots[lot], region, known[company], count, rest, line_))
    return found
