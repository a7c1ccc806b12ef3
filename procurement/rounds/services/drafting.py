"""Regions by preference lists: each choosing winner gives its order, the agency runs the draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from procurement.demand.models import Lot
from procurement.rounds.flow import RoundState, SupplyRole
from procurement.rounds.models.awards import Pick, Preference
from procurement.rounds.models.evaluations import Decision
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.rules.allocation import Draft, draft
from procurement.rounds.services.acts import locked
from procurement.rounds.services.announcing import NotDecided


def prefer(
    session: Session, *, round_id: int, lot_number: int, region_codes: Sequence[str], actor: Actor, at: datetime
) -> Preference:
    """Give the regions a winner would rather supply, best first; every region once. Until the draft is run."""
    round_ = _announced(session, round_id, actor, at)
    lot = rounds.lot(session, round_, lot_number)
    evaluation = results.latest(session, round_)
    if actor.organisation_id is None or evaluation is None:
        raise Forbidden
    if actor.organisation_id not in {one.company_id for one in supply.choosing(session, evaluation).get(lot.id, [])}:
        raise NotFound(lot=lot_number)
    if supply.picks(session, round_, lot.id):
        raise Conflict("already-drafted", lot=lot_number)
    if sorted(region_codes) != rounds.region_codes(session, round_):
        raise Invalid({"regions": Issue("every-region-once")})
    preference = supply.own_preferences(session, round_, actor).get(lot.id)
    if preference is None:
        preference = Preference(round_id=round_.id, lot_id=lot.id, company_id=actor.organisation_id)
        session.add(preference)
    preference.region_codes, preference.at = list(region_codes), at
    session.flush()  # the audit event names the id
    facts = {"round": round_.code, "lot": lot_number, "regions": list(region_codes)}
    record(session, Tag.PREFERENCE_GIVEN, preference, actor, at, facts)
    return preference


def run(session: Session, *, round_id: int, actor: Actor, at: datetime) -> int:
    """Draft every lot's regions by the preference lists; run again, it starts anew. Return how many turns there were.

    A company without a list takes what is left in the order of the region codes.
    """
    round_ = _announced(session, round_id, actor, at)
    rules = supply.draft_rules(round_)
    evaluation = results.latest(session, round_)
    if not rules.enabled or evaluation is None:
        raise Conflict("no-draft-in-rules", code=round_.code)
    lots = {lot.id: lot for lot in rounds.lots(session, round_)}
    winners = supply.choosing(session, evaluation)
    _must_have_an_order(winners, lots)
    regions, lists = rounds.region_codes(session, round_), supply.preferences(session, round_)
    rows: list[dict[str, Any]] = []
    for lot_id, chosen in winners.items():
        wishes = {
            str(company): one.region_codes for (lot, company), one in lists.items() if lot == lot_id
        }  # the rules know companies by text
        order = [str(one.company_id) for one in chosen]
        done = draft(order, regions, wishes, first_picks=rules.first_picks, backup=rules.backup)
        rows += _rows(round_, lot_id, done)
    session.execute(delete(Pick).where(Pick.round_id == round_.id))
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        insert_rows(session, Pick.__table__, columns=columns)  # type: ignore[arg-type]  # a declarative table is a Table
    record(session, Tag.ROUND_DRAFTED, round_, actor, at, {"evaluation": evaluation.number, "turns": len(rows)})
    return len(rows)


def _announced(session: Session, round_id: int, actor: Actor, at: datetime) -> Round:
    round_ = locked(session, round_id, actor, at)
    if round_.state is not RoundState.ANNOUNCED:
        raise Conflict("not-announced", code=round_.code)
    return round_


def _must_have_an_order(winners: dict[int, list[Decision]], lots: dict[int, Lot]) -> None:
    """Refuse where winners share a rank: who chooses first is for a recorded draw."""
    shared = [lots[lot_id] for lot_id, chosen in winners.items() if supply.shared_ranks(chosen)]
    if shared:
        facts = [{"lot": lot.number, "variety": lot.variety.name} for lot in shared]
        raise NotDecided([Issue("draft-needs-draw", facts=each) for each in facts])


def _rows(round_: Round, lot_id: int, done: Draft) -> list[dict[str, Any]]:
    turns = [(SupplyRole.MAIN, pick) for pick in done.turns] + [(SupplyRole.BACKUP, pick) for pick in done.backup_turns]
    return [
        {
            "round_id": round_.id,
            "lot_id": lot_id,
            "region_code": pick.region,
            "company_id": int(pick.company),
            "role": role,
            "turn": pick.turn,
        }
        for role, pick in turns
    ]
