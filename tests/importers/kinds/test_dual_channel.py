"""Dual-channel lists, pharmacies and their stock through workbooks: in, out, and in again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from catalogue.dual_channel import exports
from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.models.places import PharmacyProfile
from catalogue.dual_channel.models.records import StockLine
from catalogue.dual_channel.queries import drugs, stock
from catalogue.dual_channel.rules.listing import Layer
from importers import services, workbook
from importers.flow import Mode
from importers.models import Import
from importers.queries import findings
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from kernel.sheets import xlsx
from tests.catalogue.dual_channel.conftest import AT, DAY, World, edition, populate
from tests.factories.people import credit_code
from tests.importers.books import book

DRUG_HEADERS = list(exports.DRUGS)
LISTED = ["980000", "2025", "协议西药", 1, "甲替尼片", "普通", date(2026, 1, 1), None, None, None, None]


def stage(world: World, kind: str, content: bytes, who: str = "agency") -> Import:
    """Upload and check."""
    read = workbook.read(content, "x.xlsx")
    return services.stage(world.session, name=kind, query={}, book=read, actor=world.actors[who], at=AT)


def taken(world: World, kind: str, content: bytes, who: str = "agency") -> tuple[int, int, int, int]:
    """Upload, confirm what is right, and return created, changed, unchanged and wrong rows."""
    made = stage(world, kind, content, who)
    found = findings(world.session, made)
    assert found is not None
    counts = found.counts
    if counts[0] or counts[1]:
        services.apply(
            world.session, import_id=made.id, mode=Mode.GOOD_ROWS, actor=world.actors[who], at=AT
        )  # fmt: skip
    world.session.flush()
    return counts


def codes(world: World, made: Import) -> list[str]:
    """Return what is wrong, row by row."""
    found = findings(world.session, made)
    assert found is not None
    return [issue.code for issue in sorted(found.issues, key=lambda issue: issue.row or 0)]


def test_a_list_goes_in_comes_out_and_plans_nothing(world: World) -> None:
    edition(world, "2026", ("甲替尼片", "*"))
    rows = [
        ["980000", "2026", "协议西药", 1, "甲替尼片", "普通", date(2027, 1, 1), None, None, None, "续约"],
        [*LISTED[:7], date(2026, 12, 31), None, None, None],
        ["980000", "2025", "协议西药", 2, None, "单独支付", date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31),
         "调出", None],
    ]  # fmt: skip
    assert taken(world, "dual-channel", book([DRUG_HEADERS, *rows])) == (3, 0, 0, 0)
    left = world.session.scalars(select(ListedDrug).where(ListedDrug.layer == Layer.SEPARATE)).one()
    assert (left.leaves_on, left.transition_until) == (date(2026, 7, 1), date(2027, 1, 1))
    out = exports.drug_sheet(world.session, drugs.listing(region="980000", day=DAY))
    assert taken(world, "dual-channel", xlsx([out])) == (0, 0, 3, 0)
    rows[0][-1] = "改"
    assert taken(world, "dual-channel", book([DRUG_HEADERS, *rows])) == (0, 1, 2, 0)


def test_every_wrong_row_of_a_list_is_told(world: World) -> None:
    def row(**changes: Any) -> list[Any]:
        names = ("region", "edition", "part", "number", "name", "layer", "begins", "leaves", "transition", "r", "n")
        return [changes.get(name, value) for name, value in zip(names, LISTED, strict=True)]

    edition(world, "2026", ("甲替尼片", "*"))
    world.entries["甲替尼片"] = drugs.entries_by_place(world.session, ["2025"])[("2025", "negotiated-western", 1)]
    world.listed("甲替尼片")
    rows = [
        row(region="990000", number=2, name=None), row(part="竞价药品", number=3, name=None), row(number=99),
        row(name="别的药", number=2), row(leaves=date(2025, 1, 1), layer="单独支付"),
        row(edition="2026", begins=date(2026, 5, 1)),
        row(number=2, name=None, layer="单独支付", transition=date(2026, 5, 1)), row(layer="特殊", number=2),
    ]  # fmt: skip
    made = stage(world, "dual-channel", book([DRUG_HEADERS, *rows]))
    assert codes(world, made) == [
        "dual-region-unknown", "dual-part-not-listed", "dual-unknown-entry", "dual-other-name",
        "dual-leaves-before-beginning", "dual-listed-already", "dual-transition-without-leaving", "not-in-list",
    ]  # fmt: skip


def test_a_last_day_that_has_none_after_it_is_told(world: World) -> None:
    made = stage(world, "dual-channel", book([DRUG_HEADERS, [*LISTED[:7], "9999-12-31", None, None, None]]))
    assert codes(world, made) == ["no-such-day"]


def test_pharmacies_go_in_come_out_and_plan_nothing(world: World) -> None:
    headers, known = list(exports.PHARMACIES), world.organisations["one"]
    new = [
        credit_code(),
        "惠民药店",
        "惠民",
        "980200",
        "江CB1",
        "惠民连锁",
        date(2024, 5, 1),
        "是",
        "是",
        "某街 1 号",
        None,
        None,
        None,
    ]
    old = [known.code, known.name, None, "980100", None, "康宁", None, "是", "否", None, None, None, None]
    assert taken(world, "pharmacies", book([headers, new, old])) == (1, 1, 0, 0)
    made = world.session.scalars(select(Organisation).where(Organisation.name == "惠民药店")).one()
    assert made.kind is OrganisationKind.PHARMACY
    profile = world.session.get_one(PharmacyProfile, made.id)
    assert (profile.chain, profile.last_penalty, profile.stock_upload) == ("惠民连锁", date(2024, 5, 1), True)
    out = xlsx([exports.pharmacy_sheet(world.session)])
    assert taken(world, "pharmacies", out) == (0, 0, 4, 0)
    hospital = [world.organisations["hospital"].code, "医院", *[None] * 11]
    assert codes(world, stage(world, "pharmacies", book([headers, hospital]))) == ["credit-code-taken"]


def test_a_pharmacy_fills_in_its_sheet(world: World) -> None:
    world.listed("甲替尼片")
    world.listed("乙单抗注射液")
    world.designated("one")
    sheet = exports.stock_sheet(stock.shelf(world.session, world.organisations["one"], DAY))
    assert [row[3] for row in sheet.rows] == ["乙单抗注射液", "甲替尼片"]
    places = [list(row[:4]) for row in sheet.rows]
    rows = [[*places[0], 3, "1500"], [*places[1], None, None]]
    assert taken(world, "pharmacy-stock", book([list(exports.STOCK), *rows]), "one") == (1, 0, 1, 0)
    assert taken(world, "pharmacy-stock", book([list(exports.STOCK), *rows]), "one") == (0, 0, 2, 0)
    assert [line.quantity for line in world.session.scalars(select(StockLine))] == [3]
    wrong = [[*places[0], 3, "1600"], [*places[1], 3, None], ["2025", "协议西药", 9, "没有", 1, 1]]
    made = stage(world, "pharmacy-stock", book([list(exports.STOCK), *wrong]), "one")
    assert codes(world, made) == ["dual-price-above-standard", "dual-figure-missing", "dual-not-on-sale"]


@pytest.fixture
def world(database: Database, session: Any) -> World:
    """The province of dual channel."""
    return populate(session)
