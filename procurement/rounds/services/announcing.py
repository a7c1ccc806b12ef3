"""Announce the proposed winners, and after the publicity period let a second person make the award final."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.auth.second import must_be_another
from kernel.clock import after_lock
from kernel.errors import Conflict, Issue
from kernel.notices.services import notify
from procurement.demand.models import Lot
from procurement.rounds.announcements import services as announcements
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.rounds.draft.services.turns import held_live
from procurement.rounds.flow import RoundAction
from procurement.rounds.models.awards import Award
from procurement.rounds.models.evaluations import Evaluation, LotResult
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections import queries as objections
from procurement.rounds.queries import results, supply
from procurement.rounds.revivals import services as revivals
from procurement.rounds.services import awarding
from procurement.rounds.services.acts import NotDecided, NotYet, locked, move, must_allow
from procurement.rounds.voids import queries as voids
from procurement.tags import Tag


def announce(session: Session, *, round_id: int, actor: Actor, at: datetime, text: str = "") -> Round:
    """Show everybody the proposed winners and begin the publicity period. No tie, no revival may be open.

    What was announced before is corrected: everybody concerned is told, and the publicity begins anew.
    """
    round_ = locked(session, round_id, actor, at)
    must_allow(round_, RoundAction.ANNOUNCE)
    evaluation = _evaluation(session, round_)
    issues = [Issue("tie-open", facts=_named(one)) for one in results.undrawn(session, evaluation)]
    issues += revivals.unsettled(session, round_=round_, evaluation=evaluation)
    if issues:
        raise NotDecided(issues)
    move(round_, RoundAction.ANNOUNCE)
    round_.announced_at, round_.announced_by_id = at, actor.user_id
    round_.publicity_ends = at + timedelta(days=round_.publicity_days)
    facts = {"evaluation": evaluation.number, "publicity_ends": round_.publicity_ends}
    record(session, Tag.ROUND_ANNOUNCED, round_, actor, at, facts)
    kind = AnnouncementKind.PROPOSED
    made = announcements.issue(
        session, round_=round_, kind=kind, evaluation=evaluation, text=text, actor=actor, at=at
    )  # fmt: skip
    code = "round-announced" if made.kind is kind else "round-corrected"
    announcements.tell_concerned(session, round_, code, at)
    return round_


def award(session: Session, *, round_id: int, actor: Actor, at: datetime) -> Round:
    """Make the award final: prices, ratios, periods and agreed volumes. After the publicity, by a second person."""
    round_ = locked(session, round_id, actor, at)
    must_allow(round_, RoundAction.AWARD)
    must_be_another(actor, round_.announced_by_id)
    if round_.box.rehearsal:
        raise Conflict("rehearsal-not-awarded", code=round_.code)
    if round_.publicity_ends is None or after_lock(session) < round_.publicity_ends:
        raise NotYet(due=round_.publicity_ends)
    evaluation = _evaluation(session, round_)
    found = results.winners(session, evaluation)
    held_live(session, round_)
    if barred := award_bars(session, round_, evaluation):
        raise NotDecided(barred)
    move(round_, RoundAction.AWARD)
    round_.awarded_at, round_.awarded_by_id = at, actor.user_id
    by_lot = {one.lot_id: one for one in results.lot_results(session, evaluation)}
    awards = awarding.awards(session, round_, found, by_lot)
    session.add_all(awards)
    session.flush()  # the volumes name the awards' ids
    agreed = awarding.volumes(session, round_, evaluation, awards)
    facts = {"evaluation": evaluation.number, "awards": len(awards), "volumes": agreed}
    record(session, Tag.ROUND_AWARDED, round_, actor, at, facts)
    announcements.issue(
        session, round_=round_, kind=AnnouncementKind.FINAL, evaluation=evaluation, actor=actor, at=at
    )  # fmt: skip
    _tell(session, round_, awards, at)
    announcements.tell_concerned(session, round_, "round-award-public", at)
    return round_


def award_bars(session: Session, round_: Round, evaluation: Evaluation) -> list[Issue]:
    """List, lot by lot, what has to be decided before an award."""
    asked = [Issue("void-undecided" if one.lot else "round-void-undecided", facts=_about(one.lot))
             for one in voids.asked(session, round_)]  # fmt: skip
    missing = supply.undrafted(session, round_, evaluation)
    undrafted = [Issue("regions-not-drafted", facts={"lot": lot.number}) for lot in missing]
    return [*objections.bars(session, round_, evaluation), *asked, *undrafted]


def _about(lot: Lot | None) -> dict[str, object]:
    return {"lot": lot.number, "variety": lot.variety.name} if lot else {}


def close(session: Session, *, round_id: int, actor: Actor, at: datetime) -> Round:
    """Close an awarded round: nothing is left to do in it."""
    round_ = locked(session, round_id, actor, at)
    move(round_, RoundAction.CLOSE)
    round_.closed_at = at
    record(session, Tag.ROUND_CLOSED, round_, actor, at, {})
    return round_


def _named(one: LotResult) -> dict[str, object]:
    return {"lot": one.lot.number, "variety": one.lot.variety.name}


def _evaluation(session: Session, round_: Round) -> Evaluation:
    evaluation = results.latest(session, round_)
    if evaluation is None:
        raise Conflict("not-under-evaluation", code=round_.code)
    voids.must_stand(session, round_, evaluation)
    return evaluation


def _tell(session: Session, round_: Round, awards: Sequence[Award], at: datetime) -> None:
    facts = {"round": round_.code, "title": round_.title}
    url = f"/procurement/rounds/{round_.id}"
    winners = sorted({award.company_id for award in awards})
    notify(
        session, code="round-awarded", facts=facts, at=at, url=url, organisations=winners, roles=(Role.MANUFACTURER,)
    )
