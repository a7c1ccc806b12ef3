"""A region says its own figures, each with the document it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import RegionRules
from catalogue.dual_channel.queries import regions as queries
from catalogue.dual_channel.rules.regional import READERS, read
from catalogue.tags import Tag
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError, Invalid, Issue


def say(
    session: Session, *, region_code: str, values: Mapping[str, str], source: str, version: int | None = None,
    actor: Actor, at: datetime,
) -> RegionRules:  # fmt: skip
    """Set a region's figures: an empty one is taken back to the policy; `source` is the document of changed ones."""
    region = queries.one(session, region_code)
    rules = session.get(RegionRules, region_code)
    if version is not None and version != (rules.version if rules else 0):
        raise Conflict("changed-meanwhile")
    before = dict(rules.said) if rules else {}
    after = _said(before, _read(values), source)
    changes = {name: [_value(before, name), _value(after, name)] for name in READERS if _differ(before, after, name)}
    if rules is None:
        rules = RegionRules(region_code=region.code, region=region, said=after, changed_at=at)
        session.add(rules)
    elif changes:
        rules.said, rules.changed_at = after, at
    if changes or not before:
        record(session, Tag.DUAL_REGION_SAID, rules, actor, at, {"source": source, "parameters": changes})
    return rules


def _read(values: Mapping[str, str]) -> dict[str, Any]:
    """Read every figure that was filled in; what can't be read is told at its field, all at once."""
    found, wrong = {}, {}
    for name, text in values.items():
        try:
            found[name] = read(name, text) if text.strip() else None
        except DomainError as refusal:
            wrong[name] = Issue(refusal.code, facts=dict(refusal.facts))
    if wrong:
        raise Invalid(wrong)
    return found


def _said(before: Mapping[str, Any], values: Mapping[str, Any], source: str) -> dict[str, Any]:
    after = dict(before)
    for name, value in values.items():
        if value is None:
            after.pop(name, None)
        elif value != _value(before, name):
            if not source.strip():
                raise Invalid({"source": Issue("dual-source-missing")})
            after[name] = {"value": value, "source": source.strip()}
    return after


def _value(said: Mapping[str, Any], name: str) -> Any:
    line = said.get(name)
    return line["value"] if line else None


def _differ(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> bool:
    return bool(_value(before, name) != _value(after, name))
