"""Thousands of rows with traps through an export and an import again: no value changes, in any format, on any database.

What is in the tables is what an import could have put there. A second import of the export plans nothing; into empty
tables it puts what was there.
"""

from __future__ import annotations

import io
import pathlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum import ean

from catalogue.consumables import exports as consumable_exports
from catalogue.consumables import services as consumable_services
from catalogue.consumables.models import Consumable, ConsumableCategory
from catalogue.drugs.models import Product, Specification, Variety
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services.companies import OrganisationDraft, create_company
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.drugs.services.varieties import add_specification, create_variety
from catalogue.editions.exports import edition_sheet
from catalogue.editions.queries import editions
from catalogue.register import exports as register_exports
from catalogue.register import services as register_services
from catalogue.register.models import CodedDrug, LocalProduct
from catalogue.search.models import SearchEntry
from importers import queries, services
from importers.checking import check
from importers.columns import Choice, Column, ColumnKind
from importers.demo.parties import credit_code
from importers.flow import Mode
from importers.models import Import
from importers.registry import kind, kinds
from importers.workbook import Workbook, read
from kernel.auth.actor import SYSTEM
from kernel.db import Base
from kernel.errors import FileRefused
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from kernel.sheets import Sheet, write_csv, xlsx
from tests.importers import traps
from tests.importers.conftest import AT
from tests.importers.kinds.test_catalogue import SHEETS
from tests.importers.test_checking import kind as small_kind

K = ColumnKind
SEED, ROWS, FEWER = 20261122, 10_000, 1_500


def taken(data: bytes, name: str) -> Workbook:
    try:
        return read(data, name)
    except FileRefused as refused:
        refused.add_note(str(refused.issues))
        raise


def by_xlsx(sheet: Sheet) -> Workbook:
    return taken(xlsx([sheet]), "back.xlsx")


def by_csv(sheet: Sheet, encoding: str = "utf-8") -> Workbook:
    target = io.BytesIO()
    write_csv(target, sheet.headers, sheet.rows, encoding=encoding)
    return taken(target.getvalue(), "back.csv")


WAYS: dict[str, Callable[[Sheet], Workbook]] = {
    "xlsx": by_xlsx,
    "csv-utf-8": by_csv,
    "csv-gb18030": lambda sheet: by_csv(sheet, "gb18030"),
}
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


def told(session: Session, import_: Import) -> Iterator[tuple[str, str, str]]:
    found = queries.findings(session, import_)
    assert found is not None
    yield from ((issue.cell, issue.code, issue.value) for issue in (*found.issues, *found.notes))


@pytest.mark.parametrize("way", WAYS)
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


@pytest.fixture
def full(session: Session) -> Session:
    """A catalogue of organisations, varieties and products whose every text is a trap."""
    session.add(Region(code="3201", name="=南京市"))
    session.flush()
    chance = random.Random(SEED)
    made = [organisation(session, chance, number) for number in range(240)]
    makers = [each for each in made if each.kind is OrganisationKind.COMPANY]
    for number in range(24):
        variety = create_variety(
            session, code=f"'{number:04d}", generic_name=f"{trap(chance, number, 80)}{number}", form_group="=口服",
            form_kind=FormKind.ORAL_SOLID, english=trap(chance, number), actor=SYSTEM, at=AT,
        )  # fmt: skip
        for text in ("25mg*30片", "0.1g*30片"):
            draft = SpecificationDraft(text, Form.TABLET)
            one = add_specification(session, variety_id=variety.id, draft=draft, actor=SYSTEM, at=AT)
            session.flush()
            product(session, chance, number, makers[number].id, one.id)
    session.flush()
    return session


def trap(chance: random.Random, number: int, most: int = 200) -> str:
    return traps.text(chance, number)[:most].strip()


def organisation(session: Session, chance: random.Random, number: int) -> Organisation:
    company = number % 2 == 0
    texts = [trap(chance, number + step) if step == 1 or chance.random() < 0.8 else "" for step in range(1, 8)]
    draft = OrganisationDraft(
        name=texts[0], code=credit_code(number, kind="91" if company else "12"), short_name=texts[1],
        region_code="3201" if number % 3 else "", grade="" if company else texts[2], address=texts[3],
        legal_person=texts[4], contact=texts[5], phone=texts[6],
    )  # fmt: skip
    kind_ = OrganisationKind.COMPANY if company else OrganisationKind.HOSPITAL
    return create_company(session, draft=draft, kind=kind_, actor=SYSTEM, at=AT)


def product(session: Session, chance: random.Random, number: int, company_id: int, specification_id: int) -> None:
    draft = ProductDraft(
        trap(chance, number), f"国药准字H2004{number:04d}", 30, trap(chance, number + 1), digits14(number),
        trap(chance, number + 2), number % 2 == 0, number % 3 == 0,
    )  # fmt: skip
    create_product(session, company_id=company_id, specification_id=specification_id, draft=draft, actor=SYSTEM, at=AT)


def digits14(number: int) -> str:
    return f"869{number:011d}"


@pytest.mark.parametrize("way", WAYS)
def test_the_catalogue_comes_back_as_it_was(way: str, full: Session) -> None:
    before = {name: [tuple(row) for row in SHEETS[name](full).rows] for name in SHEETS}
    books = {name: WAYS[way](SHEETS[name](full)) for name in SHEETS}
    for name, book in books.items():
        again = services.stage(full, name=name, query={}, book=book, actor=SYSTEM, at=AT)
        assert list(told(full, again)) == []
        assert (again.created, again.changed, again.unchanged) == (0, 0, len(before[name])), name
    empty(full)
    for name, book in books.items():
        anew = services.stage(full, name=name, query={}, book=book, actor=SYSTEM, at=AT)
        services.apply(full, import_id=anew.id, mode=Mode.ALL, actor=SYSTEM, at=AT)
        full.flush()
    full.expire_all()
    assert {name: [tuple(row) for row in SHEETS[name](full).rows] for name in SHEETS} == before


def empty(session: Session) -> None:
    """Take the catalogue away."""
    tables: tuple[type[Base], ...] = (Product, Specification, Variety, SearchEntry)
    for each in tables:
        session.execute(sa.delete(each))
    kinds_ = (OrganisationKind.COMPANY, OrganisationKind.HOSPITAL)
    session.execute(sa.delete(Organisation).where(Organisation.kind.in_(kinds_)))
    session.expire_all()


def test_the_real_national_list_comes_back_as_it_was_in_every_format(session: Session, shared: pathlib.Path) -> None:
    path, query = shared / "data" / "nrdl" / "nrdl_2024.xlsx", {"edition": "2024"}
    book = read(path.read_bytes(), path.name)
    first = services.stage(session, name="national-list", query=query, book=book, actor=SYSTEM, at=AT)
    services.apply(session, import_id=first.id, mode=Mode.ALL, actor=SYSTEM, at=AT)
    edition = editions.by_code(session, "2024")
    assert edition is not None
    for way in WAYS.values():
        back = way(edition_sheet(session, edition=edition))
        again = services.stage(session, name="national-list", query=query, book=back, actor=SYSTEM, at=AT)
        assert (again.created, again.changed, again.faulty) == (0, 0, 0) and again.unchanged > 4_000


WITHOUT_EXPORT = {"bids", "demand", "lots", "past_use", "regions", "review-facts", "round-caps"}
"""Kinds whose template comes filled with what stands, or that nobody exports."""


def test_every_kind_is_tried_here_or_is_known_to_have_no_export() -> None:
    tried = {register.kind for register in REGISTERS} | set(SHEETS) | {"national-list"}
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
