"""Old items into new ones: one into many, many into one, and what that brings in a year."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.auth.models import User
from kernel.clock import travel
from kernel.db import Database
from kernel.sheets import xlsx
from pricing.items import exports
from pricing.items.flow import PriceGrade
from pricing.items.models import ItemVolume
from pricing.items.queries.mappings import effects_of, years
from pricing.items.services.mappings import put_mappings
from tests.factories.people import signed_in
from tests.importers import books
from tests.importers.kinds.test_service_items import counts, issues, stage, write
from tests.pricing.items.scene import BEGIN, CITY, CODES, NOW, TODAY, Scene, new, populate, put


@pytest.fixture
def scene(session: Session) -> Scene:
    return peopled(session)


def peopled(session: Session) -> Scene:
    scene = populate(session)
    dear = [new(scene, price, item=item) for item, price in enumerate(("100", "60", "50"))]
    cheap = [new(scene, price, item=item, grade=PriceGrade.SECOND) for item, price in enumerate(("90", "60", "50"))]
    put(session, scene, *dear, *cheap, new(scene, "70", item=1, region=CITY), on=BEGIN)
    for hospital, quantity in zip(scene.hospitals, (1000, 200), strict=False):
        session.add(ItemVolume(
            hospital_id=hospital.id, item_id=scene.ids[0], year=2025, quantity=Decimal(quantity), revenue=Decimal(1)
        ))  # fmt: skip
    session.flush()
    return scene


def mapped(session: Session, scene: Scene, *pairs: tuple[int, int, str | None]) -> None:
    columns = {
        "old_id": [scene.ids[old] for old, _new, _share in pairs],
        "new_id": [scene.ids[to] for _old, to, _share in pairs],
        "share": [Decimal(share) if share else None for _old, _new, share in pairs], "note": [""] * len(pairs),
    }  # fmt: skip
    put_mappings(session, columns=columns, actor=scene.officer, at=NOW, facts={})


def test_one_item_goes_into_two_at_the_prices_of_each_region_and_grade(session: Session, scene: Scene) -> None:
    mapped(session, scene, (0, 1, "1"), (0, 2, "0.5"))
    (group,) = effects_of(session, year=2025, day=TODAY, office="")
    assert len(group.pairs) == 2
    # third grade: 1000 × 100 → 1000 × (70 of the city + 0.5 × 50); second: 200 × 90 → 200 × (60 + 25)
    assert (group.effect.quantity, group.effect.before) == (Decimal(1200), Decimal(118_000))
    assert (group.effect.after, group.effect.difference) == (Decimal(112_000), Decimal(-6_000))
    assert years(session) == [2025]


def test_many_into_one_stand_apart_and_what_nobody_knows_is_missing(session: Session, scene: Scene) -> None:
    mapped(session, scene, (0, 2, None), (1, 2, "1"))
    first, second = effects_of(session, year=2025, day=TODAY, office="")
    assert {one.pairs[0].pair.old_id for one in (first, second)} == {scene.ids[0], scene.ids[1]}
    missing = {one.effect.item_id: one.effect for one in (first, second)}
    assert missing[scene.ids[0]].difference is None and missing[scene.ids[1]].difference == 0
    assert all(one.effect.before == 0 for one in effects_of(session, year=2024, day=TODAY, office=""))


def test_pairs_go_in_and_out_by_workbook(session: Session, scene: Scene) -> None:
    headers = ["原项目编码", "新项目编码", "折算次数", "备注"]
    book = books.book([headers, [CODES[0], CODES[1], "1", "合并"], [CODES[0], CODES[2], None, None]])
    assert counts(write(session, scene, "service-mappings", book)) == (2, 0, 0, 0)
    back = xlsx([exports.pairs(session, {}, scene.officer, NOW)])
    assert counts(stage(session, scene, "service-mappings", back)) == (0, 0, 2, 0)
    wrong = books.book([headers, ["1", CODES[1], "1", None], [CODES[0], CODES[0], "1", None]])
    told = stage(session, scene, "service-mappings", wrong)
    assert [code for _row, code, _column in issues(session, told)] == ["service-no-code", "service-maps-itself"]


def test_the_bureau_reads_the_effect_on_a_page(app: Flask, database: Database) -> None:
    with travel(to=NOW):
        with database.transaction() as session:
            scene = peopled(session)
            mapped(session, scene, (0, 1, "1"), (1, 2, None))
            officer, hospital = (
                session.get_one(User, one.user_id) for one in (scene.officer, scene.finance[0])
            )  # fmt: skip
        page = signed_in(app, officer).get("/pricing/services/mappings?year=2025").get_data(as_text=True)
        assert "118,000.00" in page and "82,000.00" in page
        assert signed_in(app, hospital).get("/pricing/services/mappings").status_code == 403
