"""Thousands of rows with traps through an export and an import again: no value changes, in any format, on any database.

What is in the tables is what an import could have put there. A second import of the export plans nothing; into empty
tables it puts what was there.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum import ean

from catalogue.consumables import exports as consumable_exports
from catalogue.consumables import services as consumable_services
from catalogue.consumables.models import Consumable, ConsumableCategory
from catalogue.register import exports as register_exports
from catalogue.register import services as register_services
from catalogue.register.models import CodedDrug, LocalProduct
from importers import services
from importers.checking import check
from importers.columns import Choice, Column, ColumnKind
from importers.flow import Mode
from importers.models import Import
from importers.registry import kind, kinds
from importers.workbook import Workbook
from kernel.auth.actor import SYSTEM
from kernel.db import Base
from kernel.sheets import Sheet
from tests.importers import traps
from tests.importers.conftest import AT
from tests.importers.kinds.test_catalogue import SHEETS
from tests.importers.test_checking import kind as small_kind
from tests.importers.ways import EACH_WAY, WAYS, told

K = ColumnKind
SEED, ROWS, FEWER = 20261122, 10_000, 1_500


EVERY_KIND = (
    Column("code", "代码", "Code", K.CODE, required=True, max_length=60),
    Column("name", "名称", "Name", required=True),
    Column("price", "单价", "Price", K.PRICE),
    Column("cut", "降价", "Cut", K.PRICE, minimum=None),
    Column("quantity", "数量", "Quantity", K.QUANTITY),
    Column("factor", "系数", "Factor", K.DECIMAL, places=12),
    Column("count", "个数", "Count", K.INT, minimum=None),
    Column("day", "日期", "Day", K.DATE),
    Column("form", "剂型", "Form", K.CHOICE, choices=(Choice("oral", "口服", "Oral"), Choice("shot", "注射", "Shot"))),
    Column("listed", "在册", "Listed", K.FLAG),
    Column("long_code", "长码", "Long code", K.CODE, length=(18, 20, 23, 27)),
    Column("note", "备注", "Note", max_length=800),
)


@pytest.mark.parametrize("way", WAYS)
def test_ten_thousand_rows_of_every_kind_of_cell_come_back_as_they_were(way: str) -> None:
    made = list(traps.rows(EVERY_KIND, ROWS, SEED))
    sheet = Sheet("数据", [column.header_zh for column in EVERY_KIND], made)
    found = check(WAYS[way](sheet), small_kind(columns=EVERY_KIND), {})
    assert [(issue.cell, issue.code, issue.value) for issue in found.issues] == [] == list(found.notes)
    back = list(zip(*(found.rows.columns[column.name] for column in EVERY_KIND), strict=True))
    differing = [(was, now) for was, now in zip(made, back, strict=True) if was != list(now)]
    assert differing == []
    assert {tuple(map(type, row)) for row in back} == {tuple(map(type, row)) for row in made}


@dataclass(frozen=True)
class Bulk:
    """A register: its kind, table, verb and export."""

    kind: str
    model: type[Base]
    put: Callable[..., int]
    sheet: Callable[[Session], Sheet]
    code: Callable[[int], str]
    fixed: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()


def drug_code(number: int) -> str:
    western = f"XJ01CAA040A001{number // 10_000:02d}{number // 100 % 100:02d}{number % 100_000:05d}"
    return western if number % 3 else f"{'ZT'[number % 2]}{number:019d}"


def consumable_code(number: int) -> str:
    return f"C{number:019d}" if number % 2 else f"C{number:026d}"


REGISTERS = (
    Bulk("drugs", CodedDrug, register_services.put_drugs,
         lambda session: register_exports.drugs(session, sa.select(CodedDrug)), drug_code),
    Bulk("products", LocalProduct, register_services.put_local_products,
         lambda session: register_exports.local_products(session, sa.select(LocalProduct)), traps.free_code,
         (("list_name", "=甲院"),), (("list", "=甲院"),)),
    Bulk("consumables", Consumable, consumable_services.put_consumables,
         lambda session: consumable_exports.consumables(session, sa.select(Consumable)), consumable_code),
    Bulk("consumable-categories", ConsumableCategory, consumable_services.put_categories,
         lambda session: consumable_exports.categories(session, sa.select(ConsumableCategory)),
         lambda number: f"C{number:0{9 + number % 2}d}"),
)  # fmt: skip


def fill(session: Session, register: Bulk, count: int) -> None:
    """Put so many rows into a register as its import's verb would."""
    columns, chance = kind(register.kind).columns, random.Random(SEED)
    made = {column.name: [traps.value(column, chance, number) for number in range(count)] for column in columns}
    made[columns[0].name] = [register.code(number) for number in range(count)]
    if "company" in made:
        made["company"] = [each or "无" for each in made["company"]]
    if "udi" in made:
        made["udi"] = [None if number % 5 == 0 else identifier(number) for number in range(count)]
    fixed = {name: [value] * count for name, value in register.fixed}
    register.put(session, columns={**made, **fixed, "row": range(count)}, import_id=None, actor=SYSTEM, at=AT, facts={})


