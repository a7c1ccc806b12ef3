"""Propose a take-over; a second person confirms it, and what is left moves, balanced in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.agreements.models import Agreement
from procurement.agreements.opening import services as opening
from procurement.agreements.takeovers import queries
from procurement.agreements.takeovers.flow import TAKEOVER_FLOW, TakeoverAction, TakeoverState
from procurement.agreements.takeovers.models import Takeover
from procurement.agreements.takeovers.rules import moved
from procurement.demand.models import LotSpecification
from procurement.rounds.models.awards import Award
from procurement.rounds.queries import rounds
from procurement.tags import Tag

ZERO = Decimal(0)
ONE = Decimal(1)


def propose(
    session: Session, *, round_id: int, lot_id: int, region_code: str, from_company_id: int, to_company_id: int,
    reason: str, actor: Actor, at: datetime,
) -> Takeover:  # fmt: skip
    """Propose that somebody in line takes a region of a lot over from a supplier that fails."""
    round_ = rounds.one(session, round_id, actor)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    where = {"lot_id": lot_id, "region_code": region_code, "company_id": from_company_id}
    failing = session.get_one(Organisation, from_company_id)
    if not queries.standing(session, day=today(at), **where):  # type: ignore[arg-type]  # by name
        raise Conflict("takeover-nothing-left", company=failing.name)
    if to_company_id not in queries.line(session, round_, **where):  # type: ignore[arg-type]  # by name
        taker = session.get(Organisation, to_company_id)
        raise Conflict("takeover-not-in-line", company=taker.name if taker else "")
    if queries.open_one(session, lot_id, region_code) is not None:
        raise Conflict("takeover-open-already")
    made = Takeover(
        round_id=round_.id, lot_id=lot_id, region_code=region_code, from_company_id=from_company_id,
        to_company_id=to_company_id, state=TakeoverState.PROPOSED, reason=reason.strip(), agreements=0, volume=ZERO,
        proposed_by_id=actor.user_id, proposed_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    facts = {"from": failing.name, "to": made.to_company.name, "region": region_code, "reason": made.reason}
    record(session, Tag.TAKEOVER_PROPOSED, made, actor, at, facts)
    return made


def drop(session: Session, *, round_id: int, takeover_id: int, note: str = "", actor: Actor, at: datetime) -> Takeover:
    """Give a proposed take-over up."""
    rounds.one(session, round_id, actor)
    found = queries.held(session, round_id, takeover_id)
    found.state = TAKEOVER_FLOW.after(found.state, TakeoverAction.DROP)
    found.decided_by_id, found.decided_at, found.note = actor.user_id, at, note.strip()
    record(session, Tag.TAKEOVER_DROPPED, found, actor, at, {"note": found.note})
    return found


def confirm(session: Session, *, round_id: int, takeover_id: int, actor: Actor, at: datetime) -> Takeover:
    """Let what is left move, from today on: only somebody else than who proposed it.

    The supplier's agreements end today; what was ordered of them stays theirs. Every hospital gets an agreement with
    the next in line over the rest, at the next one's price, or more volume in the one it has.
    """
    rounds.one(session, round_id, actor)
    found = queries.held(session, round_id, takeover_id)
    state = TAKEOVER_FLOW.after(found.state, TakeoverAction.CONFIRM)
    must_be_another(actor, found.proposed_by_id)
    day = today(at)
    failing = queries.standing(
        session, lot_id=found.lot_id, region_code=found.region_code, company_id=found.from_company_id, day=day,
        lock=True,
    )  # fmt: skip
    if not failing:
        raise Conflict("takeover-nothing-left", company=found.from_company.name)
    awards, factors = _awards(session, found), _factors(session, found.lot_id)
    volume = sum((_move(session, one, awards, factors, day, at) for one in failing), ZERO)
    found.state, found.decided_by_id, found.decided_at, found.starts = state, actor.user_id, at, day
    found.agreements, found.volume = len(failing), volume
    facts = {"from": found.from_company.name, "to": found.to_company.name, "region": found.region_code,
             "agreements": found.agreements, "volume": volume, "starts": day.isoformat()}  # fmt: skip
    record(session, Tag.TAKEOVER_CONFIRMED, found, actor, at, facts)
    _tell(session, found, {one.hospital_id for one in failing}, at)
    return found


def _awards(session: Session, found: Takeover) -> Mapping[int, Award]:
    """Return the taker's awards of the lot by specification."""
    query = select(Award).where(
        Award.round_id == found.round_id, Award.lot_id == found.lot_id, Award.company_id == found.to_company_id
    )
    return {one.specification_id: one for one in session.scalars(query.order_by(Award.price, Award.id))}


def _factors(session: Session, lot_id: int) -> dict[int, Decimal]:
    query = select(LotSpecification.specification_id, LotSpecification.volume_factor)
    return dict(session.execute(query.where(LotSpecification.lot_id == lot_id)).all())


def _move(
    session: Session, old: Agreement, awards: Mapping[int, Award], factors: Mapping[int, Decimal], day: date,
    at: datetime,
) -> Decimal:  # fmt: skip
    """End an agreement and give the rest to the taker's; return the rest in the old agreement's units."""
    award = awards.get(old.specification_id) or next(iter(awards.values()))
    rest = old.agreed - old.used
    specification = award.specification_id
    taken = moved(rest, factors.get(old.specification_id, ONE), factors.get(specification, ONE))
    starts, ends = max(day, old.starts), old.ends
    new = _successor(session, old, award, starts, ends)
    old.agreed, old.ends, old.successor_id = old.used, starts, new.id
    new.agreed += taken
    session.flush()
    ledger.post(session, [opening.posting(old, Move.RELEASE, rest)], at=at)
    moves = (Move.REPORT, Move.AGREE, Move.ALLOCATE)
    ledger.post(session, [opening.posting(new, move, taken) for move in moves], at=at)
    return rest


def _successor(session: Session, old: Agreement, award: Award, starts: date, ends: date) -> Agreement:
    """Return the hospital's agreement with the taker for that year, made where there is none."""
    same = (
        (Agreement.award_id == award.id) & (Agreement.hospital_id == old.hospital_id) & (Agreement.year == old.year)
        & (Agreement.specification_id == award.specification_id)
    )  # fmt: skip
    found = session.scalars(select(Agreement).where(same).with_for_update()).one_or_none()
    if found is None:
        found = Agreement(
            award_id=award.id, hospital_id=old.hospital_id, company_id=award.company_id, year=old.year, starts=starts,
            specification_id=award.specification_id, product_id=award.product_id, ends=ends, price=award.price,
            agreed=ZERO, used=ZERO,
        )  # fmt: skip
        session.add(found)
        session.flush()  # the old one names it
    return found


def _tell(session: Session, found: Takeover, hospitals: set[int], at: datetime) -> None:
    facts = {"from": found.from_company.name, "to": found.to_company.name, "region": found.region.name,
             "variety": found.lot.variety.name}  # fmt: skip
    told = sorted(hospitals | {found.from_company_id, found.to_company_id})
    notify(session, code="takeover-done", facts=facts, organisations=told, url="/procurement/agreements", at=at)
