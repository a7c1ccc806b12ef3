"""Preference lists: what is taken when a company does not choose, or leaves its turns to its list."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from kernel.columns import canonical
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from procurement.rounds.draft.services.turns import held_live
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Preference
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.services.acts import locked
from procurement.tags import Tag


def prefer(
    session: Session, *, round_id: int, lot_number: int, region_codes: Sequence[str], represents: bool = False,
    actor: Actor, at: datetime,
) -> Preference:  # fmt: skip
    """Give the regions a winner would rather supply, best first; every region once. Until the lot is drafted.

    With `represents` the list takes every turn, the one under way included; turns that are over keep the old list's.
    """
    round_ = locked(session, round_id, actor, at)
    if round_.state is not RoundState.ANNOUNCED:
        raise Conflict("not-announced", code=round_.code)
    lot = rounds.lot(session, round_, lot_number)
    evaluation = results.latest(session, round_)
    if actor.organisation_id is None or evaluation is None:
        raise Forbidden
    if actor.organisation_id not in {one.company_id for one in supply.choosing(session, evaluation).get(lot.id, [])}:
        raise NotFound(lot=lot_number)
    held_live(session, round_)
    if supply.picks(session, round_, lot.id):
        raise Conflict("already-drafted", lot=lot_number)
    if sorted(region_codes) != rounds.region_codes(session, round_):
        raise Invalid({"regions": Issue("every-region-once")})
    now = after_lock(session)
    preference = supply.own_preferences(session, round_, actor).get(lot.id)
    if preference is None:
        preference = Preference(round_id=round_.id, lot_id=lot.id, company_id=actor.organisation_id)
        session.add(preference)
    since = preference.represents_since or now
    preference.region_codes, preference.at, preference.represents_since = (
        list(region_codes), now, since if represents else None,
    )  # fmt: skip
    session.flush()  # the audit event names the id
    facts = {"round": round_.code, "lot": lot_number, "digest": _digest(region_codes), "represents": represents}
    # the list itself stays the company's own until a turn is taken by it
    record(session, Tag.PREFERENCE_GIVEN, preference, actor, now, facts)
    held_live(session, round_)
    return preference


def _digest(region_codes: Sequence[str]) -> str:
    return hashlib.sha256(canonical(list(region_codes)).encode()).hexdigest()
