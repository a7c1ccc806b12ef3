"""Listed prices of other regions; the export of the list comes back as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.codes.rules.structure import is_drug_code
from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Issue
from kernel.parties import regions
from pricing.governance.comparison.queries import outside
from pricing.governance.comparison.rules.matching import Written
from pricing.governance.comparison.rules.prices import Held, timeline, unit_price
from pricing.governance.comparison.services.bringing import Said, bring
from pricing.listings.flow import ListingKind
from pricing.listings.rules import KIND_WORDS, MOST

KINDS = tuple(Choice(kind.value, KIND_WORDS[kind], kind.value) for kind in ListingKind)
NAMES = ("name", "maker", "form", "specification")


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Read each row's price, and compare it with what stands of its product, region and day."""
    out, found = Plan(), list[tuple[Row, Said]]()
    places, asked = regions.by_code(session), {row["region_code"] for row in rows}
    own = outside.listed_here(session, asked)
    seen = dict[object, int]()
    for row in rows:
        wrong, said = list(_wrong(row, places, own)), _said(row.values)
        if seen.setdefault(_key(said), row.number) != row.number:
            wrong.append(row.issue("outside-twice", "starts", row=seen[_key(said)]))
        if wrong:
            out.issues += wrong
        else:
            found.append((row, said))
    _compare(session, out, found)
    return out


def _key(said: Said) -> tuple[object, ...]:
    return said.written.digest, said.region_code, said.kind, said.starts


def _wrong(row: Row, places: Collection[str], own: Collection[str]) -> Iterator[Issue]:
    """Yield all that is wrong with a row."""
    if row["region_code"] not in places:
        yield row.issue("listing-no-region", "region_code", region=row["region_code"])
    elif row["region_code"] in own:
        yield row.issue("outside-own-region", "region_code", region=row["region_code"])
    if row["code"] and not (is_drug_code(row["code"]) or (len(row["code"]) == 14 and row["code"].isdigit())):
        yield row.issue("not-a-drug-code", "code")
    if not row["code"]:
        for name in NAMES:
            if not row[name]:
                yield row.issue("outside-names-needed", name)
    if not row["pack"]:
        yield row.issue("outside-bad-pack", "pack")
        return
    price = unit_price(row["price"], row["pack_price"], row["pack"])
    if price is None:
        both = row["price"] is not None
        yield row.issue("outside-prices-differ" if both else "outside-no-price", "price", pack_price=row["pack_price"])
    elif not 0 < price < MOST:
        yield row.issue("listing-bad-price", "price", price=price)
    if row["ends"] is not None and row["ends"] <= row["starts"]:
        yield row.issue("listing-ends-first", "ends", starts=row["starts"], ends=row["ends"])


def _said(values: Mapping[str, Any]) -> Said:
    """Return what cells say; a workbook may lack columns."""
    read, pack = values.get, values["pack"]
    code, name, maker, form, specification = (read(each) or "" for each in ("code", *NAMES))
    written = Written(code, name, maker, form, specification, pack)
    price = unit_price(read("price"), read("pack_price"), pack) if pack else None
    held = Held(price or Decimal(0), read("pack_price"), read("ends"), values["document"])
    return Said(written, values["region_code"], ListingKind(read("kind") or ListingKind.LISTED), values["starts"], held)


def _compare(session: Session, out: Plan, found: list[tuple[Row, Said]]) -> None:
    ids = outside.ids_of(session, {said.written.digest for _row, said in found})
    by_key: dict[outside.Key, dict[date, Held]] = {}
    for _row, said in found:
        if key := _place(ids, said):
            by_key.setdefault(key, {})[said.starts] = said.held
    stands = outside.stands(session, by_key) if by_key else {}
    lines = {
        key: timeline({day: held for day, (_id, held) in stands.get(key, {}).items()}, days)
        for key, days in by_key.items()
    }
    for row, said in found:
        key = _place(ids, said)
        old = stands.get(key, {}).get(said.starts) if key else None
        _sort_out(out, row, said, old[1] if old else None, lines[key][said.starts] if key else said.held)


