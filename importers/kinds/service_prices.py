"""Price tables of medical services: a ceiling an item and grade in a pricing region, from a day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Planned, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import NotFound
from kernel.parties.models import Region
from kernel.periods import read_day
from kernel.policy import covers
from pricing.items.flow import PriceGrade, PriceSource
from pricing.items.queries import items, prices
from pricing.items.rules.prices import GRADE_WORDS, Change, Key, NewPrice, Standing, change, faults
from pricing.items.services.prices import set_prices

ALL = "all_grades"


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Say where the prices hold and from which day on (today)."""
    region = query.get("region", "")
    if session.get(Region, region) is None or not covers(actor.region, region):
        raise NotFound(region=region)
    day = read_day(query.get("day") or today(at).isoformat())
    if day is None:
        raise NotFound(day=query["day"])
    return {"region": region, "day": day.isoformat()}


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare each row's prices with the last ones of its item."""
    out, region = Plan(), context["region"]
    known = _known(session, rows, region)
    found = []
    for row in rows:
        item_id, given = known.get(row["code"]), dict(_given(row))
        if item_id is None:
            out.issues.append(row.issue("service-no-code", "code", item=row["code"]))
        elif not given:
            out.issues.append(row.issue("service-no-price", "code"))
        else:
            found.append((row, item_id, given))
    wanted = [NewPrice(id_, region, grade, price) for _row, id_, given in found for grade, price in given.items()]
    last = prices.standing(session, wanted) if wanted else {}
    for row, item_id, given in found:
        _compare(out, row, [NewPrice(item_id, region, *one) for one in given.items()], last, context, today(at))
    return out


def _known(session: Session, rows: Rows, region: str) -> dict[str, int]:
    """Return the items that a region uses by code."""
    return items.ids_near(session, [code for code in rows.columns["code"] if code], region)


def _given(row: Row) -> Iterator[tuple[PriceGrade, Decimal]]:
    for grade in PriceGrade:
        price = row[grade.value] if row[grade.value] is not None else row[ALL]
        if price is not None:
            yield grade, price


def _compare(
    out: Plan, row: Row, new: list[NewPrice], last: Mapping[Key, Standing], context: Context, day: date
) -> None:
    starts_on = date.fromisoformat(context["day"])
    wrong = [fault for one in new for fault in faults(one, last.get(one.key), starts_on=starts_on, today=day)]
    if wrong:
        out.issues.append(row.issue(wrong[0].code, "code", **wrong[0].facts))
        return
    acts = [change(one, last.get(one.key), starts_on=starts_on) for one in new]
    values: dict[str, Any] = {one.grade.value: one.price for one in new}
    title = row["name"] or row["code"]
    if all(act is Change.KEEP for act in acts):
        out.unchanged += 1
    elif all(act is Change.CREATE for act in acts):
        out.creates.append(row.planned(title=title, **values, item_id=new[0].item_id))
    else:
        stood = {one.grade.value: last[one.key].price for one in new if one.key in last}
        before = {name: price for name, price in stood.items() if price != values[name]}
        out.changes.append(row.planned(title=title, before=before, **values, item_id=new[0].item_id))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Set all of them at once."""
    rows = [one for item in (*plan.creates, *plan.changes) for one in _prices(item, context["region"])]
    set_prices(
        session, rows, starts_on=date.fromisoformat(context["day"]), source=PriceSource.IMPORT,
        source_id=source.import_id, actor=actor, at=at,
    )  # fmt: skip


def _prices(item: Planned, region: str) -> Iterator[NewPrice]:
    for grade in PriceGrade:
        price = item.values.get(grade.value)
        if price is not None:
            yield NewPrice(item.values["item_id"], region, grade, price)


def _column(grade: PriceGrade, en: str) -> Column:
    return Column(grade.value, GRADE_WORDS[grade], en, ColumnKind.PRICE, width=12, help_zh="元，最高价", help_en="Yuan")


KIND = Kind(
    name="service-prices",
    version=1,
    title_zh="医疗服务价格表",
    title_en="Price table of service items",
    permission=P.SERVICE_WRITE,
    columns=(
        Column("code", "项目编码", "Item code", ColumnKind.CODE, required=True, max_length=40, width=18,
               aliases=("编码",), example="210101001"),
        Column("name", "项目名称", "Item", max_length=200, width=32, help_zh="仅供核对", help_en="For checking by eye"),
        Column("unit", "计价单位", "Unit", max_length=60, width=12, help_zh="仅供核对", help_en="For checking by eye"),
        _column(PriceGrade.THIRD, "Third grade"),
        _column(PriceGrade.SECOND, "Second grade"),
        _column(PriceGrade.FIRST, "First grade and below"),
        Column(ALL, "各级同价", "All grades", ColumnKind.PRICE, width=12, aliases=("price_yuan", "价格"),
               help_zh="元；某等级另有价格的以该等级为准",
               help_en="Yuan; a grade's own column goes before it", example="22.00"),
    ),
    key=("code",),
    plan=plan,
    apply=apply,
    context=context,
    notes_zh=("价格自导入页所示日期北京时间零时起执行，原价格同时终止。",),
    notes_en=("Prices hold from 00:00 Beijing time of the import page's day on; the prices before end there.",),
    back=("pricing.service_items", {}),
)  # fmt: skip
