"""The real items and categories go in as they are, come out, and change nothing when they come back."""

from __future__ import annotations

import csv
import io
import pathlib
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.search.queries import search
from catalogue.search.sources.services import catch_up
from importers import queries, services
from importers.flow import Mode
from importers.models import Import
from importers.workbook import read
from kernel.sheets import xlsx
from pricing.items import exports
from pricing.items.flow import AddOnKind, PriceGrade, Pricing
from pricing.items.models import ItemPrice, ItemVersion, ServiceCategory
from pricing.items.queries import items
from pricing.items.queries.prices import prices_on
from tests.importers import books
from tests.pricing.items.scene import CITY, CODES, NOW, PROVINCE, Scene, new, populate, put

DAY = "2026-12-01"


@pytest.fixture
def scene(session: Session) -> Scene:
    return populate(session)


def stage(session: Session, scene: Scene, name: str, data: bytes, suffix: str = "xlsx", **query: str) -> Import:
    book = read(data, f"{name}.{suffix}")
    return services.stage(session, name=name, query=query, book=book, actor=scene.officer, at=NOW)


def write(session: Session, scene: Scene, name: str, data: bytes, suffix: str = "xlsx", **query: str) -> Import:
    staged = stage(session, scene, name, data, suffix, **query)
    return services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=scene.officer, at=NOW)


def counts(import_: Import) -> tuple[int, int, int, int]:
    return import_.created, import_.changed, import_.unchanged, import_.faulty


def issues(session: Session, import_: Import) -> list[tuple[int | None, str, str]]:
    found = queries.findings(session, import_)
    assert found is not None
    return [(issue.row, issue.code, issue.column) for issue in found.issues]


def test_the_real_items_come_in_are_found_and_come_back_without_a_difference(
    session: Session, scene: Scene, shared: pathlib.Path
) -> None:
    data = (shared / "data/service_price/service_price_items_7329.csv").read_bytes()
    own = {"region": PROVINCE, "day": "2026-01-01"}
    assert counts(write(session, scene, "service-items", data, "csv", **own)) == (7329, 0, 0, 0)
    asked = {"region": PROVINCE, "standard": "2001"}
    sheet = exports.catalogue(session, asked, scene.officer, NOW)
    rows = [row for row in sheet.rows if row[0] not in CODES or row[4]]  # the scene's own items stand beside
    read_back = dict(zip(sheet.headers, zip(*rows, strict=True), strict=True))
    real = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    for header, name in (("项目编码", "code"), ("项目名称", "name"), ("计价单位", "unit"), ("说明", "note"),
                         ("类目名称", "category_name"), ("规格", "spec"), ("费用类别", "class")):  # fmt: skip
        assert list(read_back[header]) == [row[name] or None for row in real]
    assert list(read_back["目录价格"]) == [Decimal(row["price_yuan"]) for row in real]
    assert [cell == "是" for cell in read_back["变价"]] == [row["price_variable"] == "1" for row in real]
    again = xlsx([type(sheet)(sheet.name, sheet.headers, rows)])
    assert counts(stage(session, scene, "service-items", again, **own)) == (0, 0, 7329, 0)
    catch_up(session)
    for typed in ("肠粘连松解", "czlsjs", "331000076"):
        assert "肠粘连松解术" in [hit.title for hit in search(session, typed, kind="service_item")]


@pytest.mark.long
def test_a_price_table_of_the_real_items_comes_back_without_a_difference(
    session: Session, scene: Scene, shared: pathlib.Path
) -> None:
    data = (shared / "data/service_price/service_price_items_7329.csv").read_bytes()
    write(session, scene, "service-items", data, "csv", region=PROVINCE, day="2026-01-01")
    table = write(session, scene, "service-prices", data, "csv", region=PROVINCE, day="2026-01-01")
    assert counts(table) == (7329, 0, 0, 0)
    assert session.scalar(select(func.count()).select_from(ItemPrice)) == 3 * 7329
    sheet = exports.price_table(session, {"region": PROVINCE}, scene.officer, NOW)
    assert counts(stage(session, scene, "service-prices", xlsx([sheet]), region=PROVINCE, day=DAY)) == (0, 0, 7329, 0)


def test_the_real_categories_come_in_and_repeated_rows_count_once(
    session: Session, scene: Scene, shared: pathlib.Path
) -> None:
    data = (shared / "data/service_price/service_category.csv").read_bytes()
    assert counts(write(session, scene, "service-categories", data, "csv")) == (945, 0, 2, 0)
    assert counts(stage(session, scene, "service-categories", data, "csv")) == (0, 0, 947, 0)
    row = session.scalars(select(ServiceCategory).where(ServiceCategory.code == "3105").limit(1)).one()
    assert row.name


