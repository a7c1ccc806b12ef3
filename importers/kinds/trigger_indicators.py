"""The data of a region's yearly trigger evaluation, each figure with its source or the reason why it is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.identity import record_id
from pricing.triggers import queries
from pricing.triggers.flow import YEAR_FLOW, YearAction
from pricing.triggers.labels import INPUTS
from pricing.triggers.services.years import Given, enter, faults


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the region's year that the page named, or NotFound; Conflict where nothing can be entered any more."""
    found = queries.one(session, record_id(query.get("year", "")) or 0)
    YEAR_FLOW.after(found.state, YearAction.ENTER)
    return {"year": found.id}


def prefill(
    session: Session, *, context: Context, actor: Actor, at: datetime
) -> Iterable[Mapping[str, Any]]:  # fmt: skip
    """Put a row for each figure into the template, with what is known."""
    held = queries.values(session, context["year"])
    for name in queries.rules_of(queries.one(session, context["year"])).inputs():
        row: dict[str, Any] = {"input": name, "name": str(INPUTS.get(name, name))}
        if one := held.get(name):
            row |= {"value": one.value, "source": one.source, "note": one.note}
        yield row


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Hold the rows against what is entered; a row of which nothing is filled in is passed over."""
    held = queries.values(session, context["year"])
    known, out = set(queries.rules_of(queries.one(session, context["year"])).inputs()), Plan()
    for row in rows:
        given = Given(row["input"], row["value"], row["source"] or "", row["note"] or "")
        if given.value is None and not given.source and not given.note:
            continue
        wrong = faults([given], known)
        out.issues += [row.issue(one.code, "value", **one.facts) for one in wrong.values()]
        old = held.get(given.input)
        title = row["name"] or given.input
        if wrong:
            continue
        if old is None:
            out.creates.append(row.planned(title=title))
        elif (old.value, old.source, old.note) == (given.value, given.source, given.note):
            out.unchanged += 1
        else:
            out.changes.append(row.planned(title=title, before={"value": old.value}))
    return out


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Enter all of them at once."""
    rows = [
        Given(item.values["input"], item.values["value"], item.values["source"] or "", item.values["note"] or "")
        for item in (*plan.creates, *plan.changes)
    ]
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    enter(session, year_id=context["year"], rows=rows, actor=actor, at=at, source=facts)


KIND = Kind(
    name="trigger-indicators",
    version=1,
    title_zh="触发评估数据",
    title_en="Data of trigger evaluations",
    permission=P.ADJUSTMENT_WRITE,
    columns=(
        Column("input", "数据项代码", "Figure", ColumnKind.CODE, required=True, width=28, example="gdp", locked=True),
        Column("name", "数据项", "Name", max_length=120, width=44, example="地区生产总值（元）", locked=True),
        Column("value", "数值", "Value", ColumnKind.DECIMAL, places=4, minimum=None, width=22, example="5300000000000",
               help_zh="金额以元计，比例写小数（3% 写 0.03）；缺失时留空",
               help_en="Yuan; shares as 0.03; empty where missing"),
        Column("source", "数据来源", "Source", max_length=200, width=32, example="2025年统计年鉴表2-1",
               help_zh="有数值时必填", help_en="Needed with a value"),
        Column("note", "缺失原因", "Why it is missing", max_length=200, width=32, help_zh="无数值时必填",
               help_en="Needed without a value"),
    ),
    key=("input",),
    plan=plan,
    apply=apply,
    context=context,
    prefill=prefill,
    back=("pricing.trigger", {"year_id": "year"}),
)  # fmt: skip
