"""Take over prices of other regions: what is new is matched, what stands is prolonged, corrected or ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalogue.drugs.rules.relations import plain_name
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.parties.models import Region
from kernel.sets import among
from pricing.governance.comparison.flow import Match
from pricing.governance.comparison.models import OutsidePrice, OutsideProduct
from pricing.governance.comparison.queries import catalogue
from pricing.governance.comparison.queries.outside import Key, stands
from pricing.governance.comparison.rules.matching import Known, Verdict, Written, alike, judge
from pricing.governance.comparison.rules.prices import Held, timeline
from pricing.governance.comparison.services import grouping
from pricing.listings.flow import ListingKind
from pricing.tags import Tag


@dataclass(frozen=True, slots=True)
class Said:
    """A price of a product in a region as a workbook says it."""

    written: Written
    region_code: str
    kind: ListingKind
    starts: date
    held: Held


def bring(
    session: Session, *, said: Sequence[Said], import_id: int | None, actor: Actor, at: datetime,
    source: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Keep prices of other regions; return how many rows were new or changed."""
    if not said:
        return 0
    grouping.catch_up(session)
    ids = _products(session, {one.written.digest: one.written for one in said}, at)
    by_key: dict[Key, dict[date, Held]] = defaultdict(dict)
    for one in said:
        by_key[ids[one.written.digest], one.region_code, one.kind][one.starts] = one.held
    held = stands(session, by_key)
    count = _write(session, by_key, held, import_id, at)
    subject = session.get_one(Region, said[0].region_code)
    record(session, Tag.OUTSIDE_PRICES_BROUGHT, subject, actor, at, {**(source or {}), "count": count})
    return count


def _products(session: Session, written: Mapping[str, Written], at: datetime) -> dict[str, int]:
    """Return the ids of written products, matching those that were never seen before."""
    query = select(OutsideProduct.digest, OutsideProduct.id).where(among(OutsideProduct.digest, sorted(written)))
    known = {row[0]: row[1] for row in session.execute(query)}
    new = {digest: one for digest, one in written.items() if digest not in known}
    if not new:
        return known
    found = judged(session, new)
    groups = grouped(session, found)
    ones = list(new.values())
    columns: dict[str, list[Any]] = {
        "digest": list(new), **{name: [asdict(one)[name] for one in ones] for name in asdict(ones[0])},
        "match": [found[digest][0].match for digest in new], "group_id": [groups.get(digest) for digest in new],
        "candidates": [[list(pair) for pair in found[digest][0].candidates] for digest in new],
        "doubt": [found[digest][0].doubt for digest in new], "note": [""] * len(new), "created_at": [at] * len(new),
        "version": [1] * len(new),
    }  # fmt: skip
    insert_rows(session, OutsideProduct.__table__, columns=columns)
    return {row[0]: row[1] for row in session.execute(query)}


Judged = dict[str, tuple[Verdict, Written, list[Known]]]


def judged(session: Session, written: Mapping[str, Written]) -> Judged:
    """Compare written products with the catalogue, in a few queries for all of them."""
    named = catalogue.by_name(session, {one.name for one in written.values()})
    coded = catalogue.by_code(session, {one.code for one in written.values()})
    found: Judged = {}
    for digest, one in written.items():
        near = named.get(plain_name(one.name), [])
        found[digest] = (judge(one, coded.get(one.code, ()), near), one, near)
    return found


def grouped(session: Session, found: Judged) -> dict[str, int]:
    """Return the groups of what was judged: the catalogue's, else those by names; what is unsure has none."""
    pairs = {digest: verdict.pair for digest, (verdict, _one, _near) in found.items() if verdict.pair is not None}
    of_pairs = grouping.of_pairs(session, list(pairs.values()))
    alone = {
        digest: (one, alike(one, near)) for digest, (verdict, one, near) in found.items()
        if verdict.match in (Match.NONE, Match.REFUSED)
    }  # fmt: skip
    return {**{digest: of_pairs[pair] for digest, pair in pairs.items()}, **grouping.of_names(session, alone)}


def match_again(session: Session) -> set[int]:
    """Judge anew what the catalogue did not hold or left unsure, as it may hold it now; return the groups touched."""
    query = select(OutsideProduct).where(OutsideProduct.match.in_((Match.NONE, Match.UNSURE)))
    held = {one.digest: one for one in session.scalars(query)}
    if not held:
        return set()
    parts = ("code", "name", "maker", "form", "specification", "pack")
    found = judged(session, {digest: Written(*(getattr(one, name) for name in parts)) for digest, one in held.items()})
    changed = {digest: each for digest, each in found.items() if each[0].match is not held[digest].match}
    groups = grouped(session, changed)
    touched = {held[digest].group_id for digest in changed} | {groups.get(digest) for digest in changed}
    for digest, (verdict, _one, _near) in changed.items():
        one = held[digest]
        one.match, one.doubt, one.group_id = verdict.match, verdict.doubt, groups.get(digest)
        one.candidates = [list(pair) for pair in verdict.candidates]
    session.flush()  # the groups are read in sets next
    return {one for one in touched if one is not None}


def _write(
    session: Session, said: Mapping[Key, Mapping[date, Held]], held: Mapping[Key, Mapping[date, tuple[int, Held]]],
    import_id: int | None, at: datetime,
) -> int:  # fmt: skip
    new: list[tuple[Key, date, Held]] = []
    changed: list[tuple[int, Held]] = []
    for key, days in said.items():
        old = held.get(key, {})
        for day, one in timeline({day: each for day, (_id, each) in old.items()}, days).items():
            if day not in old:
                new.append((key, day, one))
            elif old[day][1] != one:
                changed.append((old[day][0], one))
    if new:
        _insert(session, new, import_id, at)
    if changed:
        rows = [{"id": id_, **asdict(one), "changed_at": at} for id_, one in changed]
        session.execute(update(OutsidePrice), rows)
    return len(new) + len(changed)


def _insert(session: Session, new: Sequence[tuple[Key, date, Held]], import_id: int | None, at: datetime) -> None:
    columns: dict[str, list[Any]] = {
        "outside_id": [key[0] for key, _day, _one in new], "region_code": [key[1] for key, _day, _one in new],
        "kind": [key[2] for key, _day, _one in new], "starts": [day for _key, day, _one in new],
        "ends": [one.ends for _key, _day, one in new], "price": [one.price for _key, _day, one in new],
        "pack_price": [one.pack_price for _key, _day, one in new],
        "document": [one.document for _key, _day, one in new], "import_id": [import_id] * len(new),
        "changed_at": [at] * len(new),
    }  # fmt: skip
    insert_rows(session, OutsidePrice.__table__, columns=columns)
