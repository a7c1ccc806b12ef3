"""The rule sets of labels as the kernel keeps their versions; give a region one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Forbidden, Invalid, Issue
from kernel.parties.models import Region
from kernel.policy import covers, parse
from kernel.rulebooks.services import Book
from pricing.governance.rules import RULE_SETS
from pricing.governance.sets import queries
from pricing.governance.sets.models import LabelRegion, LabelSet
from pricing.governance.sets.rules import stored, typed, written
from pricing.tags import Tag


def _built_in() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Return the sets that come with the release."""
    tables = {code: parse(RULE_SETS.text(code)[1]) for code in RULE_SETS.ids()}
    return {code: (one["title"], stored(one["rule"], one["from"])) for code, one in tables.items()}


def _governed(session: Session, code: str, actor: Actor) -> None:
    """Refuse an office that does not govern every region that goes by a rule set."""
    if not all(covers(actor.region, one.region_code) for one in queries.placed(session) if one.code == code):
        raise Forbidden


BOOK = Book(
    LabelSet, built_in=_built_in, typed=typed, written=written, governed=_governed,
    tags=(Tag.LABEL_SET_WRITTEN, Tag.LABEL_SET_APPROVED),
)  # fmt: skip


def place(session: Session, *, region_code: str, code: str, reason: str, actor: Actor, at: datetime) -> LabelRegion:
    """Let a region's listings be labelled by a rule set that is in force; the next run follows."""
    wrong = {}
    if session.get(Region, region_code) is None or not covers(actor.region, region_code):
        wrong["region"] = Issue("unknown-choice", value=region_code)
    if code not in queries.standing(session, today(at)):
        wrong["code"] = Issue("unknown-choice", value=code)
    if not reason.strip():
        wrong["reason"] = Issue("needed")
    if wrong:
        raise Invalid(wrong)
    made = session.get(LabelRegion, region_code) or LabelRegion(region_code=region_code)
    before = made.code
    made.code, made.reason, made.by_id, made.at = code, reason.strip(), actor.user_id, at
    session.add(made)
    facts = {"region": region_code, "before": before, "code": code, "reason": made.reason}
    record(session, Tag.LABEL_SET_PLACED, session.get_one(Region, region_code), actor, at, facts)
    return made
