"""Open a region's year, enter its data with their sources, and evaluate them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.columns import canonical
from kernel.db import upsert
from kernel.errors import Conflict, DomainError, Invalid, Issue
from kernel.money import places
from kernel.parties.models import Region
from kernel.policy import covers
from kernel.rulebooks import queries as sets
from kernel.rulebooks.flow import SetState
from pricing.tags import Tag
from pricing.triggers import queries
from pricing.triggers.flow import YEAR_FLOW, YearAction
from pricing.triggers.models import TriggerEvaluation, TriggerRuleVersion, TriggerValue, TriggerYear
from pricing.triggers.rules import evaluate, evaluation_as_plain
from pricing.triggers.sets.rules import read

FIRST_YEAR, MOST = 2000, Decimal("1e14")


@dataclass(frozen=True, slots=True)
class Given:
    """One input as somebody says it: a value with its source, or no value and the reason why."""

    input: str
    value: Decimal | None
    source: str = ""
    note: str = ""


def open_year(
    session: Session, *, region_code: str, year: int, rules_id: int, data_due_at: datetime, due_at: datetime,
    actor: Actor, at: datetime,
) -> TriggerYear:  # fmt: skip
    """Begin a region's evaluation on the data of a year that is over."""
    wrong = {}
    rules = session.get(TriggerRuleVersion, rules_id)
    if rules is None:
        wrong["rules"] = Issue("unknown-choice", value=str(rules_id or ""))
    if session.get(Region, region_code) is None or not covers(actor.region, region_code):
        wrong["region"] = Issue("unknown-choice", value=region_code)
    if not FIRST_YEAR <= year < today(at).year:
        wrong["year"] = Issue("trigger-year", value=str(year))
    if not at < data_due_at <= due_at:
        wrong["due"] = Issue("trigger-dues")
    if wrong or rules is None:
        raise Invalid(wrong)
    if rules.state is not SetState.APPROVED:
        raise Conflict("rule-unapproved", title=rules.name)
    if queries.of_region(session, region_code, year) is not None:
        raise Conflict("trigger-year-open", year=year)
    made = TriggerYear(
        region_code=region_code, year=year, rules_id=rules.id, data_due_at=data_due_at, due_at=due_at,
        made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the audit event names its id
    record(
        session, Tag.TRIGGER_YEAR_OPENED, made, actor, at, {"region": region_code, "year": year, "rules": rules.name}
    )
    return made


def enter(
    session: Session, *, year_id: int, rows: Sequence[Given], actor: Actor, at: datetime,
    source: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Enter inputs of a year, new or corrected; return how many changed. What was evaluated before counts no more."""
    found = queries.own(session, year_id, actor)
    state = YEAR_FLOW.after(found.state, YearAction.ENTER)
    if wrong := faults(rows, known=set(queries.rules_of(found).inputs())):
        raise Invalid(wrong)
    if not rows:
        return 0
    table = TriggerValue.__table__
    held = queries.values(session, found.id).values()
    before = [(one.input, one.value, one.source, one.note) for one in held]
    new = [one for one in rows if (one.input, one.value, one.source, one.note) not in before]
    if not new:
        return 0
    count = len(new)
    columns: dict[str, Sequence[Any]] = {
        "year_id": [found.id] * count, "input": [one.input for one in new], "value": [one.value for one in new],
        "source": [one.source for one in new], "note": [one.note for one in new], "by_id": [actor.user_id] * count,
        "at": [at] * count,
    }  # fmt: skip
    upsert(session, table, key=("year_id", "input"), columns=columns)
    for one in held:  # the bulk path went past the identity map
        session.expire(one)
    found.state, found.reminded_days = state, None
    given = {one.input: one.value for one in new}
    record(session, Tag.TRIGGER_DATA_ENTERED, found, actor, at, {**(source or {}), "values": given})
    return count


def faults(rows: Sequence[Given], known: set[str]) -> dict[str, Issue]:
    """Say by input what is wrong: a value needs its source, a missing one its reason."""
    wrong = {}
    for one in rows:
        if one.input not in known:
            wrong[one.input] = Issue("unknown-choice", value=one.input)
        elif one.value is None and not one.note:
            wrong[one.input] = Issue("trigger-missing-why")
        elif one.value is not None and not one.source:
            wrong[one.input] = Issue("trigger-no-source")
        elif one.value is not None and (abs(one.value) >= MOST or places(one.value) > 4):
            wrong[one.input] = Issue("trigger-figure", value=str(one.value))
    return wrong


def evaluate_year(session: Session, *, year_id: int, actor: Actor, at: datetime) -> TriggerEvaluation:
    """Let the rules speak about the data as they stand; every evaluation is kept."""
    found = queries.own(session, year_id, actor)
    state = YEAR_FLOW.after(found.state, YearAction.EVALUATE)
    rules = latest_rules(session, found)
    own = read(rules.code, rules.title, rules.values)
    held = queries.values(session, found.id)
    if not held:
        raise DomainError("trigger-no-data")
    result = evaluate(own, {name: one.value for name, one in held.items()})
    inputs = {name: {"value": one.value, "source": one.source, "note": one.note} for name, one in held.items()}
    told = evaluation_as_plain(own, result, {name: one.source for name, one in held.items() if one.source})
    number = session.scalar(select(func.max(TriggerEvaluation.number)).where(TriggerEvaluation.year_id == found.id))
    made = TriggerEvaluation(
        year_id=found.id, number=(number or 0) + 1, rules_id=rules.id, decision=result.decision, inputs=inputs,
        result=told, digest=hashlib.sha256(canonical([rules.values, inputs, told]).encode()).hexdigest(),
        made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    session.add(made)
    found.state, found.rules_id, found.reminded_days = state, rules.id, None
    session.flush()  # the event names the digest's row
    facts = {"number": made.number, "decision": made.decision, "rules": rules.name, "digest": made.digest}
    record(session, Tag.TRIGGER_EVALUATED, found, actor, at, facts)
    return made


def latest_rules(session: Session, found: TriggerYear) -> TriggerRuleVersion:
    """Return the newest approved version of the rules that a year goes by."""
    usable = {one.code: one for one in sets.usable(session, TriggerRuleVersion)}
    return usable.get(found.rules.code, found.rules)
