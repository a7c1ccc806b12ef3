"""Write consumables, their categories, identifiers and devices in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from catalogue.codes.rules.structure import is_consumable_code, is_device_identifier
from catalogue.consumables.models import Consumable, ConsumableCategory, ConsumableUdi, Device
from catalogue.consumables.rules.codes import CATEGORY_LENGTH, classes_of
from catalogue.consumables.rules.identifiers import Told, pairs, split
from catalogue.consumables.rules.nmpa import Device as Published
from catalogue.register.services import Columns, Facts, put_rows
from catalogue.search.services import Entry, outdate
from catalogue.search.sources.services import rows_of, source
from catalogue.tags import Tag
from catalogue.tallies.queries import counted
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import batches, insert_rows, upsert

PUBLISHED = [each.name for each in fields(Published) if each.name not in ("codes", "version")]


def put_consumables(
    session: Session, *, columns: Columns, import_id: int | None, actor: Actor, at: datetime, facts: Facts
) -> int:
    """Add or change consumables by their code, and the identifiers their rows name; return how many rows changed."""
    changed = put_rows(session, Consumable, ("code",), columns, import_id, Tag.CONSUMABLES_IMPORTED, actor, at, facts)
    if "udi" in columns:
        told = pairs(columns["code"], columns["udi"])
        _replace(session, ConsumableUdi.code, columns["code"], told, Told.LIST)
    return changed


def put_categories(
    session: Session, *, columns: Columns, import_id: int | None, actor: Actor, at: datetime, facts: Facts
) -> int:
    """Add or change categories by their code; return how many rows changed."""
    tag = Tag.CONSUMABLE_CATEGORIES_IMPORTED
    changed = put_rows(session, ConsumableCategory, ("code",), columns, import_id, tag, actor, at, facts)
    outdate(session, "category", select(ConsumableCategory.id).where(ConsumableCategory.import_id == import_id))
    return changed


def put_devices(
    session: Session, *, devices: Sequence[Published], actor: Actor, at: datetime, facts: Facts
) -> dict[str, int]:
    """Add or change devices by their identifier, the last of each counting, and the codes they name.

    Return how many were right, how many of them changed, and how many pairs of code and identifier they told.
    """
    right = {each.di: each for each in devices if is_device_identifier(each.di)}
    if not right:
        return {"devices": 0, "changed": 0, "pairs": 0}
    columns: dict[str, list[Any]] = {name: [getattr(each, name) for each in right.values()] for name in PUBLISHED}
    columns["packings"] = [list(packings) for packings in columns["packings"]]
    columns["edition"] = [each.version for each in right.values()]
    changed = upsert(session, Device.__table__, key=("di",), columns=columns)
    named = [(code, each.di) for each in right.values() for code in split(each.codes) if is_consumable_code(code)]
    _replace(session, ConsumableUdi.di, list(right), named, Told.AUTHORITY)
    _outdate_codes(session, {code for code, _di in named})
    made = {"devices": len(right), "changed": changed, "pairs": len(named)}
    first = session.scalars(select(Device).where(Device.di == next(iter(right)))).one()
    record(session, Tag.DEVICES_READ, first, actor, at, {**facts, **made})
    return made


def _replace(
    session: Session, column: Any, values: Sequence[str], found: Sequence[tuple[str, str]], told: Told
) -> None:
    """Take away what was told of these codes or identifiers, and write what is told now."""
    for some in batches(values, 500):
        session.execute(delete(ConsumableUdi).where(column.in_(some), ConsumableUdi.told == told))
    if unique := list(dict.fromkeys(found)):
        columns = {"code": [code for code, _di in unique], "di": [di for _code, di in unique]}
        insert_rows(session, ConsumableUdi.__table__, columns={**columns, "told": [told] * len(unique)})


def _outdate_codes(session: Session, codes: set[str]) -> None:
    for some in batches(codes, 500):
        outdate(session, "consumable", select(Consumable.id).where(Consumable.code.in_(some)))


_COLUMNS = (
    "id", "code", "generic_name", "product_name", "company", "certificate", "material", "feature", "class_3", "unit",
)  # fmt: skip


def entries(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return how consumables are found."""
    rows = list(rows_of(session, Consumable, _COLUMNS, ids))
    known = _identifiers(session, [row.code for row in rows])
    return {row.id: _entry(row, known.get(row.code, ())) for row in rows}


def _identifiers(session: Session, codes: Sequence[str]) -> Mapping[str, list[str]]:
    query, found = select(ConsumableUdi.code, ConsumableUdi.di), dict[str, list[str]]()
    parts = (
        [query.where(ConsumableUdi.code.in_(some)) for some in batches(codes, 500)] if len(codes) < 5_000 else [query]
    )
    for part in parts:
        for code, di in session.execute(part):
            found.setdefault(code, []).append(di)
    return found


def _entry(row: Any, dis: Sequence[str]) -> Entry:
    return Entry(
        kind="consumable", title=row.product_name or row.generic_name,
        names=(row.product_name or "", row.generic_name), codes=(row.code, row.certificate or "", *dis[:50]),
        detail=" ".join(filter(None, (row.generic_name, row.material, row.feature, row.company))),
        others=(row.company, row.material or "", row.feature or ""), classes=classes_of(row.code), maker=row.company,
        facts={
            "generic_name": row.generic_name, "specification": row.feature, "maker": row.company, "code": row.code,
            "pack": row.unit,
        },
    )  # fmt: skip


def category_entries(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return how categories are found."""
    rows = rows_of(session, ConsumableCategory, ("id", "code", "name", "charge"), ids)
    return {
        row.id: Entry(
            "category", row.name, (row.name,), (row.code,), row.code, (row.charge or "",), classes_of(row.code)
        )
        for row in rows
    }


source("consumable", select(Consumable.id), entries)
source("category", select(ConsumableCategory.id), category_entries)
counted("consumable", Consumable, category=func.substr(Consumable.code, 1, CATEGORY_LENGTH), maker=Consumable.company)
