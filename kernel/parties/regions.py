"""Regions as reference data: all of them at once, and the verb that puts many."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.db import upsert
from kernel.parties.models import Region

LEVELS = 8
"""More levels than any country has: a circle of parents comes to an end."""


def prefix(region: str) -> str:
    """Return what the codes of a region and of all below it begin with.

    >>> prefix("320000"), prefix("320102")
    ('32', '320102')
    """
    while region.endswith("00"):
        region = region[:-2]
    return region


def by_code(session: Session) -> dict[str, Region]:
    """Return every region by its code."""
    return {region.code: region for region in session.scalars(select(Region))}


def upward(session: Session, code: str) -> list[str]:
    """Return a region and those above it, nearest first; nothing where there is no such region."""
    line = select(Region.code, Region.parent_code, literal(0).label("far")).where(Region.code == code)
    walk = line.cte(recursive=True)
    above = select(Region.code, Region.parent_code, walk.c.far + 1).where(Region.code == walk.c.parent_code)
    walk = walk.union_all(above.where(walk.c.far < LEVELS))
    return list(session.scalars(select(walk.c.code).order_by(walk.c.far)))


def upward_of(session: Session, codes: Collection[str]) -> dict[str, list[str]]:
    """Return regions with those above each, nearest first, in one query."""
    line = select(Region.code.label("low"), Region.code, Region.parent_code, literal(0).label("far"))
    walk = line.where(Region.code.in_(codes)).cte(recursive=True)
    above = select(walk.c.low, Region.code, Region.parent_code, walk.c.far + 1)
    walk = walk.union_all(above.where(Region.code == walk.c.parent_code, walk.c.far < LEVELS))
    found: dict[str, list[str]] = {}
    for low, code in session.execute(select(walk.c.low, walk.c.code).order_by(walk.c.far)):
        found.setdefault(low, []).append(code)
    return found


def put(
    session: Session,
    *,
    regions: Mapping[str, tuple[str, str | None]],
    actor: Actor,
    at: datetime,
    facts: Mapping[str, object],
) -> int:
    """Insert or rename regions, {code: (name, parent code)}; return how many changed. Parents may be among them."""
    if not regions:
        return 0
    ordered = _parents_first(regions)
    table = Region.__table__
    names = [regions[code][0] for code in ordered]
    parents = [regions[code][1] for code in ordered]
    changed = upsert(session, table, key=("code",), columns={"code": ordered, "name": names, "parent_code": parents})
    session.expire_all()  # the bulk path went past the identity map
    subject = session.get_one(Region, ordered[0])
    record(session, Tag.REGIONS_IMPORTED, subject, actor, at, {**facts, "count": len(ordered), "changed": changed})
    return changed


def _parents_first(regions: Mapping[str, tuple[str, str | None]]) -> list[str]:
    ordered: dict[str, None] = {}
    for code in regions:
        line: list[str] = []
        step: str | None = code
        while step is not None and step in regions and step not in ordered and step not in line:
            line.append(step)
            step = regions[step][1]
        ordered |= dict.fromkeys(reversed(line))
    return list(ordered)
