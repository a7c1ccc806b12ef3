"""Old items and the items of a guideline that they go into: one into many, many into one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Forbidden
from kernel.policy import nationwide
from pricing.items.queries import items, mappings
from pricing.items.services.mappings import put_mappings

FIELDS = ("old_id", "new_id", "share", "note")


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Refuse officers of a city: the list holds in a whole province, or in the nation."""
    if not nationwide(actor.region):
        raise Forbidden
    return {}


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find both items of each row as the office's region uses them, and compare with the pairs that stand."""
    out = Plan()
    codes = {code for name in ("old_code", "new_code") for code in rows.columns[name] if code}
    known = items.ids_near(session, codes, actor.region)
    stands = mappings.standing(session, known.values())
    for row in rows:
        wrong = [name for name in ("old_code", "new_code") if row[name] not in known]
        if wrong:
            out.issues += [row.issue("service-no-code", name, item=row[name]) for name in wrong]
            continue
        if row["old_code"] == row["new_code"]:
            out.issues.append(row.issue("service-maps-itself", "new_code"))
            continue
        pair = known[row["old_code"]], known[row["new_code"]]
        values = {"old_id": pair[0], "new_id": pair[1], "share": row["share"], "note": row["note"] or ""}
        old, title = stands.get(pair), f"{row['old_code']} → {row['new_code']}"
        if old is None:
            out.creates.append(row.planned(title=title, **values))
        elif (old.share, old.note) == (values["share"], values["note"]):
            out.unchanged += 1
        else:
            before = {"share": old.share, "note": old.note}
            differ = {name: value for name, value in before.items() if value != values[name]}
            out.changes.append(row.planned(title=title, before=differ, **values))
    return out


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    found = [*plan.creates, *plan.changes]
    columns = {name: [item.values[name] for item in found] for name in FIELDS}
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    put_mappings(session, columns=columns, actor=actor, at=at, facts=facts)


KIND = Kind(
    name="service-mappings",
    version=1,
    title_zh="新旧项目对应表",
    title_en="Old and new service items",
    permission=P.SERVICE_WRITE,
    columns=(
        Column("old_code", "原项目编码", "Old item code", ColumnKind.CODE, required=True, max_length=40, width=18,
               example="430000001"),
        Column("old_name", "原项目名称", "Old item", max_length=200, width=28, help_zh="仅供核对",
               help_en="For checking by eye"),
        Column("new_code", "新项目编码", "New item code", ColumnKind.CODE, required=True, max_length=40, width=18,
               example="01440102001"),
        Column("new_name", "新项目名称", "New item", max_length=200, width=28, help_zh="仅供核对",
               help_en="For checking by eye"),
        Column("share", "折算次数", "Charged per old item", ColumnKind.DECIMAL, width=12, example="1",
               help_zh="原项目每收费一次，新项目收费的次数；不清楚的留空，不作测算",
               help_en="How many of the new item are charged for one of the old; empty where nobody knows: no effect "
               "is computed"),
        Column("note", "备注", "Note", max_length=400, width=28),
    ),
    key=("old_code", "new_code"),
    plan=plan,
    context=context,
    apply=apply,
    back=("pricing.service_mappings", {}),
)  # fmt: skip
