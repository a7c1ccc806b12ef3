"""Officers bring in what is their region's; what holds in the whole nation comes from a province."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import services as imports
from importers.flow import Mode
from kernel.errors import Forbidden, NotFound
from kernel.parties.codes import OrganisationKind
from kernel.sheets import Sheet
from pricing.adjustments.services import drafting
from pricing.items.flow import ItemStandard, PriceGrade
from pricing.items.models import ItemVolume, ServiceItem
from pricing.items.queries import mappings
from pricing.items.queries.items import ids_near
from pricing.items.queries.prices import prices_on
from pricing.items.rules.items import Content, Draft
from pricing.items.services.items import put_items
from pricing.items.services.volumes import Volume, record_volumes
from tests.factories.people import organisation
from tests.importers.ways import by_xlsx
from tests.pricing.adjustments.scene import STARTS, Province, begun, populate
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE

HEADERS = ("医疗机构信用代码", "项目编码", "年度", "科室", "服务量", "收入")
LOCAL = "S99000001"


@pytest.fixture
def scene(session: Session) -> Province:
    """A province that has an item of its own, too."""
    made = populate(session)
    put_items(
        session, [Draft(LOCAL, Content(name="省增项目", unit="次"))], standard=ItemStandard.LOCAL, region_code=PROVINCE,
        starts_on=NOW.date(), actor=made.drafter, at=NOW,
    )  # fmt: skip
    return made


def staged(session: Session, scene: Province, name: str, query: dict[str, str], sheet: Sheet, **who: str) -> Any:
    actor = replace(scene.drafter, **who)
    return imports.stage(session, name=name, query=query, book=by_xlsx(sheet), actor=actor, at=NOW)


def test_volumes_are_those_of_the_officers_hospitals(session: Session, scene: Province) -> None:
    rows = [[scene.hospitals["third"].code, LOCAL, 2024, "", Decimal(3), Decimal("30.00")]]
    sheet = Sheet("医疗服务项目年度服务量", HEADERS, rows)
    for region, counts in ((PROVINCE, (1, 0)), (CITY, (1, 0)), (OTHER, (0, 1)), ("", (1, 0))):
        made = staged(session, scene, "service-volumes", {}, sheet, region=region)
        assert (made.created, made.faulty) == counts, region


def test_a_city_prices_an_item_of_its_province(session: Session, scene: Province) -> None:
    sheet = Sheet("价格", ("项目编码", "各级同价"), [[LOCAL, Decimal("12.00")]])
    made = staged(session, scene, "service-prices", {"region": CITY, "day": "2026-12-01"}, sheet)
    assert (made.created, made.faulty) == (1, 0)
    imports.apply(session, import_id=made.id, mode=Mode.GOOD_ROWS, actor=scene.drafter, at=NOW)
    (item,) = ids_near(session, [LOCAL], CITY).values()
    assert prices_on(session, STARTS, CITY)[item, PriceGrade.THIRD] == 12
    plan = begun(session, scene)
    plan.region_code = CITY
    session.flush()
    given: dict[str, Any] = {"prefix": "S99", "percent": Decimal(10), "step": Decimal("0.1")}
    assert drafting.add_by_prefix(session, plan_id=plan.id, actor=scene.drafter, at=NOW, **given) == 3


def test_what_holds_in_the_nation_is_not_a_citys_to_change(session: Session, scene: Province) -> None:
    books = {
        "service-categories": Sheet("类目", ("类目编码", "类目名称"), [["31", "临床"]]),
        "service-mappings": Sheet("对应", ("原项目编码", "新项目编码"), [["1", "2"]]),
        "service-items": Sheet("目录", ("项目编码", "项目名称"), [["310000001", "诊察"]]),
    }
    for name, sheet in books.items():
        staged(session, scene, name, {}, sheet, region=PROVINCE)
        with pytest.raises((Forbidden, NotFound)):
            staged(session, scene, name, {}, sheet, region=CITY)


def test_a_province_maps_its_own_items_for_itself(session: Session, scene: Province) -> None:
    national = session.get_one(ServiceItem, scene.items[0]).code
    sheet = Sheet("对应", ("原项目编码", "新项目编码", "折算次数"), [[national, LOCAL, Decimal(1)]])
    for region, counts in ((OTHER, (0, 1)), ("", (0, 1)), (PROVINCE, (1, 0))):
        made = staged(session, scene, "service-mappings", {}, sheet, region=region)
        assert (made.created, made.faulty) == counts, region
    imports.apply(session, import_id=made.id, mode=Mode.GOOD_ROWS, actor=scene.drafter, at=NOW)
    for region, count in ((PROVINCE, 1), (CITY, 1), ("", 1), (OTHER, 0)):
        assert len(mappings.all_pairs(session, region)) == count, region
    away = organisation(session, OrganisationKind.HOSPITAL, name="山河医院")
    away.region_code = OTHER
    session.flush()
    used = Volume(away.id, scene.items[0], 2025, "", Decimal(7), Decimal(1))
    record_volumes(session, rows=[used], actor=scene.drafter, at=NOW)
    (group,) = mappings.effects_of(session, year=2025, day=STARTS, office="")
    # what hospitals elsewhere charged stays as it is: they do not use the province's own item
    assert group.effect.quantity == sum(
        session.scalars(
            select(ItemVolume.quantity).where(
                ItemVolume.item_id == scene.items[0], ItemVolume.year == 2025, ItemVolume.hospital_id != away.id
            )
        )
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "x"])
@pytest.mark.parametrize("name", ["service-items", "service-prices"])
def test_a_day_is_one_of_our_time(session: Session, scene: Province, name: str, day: str) -> None:
    sheet = Sheet("目录", ("项目编码", "项目名称"), [["310000001", "诊察"]])
    with pytest.raises(NotFound):
        staged(session, scene, name, {"region": PROVINCE, "day": day}, sheet)
