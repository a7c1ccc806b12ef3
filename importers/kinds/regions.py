"""Provinces, cities and counties by their code."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties import regions


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the regions that stand; a parent must stand there or in the file."""
    known = regions.by_code(session)
    coming = {row["code"]: row["parent"] for row in rows}
    out = Plan()
    for row in rows:
        code, parent, old = row["code"], row["parent"], known.get(row["code"])
        if parent is not None and parent not in coming and parent not in known:
            out.issues.append(row.issue("region-parent-unknown", "parent"))
        elif _circle(code, coming):
            out.issues.append(row.issue("region-in-circle", "parent"))
        elif old is None:
            out.creates.append(row.planned(title=row["name"]))
        elif (old.name, old.parent_code) == (row["name"], parent):
            out.unchanged += 1
        else:
            before = {"name": old.name, "parent": old.parent_code}
            differing = {name: value for name, value in before.items() if value != row[name]}
            out.changes.append(row.planned(title=row["name"], before=differing))
    return out


def _circle(code: str, parents: dict[str, str | None]) -> bool:
    seen, step = {code}, parents.get(code)
    while step is not None and step not in seen:
        seen.add(step)
        step = parents.get(step)
    return step == code


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Put all of them in one statement."""
    items = [*plan.creates, *plan.changes]
    wanted = {item.values["code"]: (item.values["name"], item.values.get("parent")) for item in items}
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    regions.put(session, regions=wanted, actor=actor, at=at, facts=facts)


KIND = Kind(
    name="regions",
    version=1,
    title_zh="地区",
    title_en="Regions",
    permission=P.CATALOGUE_WRITE,
    columns=(
        Column(
            "code",
            "地区代码",
            "Region code",
            ColumnKind.CODE,
            required=True,
            length=(2, 4, 6),
            aliases=("代码", "行政区划代码", "code"),
            help_zh="国家标准行政区划代码，2、4 或 6 位数字",
            help_en="National standard code of 2, 4 or 6 digits",
            example="320100",
        ),
        Column(
            "name",
            "地区名称",
            "Region name",
            required=True,
            max_length=60,
            aliases=("名称", "name"),
            width=28,
            example="南京市",
        ),
        Column(
            "parent",
            "上级代码",
            "Parent code",
            ColumnKind.CODE,
            length=(2, 4, 6),
            aliases=("上级地区代码", "parent_code"),
            help_zh="上级地区的代码；省级留空。须已存在或在同一文件中",
            help_en="Code of the region above, empty for a province. It must exist or stand in the same file",
            example="320000",
        ),
    ),
    key=("code",),
    plan=plan,
    apply=apply,
)
