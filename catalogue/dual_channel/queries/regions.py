"""Regions: the way up from a place, what lies below it, and whose rules it follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import ListedDrug, RegionRules
from catalogue.dual_channel.rules.regional import parameters_of
from kernel.auth.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.parties.models import Organisation, Region
from kernel.policy import Parameters


def parents(session: Session) -> dict[str, str | None]:
    """Return every region's parent."""
    return {row[0]: row[1] for row in session.execute(select(Region.code, Region.parent_code))}


def upward(session: Session, code: str | None) -> list[str]:
    """Return a region and those above it, nearest first."""
    known, found = parents(session), list[str]()
    while code is not None and code in known and code not in found:
        found.append(code)
        code = known[code]
    return found


def below(session: Session, code: str) -> set[str]:
    """Return a region and all that lies in it."""
    children: dict[str, list[str]] = {}
    for each, parent in parents(session).items():
        children.setdefault(parent or "", []).append(each)
    found, coming = set[str](), [code]
    while coming:
        step = coming.pop()
        if step not in found:
            found.add(step)
            coming += children.get(step, [])
    return found


def districts(session: Session, code: str) -> Sequence[Region]:
    """Return the parts of a region, or the region itself where it has none."""
    found = session.scalars(select(Region).where(Region.parent_code == code).order_by(Region.code)).all()
    return found or [one(session, code)]


def one(session: Session, code: str) -> Region:
    """Return a region, or NotFound."""
    found = session.get(Region, code)
    if found is None:
        raise NotFound(region=code)
    return found


def names(session: Session) -> dict[str, str]:
    """Return every region's name."""
    return {row[0]: row[1] for row in session.execute(select(Region.code, Region.name))}


def rules_of(session: Session, code: str | None) -> RegionRules | None:
    """Return the rules that hold in a place: its own, or the nearest above."""
    line = upward(session, code)
    found = {row.region_code: row for row in session.scalars(select(RegionRules))}
    return next((found[each] for each in line if each in found), None)


def parameters(session: Session, code: str | None) -> Parameters:
    """Return the policy with what holds in a place: figure by figure, the nearest region that says it."""
    found = {row.region_code: row.said for row in session.scalars(select(RegionRules))}
    holds: dict[str, Any] = {}
    for each in reversed(upward(session, code)):
        holds |= found.get(each, {})
    return parameters_of(holds)


def governed(session: Session, organisation_id: int) -> RegionRules:
    """Return the rules an organisation follows, or refuse."""
    organisation = session.get_one(Organisation, organisation_id)
    found = rules_of(session, organisation.region_code)
    if found is None:
        raise DomainError("dual-region-without-rules", name=organisation.shown_name)
    return found


def with_rules(session: Session) -> Sequence[RegionRules]:
    """Return the regions that said something."""
    return session.scalars(select(RegionRules).order_by(RegionRules.region_code)).all()


def offered(session: Session) -> Sequence[Region]:
    """Return the regions that have rules or lists, for choosing one; where none has, all."""
    used = select(ListedDrug.region_code).union(select(RegionRules.region_code))
    found = session.scalars(select(Region).where(Region.code.in_(used)).order_by(Region.code)).all()
    return found or session.scalars(select(Region).order_by(Region.code)).all()


def chosen(session: Session, asked: str, actor: Actor) -> Region:
    """Return the region a page is about: the one asked for, else the nearest to the reader that has rules or lists."""
    if asked:
        return one(session, asked)
    known = {region.code: region for region in offered(session)}
    near = next((known[code] for code in upward(session, actor.region) if code in known), None)
    if near is None and not known:
        raise DomainError("dual-no-regions")
    return near or next(iter(known.values()))