def identifier(number: int) -> str:
    body = f"{number:013d}"
    return body + ean.calc_check_digit(body)


def table(session: Session, register: Bulk) -> list[tuple[Any, ...]]:
    columns = [getattr(register.model, column.name) for column in kind(register.kind).columns]
    return sorted((tuple(row) for row in session.execute(sa.select(*columns))), key=repr)


def stage(session: Session, register: Bulk, book: Workbook) -> Import:
    return services.stage(session, name=register.kind, query=dict(register.query), book=book, actor=SYSTEM, at=AT)


@EACH_WAY
@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.kind)
def test_a_register_comes_back_as_it_was(
    register: Bulk, way: str, session: Session, figure: Callable[[str], None]
) -> None:
    count = ROWS if register.kind == "drugs" else FEWER
    fill(session, register, count)
    before, book = table(session, register), WAYS[way](register.sheet(session))
    again = stage(session, register, book)
    assert list(told(session, again)) == []
    assert (again.created, again.changed, again.unchanged, again.faulty) == (0, 0, count, 0)
    session.execute(sa.delete(register.model))
    anew = stage(session, register, book)
    services.apply(session, import_id=anew.id, mode=Mode.ALL, actor=SYSTEM, at=AT)
    assert anew.created == count and table(session, register) == before
    figure(f"round trip: {register.kind} by {way} on {session.get_bind().dialect.name}: {count} rows, 0 changes")


ELSEWHERE = {
    "evaluations", "national-list", "pharmacies", "dual-channel", "regions", "listings", "invoices",
    "national-ratings", "outside-prices", "round-violations", "service-categories",
    "service-items", "service-mappings", "service-prices",
}  # fmt: skip
WITHOUT_EXPORT = {
    "adjustment-lines", "bids", "demand", "fund-dues", "listing-applications", "lots", "new-items", "non-winning-use",
    "credit-facts", "offline-purchases", "past_use", "pharmacy-stock", "plan-lines", "pre-round-purchases",
    "review-facts", "round-caps", "service-volumes", "shipment-batches", "trigger-indicators",
}  # fmt: skip
"""Kinds whose template comes filled with what stands, or that nobody exports."""


def test_every_kind_is_tried_here_or_is_known_to_have_no_export() -> None:
    tried = {register.kind for register in REGISTERS} | set(SHEETS) | ELSEWHERE
    assert set(kinds()) - WITHOUT_EXPORT == tried


def test_every_character_survives_gb18030() -> None:
    every = [chr(code) for code in range(0x20, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    lost = [character for character in every if character.encode("gb18030").decode("gb18030") != character]
    assert lost == []


@pytest.mark.parametrize("name", sorted(set(kinds())))
def test_headers_in_gb18030_are_never_taken_for_utf_8(name: str) -> None:
    headers = ",".join(column.header_zh for column in kind(name).columns).encode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        headers.decode("utf-8")
