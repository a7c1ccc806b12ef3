"""Kinds whose rows go into one table as whole columns: hundreds of thousands of rows, compared and written at once.

A kind's `plan` calls `compare`, its `apply` hands `plan.block` to the owning package's service, which upserts it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from importers.columns import Block, Plan, Planned, Rows

SAMPLE = 500
FEW = 2_000


def compare(
    session: Session, rows: Rows, *, table: sa.Table, key: Sequence[str], title: str,
    fixed: Mapping[str, Any] | None = None, derived: Mapping[str, Sequence[Any]] | None = None,
) -> Plan:  # fmt: skip
    """Plan the good rows against a table whose columns are called as the kind's.

    `fixed` are columns with one value for all rows, `derived` further whole columns. What the workbook lacks stays as
    it is. The plan's block holds created and changed rows alone, with the Excel row of each under `row`.
    """
    given: dict[str, Sequence[Any]] = {**rows.columns, **(derived or {}), "row": rows.numbers}
    given |= {name: [value] * len(rows) for name, value in (fixed or {}).items()}
    columns = given if not rows.faulty else {name: _picked(values, rows.good) for name, values in given.items()}
    names = [name for name in columns if name != "row"]
    stands = _standing(session, table, key, names, columns)
    created, changed = _sorted_out(columns, key, names, stands)
    plan = Plan(unchanged=len(columns["row"]) - sum(created) - sum(changed))
    write = [new or other for new, other in zip(created, changed, strict=True)]
    kept = columns if all(write) else {name: list(compress(values, write)) for name, values in columns.items()}
    plan.block = Block(kept, sum(created), sum(changed), _mark(created, changed, derived or {}, stands))
    plan.creates = [_planned(columns, at, title, {}) for at in _first(created)]
    plan.changes = [_planned(columns, at, title, _before(columns, at, key, names, stands)) for at in _first(changed)]
    return plan


def _picked(values: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    return itemgetter(*places)(values) if len(places) > 1 else [values[place] for place in places]


Standing = dict[tuple[Any, ...], tuple[Any, ...]]


def _standing(
    session: Session, table: sa.Table, key: Sequence[str], names: Sequence[str], columns: Mapping[str, Sequence[Any]]
) -> Standing:
    """Read the rows that stand under the keys: by key where they are few, else the whole table in one pass."""
    query = sa.select(*(table.c[name] for name in names))
    for name in key:
        values = set(columns[name])
        if len(values) == 1:
            query = query.where(table.c[name] == next(iter(values)))
        elif len(columns["row"]) <= FEW:
            query = query.where(table.c[name].in_(values))
    places = [names.index(name) for name in key]
    if not columns["row"]:
        return {}
    return {tuple(row[place] for place in places): tuple(row) for row in session.execute(query)}


def _sorted_out(
    columns: Mapping[str, Sequence[Any]], key: Sequence[str], names: Sequence[str], stands: Standing
) -> tuple[list[bool], list[bool]]:
    """Say of each row whether it is new, and whether it differs from what stands."""
    count = len(columns["row"])
    if not stands:
        return [True] * count, [False] * count
    created, changed = [], []
    keys = zip(*(columns[name] for name in key), strict=True)
    for one, values in zip(keys, zip(*(columns[name] for name in names), strict=True), strict=True):
        old = stands.get(one)
        created.append(old is None)
        changed.append(old is not None and old != values)
    return created, changed


def _first(flags: Sequence[bool]) -> list[int]:
    found = []
    for place, flag in enumerate(flags):
        if flag:
            found.append(place)
            if len(found) == SAMPLE:
                break
    return found


def _planned(columns: Mapping[str, Sequence[Any]], place: int, title: str, before: Mapping[str, Any]) -> Planned:
    values = {name: column[place] for name, column in columns.items()}
    return Planned(values["row"], str(values[title] or ""), values, before)


def _before(
    columns: Mapping[str, Sequence[Any]], place: int, key: Sequence[str], names: Sequence[str], stands: Standing
) -> dict[str, Any]:
    old = stands[tuple(columns[name][place] for name in key)]
    return {name: value for name, value in zip(names, old, strict=True) if value != columns[name][place]}


def _mark(
    created: Sequence[bool], changed: Sequence[bool], derived: Mapping[str, Sequence[Any]], stands: Standing
) -> str:
    """A digest of all that may differ between a preview and its confirmation; the workbook itself stays the same."""
    digest = hashlib.blake2b(bytes(created) + b"\xff" + bytes(changed), digest_size=32)
    for name, values in derived.items():
        digest.update(f"\n--{name}\n".encode() + "\x1f".join(map(str, values)).encode("utf-8", "surrogatepass"))
    if any(changed):
        digest.update(repr(sorted(stands.items())).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
