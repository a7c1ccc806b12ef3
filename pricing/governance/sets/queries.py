"""Versions of label rule sets, and which of them each region goes by on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel.parties import regions
from kernel.rulebooks.flow import SetState
from pricing.governance.sets.models import LabelRegion, LabelSet
from pricing.governance.sets.rules import in_force


def placed(session: Session) -> Sequence[LabelRegion]:
    """Return the regions that a rule set was given to."""
    query = select(LabelRegion).options(joinedload(LabelRegion.region))
    return session.scalars(query.order_by(LabelRegion.region_code)).all()


def standing(session: Session, day: date) -> dict[str, LabelSet]:
    """Return by code the approved version of each rule set that is in force on a day."""
    query = select(LabelSet).where(LabelSet.state == SetState.APPROVED).order_by(LabelSet.number.desc())
    by_code: dict[str, list[LabelSet]] = defaultdict(list)
    for one in session.scalars(query):
        by_code[one.code].append(one)
    found = {code: in_force(held, day, values=_values) for code, held in by_code.items()}
    return {code: one for code, one in found.items() if one is not None}


def _values(version: LabelSet) -> object:
    return version.values


def by_region(session: Session, day: date) -> dict[str, LabelSet]:
    """Return the version that each region goes by on a day: its own, else that of the nearest region above it."""
    given, sets = {one.region_code: one.code for one in placed(session)}, standing(session, day)
    lines = upward(session) if given else {}
    found = {}
    for code, line in lines.items():
        near = next((given[each] for each in line if each in given), None)
        if near in sets:
            found[code] = sets[near]
    return found


def upward(session: Session) -> dict[str, list[str]]:
    """Return for every region itself and those above it, the nearest first."""
    parents = {code: region.parent_code for code, region in regions.by_code(session).items()}
    lines = {}
    for code in parents:
        line: list[str] = []
        step: str | None = code
        while step is not None and step not in line:
            line.append(step)
            step = parents.get(step)
        lines[code] = line
    return lines