GUIDE = ["项目编码", "项目名称", "计价单位", "服务产出", "价格构成", "加收项", "减收项", "扩展项", "除外耗材类目",
         "定价方式", "技术劳务"]  # fmt: skip


def guideline(**more: str | None) -> list[str | None]:
    row: dict[str, str | None] = {
        "项目编码": "01440102001", "项目名称": "普通针刺", "计价单位": "次", "服务产出": "通过毫针刺激疏通经络",
        "价格构成": "所定价格涵盖穴位确定、消毒、进针、留针、出针", "加收项": "儿童加收:20%\n夜间加收:5元",
        "减收项": None, "扩展项": "温针", "除外耗材类目": "C0201", "定价方式": "特需", "技术劳务": "是",
    }  # fmt: skip
    return list({**row, **more}.values())


def test_a_guideline_item_keeps_its_columns_and_a_change_is_a_version_of_its_own(
    session: Session, scene: Scene
) -> None:
    asked = {"standard": "guideline", "day": "2026-01-01"}
    assert counts(write(session, scene, "service-items", books.book([GUIDE, guideline()]), **asked)) == (1, 0, 0, 0)
    (item_id,) = items.ids_by_code(session, ["01440102001"]).values()
    (version,) = items.versions(session, item_id)
    assert (version.pricing, version.technical, version.output) == (Pricing.SPECIAL, True, "通过毫针刺激疏通经络")
    more = items.add_ons(session, [version.id])[version.id]
    assert {(one.kind, one.name, one.percent, one.amount) for one in more} == {
        (AddOnKind.ADD, "儿童加收", Decimal("0.2"), None), (AddOnKind.ADD, "夜间加收", None, Decimal(5)),
        (AddOnKind.EXTENSION, "温针", None, None),
    }  # fmt: skip
    assert items.exclusions(session, [version.id]) == {version.id: ("C0201",)}
    sheet = xlsx([exports.catalogue(session, {"standard": "guideline"}, scene.officer, NOW)])
    assert counts(stage(session, scene, "service-items", sheet, **asked)) == (0, 0, 1, 0)
    changed = books.book([GUIDE, guideline(加收项="儿童加收:30%")])
    done = write(session, scene, "service-items", changed, **{**asked, "day": DAY})
    assert counts(done) == (0, 1, 0, 0)
    session.expire_all()
    periods = [(one.starts_on, one.ends_on) for one in items.versions(session, item_id)]
    assert periods == [(date(2026, 12, 1), None), (date(2026, 1, 1), date(2026, 12, 1))]
    assert session.scalar(select(func.count()).where(ItemVersion.item_id == item_id)) == 2


def test_what_can_not_be_read_is_told_at_its_cell(session: Session, scene: Scene) -> None:
    book = books.book([
        GUIDE, guideline(加收项="儿童加收百分之二十"), guideline(项目编码="2", 除外耗材类目="导管"),
        guideline(项目编码=CODES[0]),
    ])  # fmt: skip
    told = stage(session, scene, "service-items", book, standard="guideline", day=DAY)
    assert issues(session, told) == [
        (2, "service-bad-cell", "加收项"), (3, "service-bad-cell", "除外耗材类目"),
        (4, "service-other-standard", "项目编码"),
    ]  # fmt: skip


def test_a_price_table_names_a_price_by_grade_or_one_for_all(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "90"))
    headers = ["项目编码", "三级", "各级同价"]
    book = books.book([headers, [CODES[0], "100", "80"], [CODES[1], None, "5.5"]])
    assert counts(write(session, scene, "service-prices", book, region=PROVINCE, day=DAY)) == (1, 1, 0, 0)
    found = prices_on(session, date(2026, 12, 1), CITY)
    assert [found[scene.ids[0], grade] for grade in PriceGrade] == [Decimal(100), Decimal(80), Decimal(80)]
    assert found[scene.ids[1], PriceGrade.FIRST] == Decimal("5.5")
    wrong = books.book([headers, ["999", None, "1"], [CODES[2], None, None], [CODES[0], "70", None]])
    told = stage(session, scene, "service-prices", wrong, region=PROVINCE, day="2026-11-01")
    assert [code for _row, code, _column in issues(session, told)] == [
        "service-no-code", "service-no-price", "service-price-early"
    ]  # fmt: skip
