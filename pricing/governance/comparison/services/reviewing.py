"""A person of the bureau says which product of the catalogue another region means; it is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.rules.relations import plain_name
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue
from pricing.governance.comparison.flow import MATCH_FLOW, Match, MatchAction
from pricing.governance.comparison.models import OutsideProduct
from pricing.governance.comparison.queries import catalogue, outside
from pricing.governance.comparison.rules.matching import Verdict, Written, alike
from pricing.governance.comparison.services import grouping
from pricing.governance.comparison.services.bringing import judged
from pricing.governance.comparison.services.building import rebuild
from pricing.tags import Tag

LONGEST = 400


def confirm(
    session: Session, *, outside_id: int, specification_id: int, company_id: int, note: str, version: int,
    actor: Actor, at: datetime,
) -> OutsideProduct:  # fmt: skip
    """Say that a written product is one of the catalogue's; later prices of it are compared as that."""
    pair = (specification_id, company_id)
    group = grouping.of_pairs(session, [pair]).get(pair)
    if group is None:
        raise Invalid({"pair": Issue("unknown-choice")})
    return _decide(session, outside_id, MatchAction.CONFIRM, group, note, version, actor, at)


def refuse(session: Session, *, outside_id: int, note: str, version: int, actor: Actor, at: datetime) -> OutsideProduct:
    """Say that a written product is none of the catalogue's; it is compared among other regions alone."""
    found = outside.one(session, outside_id)
    one = written(found)
    near = catalogue.by_name(session, {one.name}).get(plain_name(one.name), [])
    group = grouping.of_names(session, {one.digest: (one, alike(one, near))})[one.digest]
    return _decide(session, outside_id, MatchAction.REFUSE, group, note, version, actor, at)


def _decide(
    session: Session, outside_id: int, action: MatchAction, group: int, note: str, version: int, actor: Actor,
    at: datetime,
) -> OutsideProduct:  # fmt: skip
    found = outside.one(session, outside_id, lock=True)
    if found.version != version:
        raise Conflict("changed-meanwhile")
    kept = note.strip()
    if not kept:
        raise Invalid({"note": Issue("needed")})
    if len(kept) > LONGEST:
        raise Invalid({"note": Issue("text-too-long", facts={"most": LONGEST})})
    before, was = found.group_id, found.match
    found.match = MATCH_FLOW.after(found.match, action)
    found.group_id, found.note, found.doubt = group, kept, None
    found.decided_by_id, found.decided_at = actor.user_id, at
    tag = Tag.OUTSIDE_CONFIRMED if action is MatchAction.CONFIRM else Tag.OUTSIDE_REFUSED
    record(session, tag, found, actor, at, {"before": was, "after": found.match, "note": kept})
    groups = [one for one in {before, group} if one is not None]
    rebuild(session, groups=groups, day=today(at), at=at)
    return outside.one(session, outside_id)


def written(one: OutsideProduct) -> Written:
    """Return a product as it was written."""
    return Written(one.code, one.name, one.maker, one.form, one.specification, one.pack)


def verdict(session: Session, one: OutsideProduct) -> Verdict:
    """Compare a written product with the catalogue as it is now."""
    return judged(session, {one.digest: written(one)})[one.digest][0]


def waiting(state: Match) -> Sequence[MatchAction]:
    """Return what can be said of a match."""
    return MATCH_FLOW.actions(state)