def _place(ids: Mapping[str, int], said: Said) -> outside.Key | None:
    """Return the key of a row's prices; None where the product is new."""
    known = ids.get(said.written.digest)
    return None if known is None else (known, said.region_code, said.kind)


def _sort_out(out: Plan, row: Row, said: Said, old: Held | None, new: Held) -> None:
    title = f"{said.written.name or said.written.code} {said.written.specification}"
    if old is None:
        out.creates.append(row.planned(title=title, price=said.held.price))
    elif old == new:
        out.unchanged += 1
    else:
        names = ("price", "pack_price", "ends", "document")
        before = {name: getattr(old, name) for name in names if getattr(old, name) != getattr(new, name)}
        out.changes.append(row.planned(title=title, before=before, price=said.held.price))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Keep all of them at once."""
    rows = [_said(item.values) for item in (*plan.creates, *plan.changes)]
    facts = {"digest": source.digest, "sheet": source.sheet}
    bring(session, said=rows, import_id=source.import_id, actor=actor, at=at, source=facts)


KIND = Kind(
    name="outside-prices",
    version=1,
    title_zh="外省挂网价格",
    title_en="Listed prices of other regions",
    permission=P.LISTING_WRITE,
    columns=(
        Column("region_code", "地区代码", "Region code", ColumnKind.CODE, required=True, example="970000"),
        Column("code", "药品代码", "Product code", ColumnKind.CODE, max_length=40, width=26,
               aliases=("国家医保药品代码", "医保药品编码", "药品本位码"), example="XJ01CAA040A001010100001",
               help_zh="医保药品代码或本位码；未知时留空，按名称比对",
               help_en="National drug code or standard code; empty where unknown: names are compared"),
        Column("name", "通用名", "Generic name", max_length=200, width=24, aliases=("药品名称", "注册名称"),
               example="阿莫西林胶囊"),
        Column("maker", "生产企业", "Maker", max_length=200, width=30, aliases=("企业名称", "上市许可持有人"),
               example="华辰制药有限公司"),
        Column("form", "剂型", "Form", max_length=60, example="胶囊"),
        Column("specification", "规格", "Specification", max_length=200, width=20, example="0.25g"),
        Column("pack", "包装数量", "Pack count", ColumnKind.INT, required=True, aliases=("转换比",), example="24"),
        Column("price", "单价", "Unit price", ColumnKind.PRICE, example="0.4167", aliases=("最小单位价格",),
               help_zh="元/最小计量单位；单价、包装价填一个即可", help_en="Yuan per unit; either price is enough"),
        Column("pack_price", "包装价", "Pack price", ColumnKind.PRICE, example="10.00", aliases=("挂网价",)),
        Column("starts", "价格日期", "Price date", ColumnKind.DATE, required=True, example="2026-11-01",
               help_zh="该价格执行的第一天", help_en="The first day of the price"),
        Column("ends", "终止日期", "End", ColumnKind.DATE, help_zh="不再执行的第一天；留空为至下次价格",
               help_en="The first day it no longer counts; empty: until the next price"),
        Column("kind", "挂网类别", "Kind of listing", ColumnKind.CHOICE, choices=KINDS, example="挂网",
               help_zh="留空为挂网；只与同类价格比较", help_en="Empty: listed; compared with its own kind only"),
        Column("document", "依据", "Document", required=True, max_length=400, width=32,
               example="山河省药品挂网价格公告（2026 年第 11 期）"),
    ),
    plan=plan,
    apply=apply,
    notes_zh=("同一地区、产品、日期一行；同名再导入即为更正，历史价格保留。",),
    notes_en=("One row a region, product and day; a row of the same day corrects it, earlier days are kept.",),
    back=("pricing.outside", {}),
)  # fmt: skip
