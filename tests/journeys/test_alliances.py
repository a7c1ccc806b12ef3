"""The models of renewals and alliances from set-up to agreements on pages: inquiry, continuation, waterfall, lowest
takes all, composite, quality levels, price linkage. Results are those of the pure rules; volumes add up exactly.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.db import Database
from procurement.demand.flow import CallState, ReportState
from procurement.demand.models import BaseVolume, Call, Lot, LotSpecification, Report, ReportLine
from procurement.rounds.models.rounds import Round
from procurement.rounds.services import publishing, setup
from procurement.rounds.services.setup import Calendar
from tests.journeys.alliances import drafted, enter, finished, opened, post, volumes, winners
from tests.procurement.rounds.experts.panel import score_all, seated
from tests.procurement.rounds.scene import DEADLINE, OPENED, RECEIVES, START, Scene, populate
from tests.procurement.rounds.site import Site, make


def test_the_experts_scores_decide_a_composite_round(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        scene = populate(session)
        seated(scene)
        score_all(scene)
    site = Site(app, database, scene)
    with database.transaction() as session:
        site.sign_in(session)
    post(site, "/open", when=OPENED)
    finished(site)
    assert {number: list(found) for number, found in winners(site).items()} == {1: [2], 2: [1]}
    assert "专家评分" in site.get("/facts", "officer").text


BASE = Decimal(12_000)  # 1 000, 2 000, 3 000 of 10 mg and twice as many of 5 mg


def test_an_inquiry_is_won_at_or_below_its_base_price(app: Flask, database: Database) -> None:
    site = make(app, database, lots=2)
    drafted(site, "inquiry", {1: "1.0000", 2: "2.0000"}, {"volume.fixed": "0.7"})
    opened(site, {1: ("1.0000", "0.9999"), 2: ("2.0000", "", "0.5000")})
    finished(site)
    assert winners(site) == {1: dict.fromkeys((1, 2), Decimal("0.7")), 2: dict.fromkeys((1, 3), Decimal("0.7"))}
    assert volumes(site, 1) == {1: BASE * Decimal("0.35"), 2: BASE * Decimal("0.35")}


def test_a_waterfall_divides_by_rank(app: Flask, database: Database) -> None:
    site = make(app, database, lots=3)
    drafted(site, "iol-waterfall-2020", dict.fromkeys((1, 2, 3), "9.0000"), {})
    opened(site, {1: ("1", "2", "3", "4"), 2: ("1", "2", "3"), 3: ("2", "1")})
    finished(site)
    demand = BASE * Decimal("0.6")
    parts = {1: {1: "0.5", 2: "0.25", 3: "0.125", 4: "0.125"}, 2: {1: "0.6", 2: "0.24", 3: "0.16"},
             3: {2: "0.6", 1: "0.4"}}  # fmt: skip
    for number, shares in parts.items():
        assert volumes(site, number) == {company: demand * Decimal(share) for company, share in shares.items()}


def test_the_lowest_takes_all_regions(app: Flask, database: Database) -> None:
    site = make(app, database, lots=1)
    drafted(site, "lowest-takes-all", {1: "1.0000"}, {})
    opened(site, {1: ("0.9999", "1.0000", "0.9998")})
    finished(site, draft=True)
    assert winners(site) == {1: {3: Decimal(1)}}
    assert volumes(site, 1) == {3: BASE}


def test_quality_levels_are_never_compared(app: Flask, database: Database) -> None:
    site = make(app, database, lots=1)
    drafted(site, "quality-levels", {1: "9.0000"}, {"shortlist.fixed": "1", "volume.fixed": "0.5"})
    opened(site, {1: ("5.0000", "5.0001", "1.9999", "2.0000")})
    levels = {(1, company): {"quality_level": "一" if company < 3 else "二"} for company in range(1, 5)}
    enter(site, levels)
    finished(site)
    assert winners(site) == {1: dict.fromkeys((1, 3), Decimal("0.5"))}
    assert sum(volumes(site, 1).values()) == BASE / 2


def test_a_price_is_linked_to_the_lowest_of_the_provinces(app: Flask, database: Database) -> None:
    site = make(app, database, lots=1)
    drafted(site, "price-linkage", {1: "9.0000"}, {"shortlist.fixed": "3", "volume.fixed": "0.6"})
    opened(site, {1: ("1.0000", "1.5001", "1.4999")})
    enter(site, {(1, 1): {"lowest_provincial_price": "1"}, (1, 2): {"lowest_provincial_price": "1.5"},
                 (1, 3): {"lowest_provincial_price": "1.5"}})  # fmt: skip
    finished(site)
    assert winners(site) == {1: dict.fromkeys((1, 3), Decimal("0.6"))}


@pytest.fixture
def renewed(app: Flask, database: Database) -> Site:
    """A round by inquiry that companies 1 and 2 won, and the next year's collection of half the demand for lot 2."""
    site = make(app, database, lots=2)
    drafted(site, "inquiry", {1: "1.0000", 2: "2.0000"}, {"volume.fixed": "0.5"}, code="LM-0")
    opened(site, {1: ("1.0000",), 2: ("", "2.0000")})
    finished(site)
    with site.scene() as scene:
        next_year(scene)
    return site


def next_year(scene: Scene) -> None:
    before = dict(scene.lots)
    scene.call = Call(
        code="BL-2028", title="2028 年度报量", year=2028, state=CallState.LOCKED, deadline=START, created_at=START
    )
    scene.session.add(scene.call)
    reports = {
        f"320{place}00": Report(
            call=scene.call, hospital=scene.organisations[f"h{place}"], state=ReportState.ACCEPTED, saved_at=START
        )
        for place in (1, 2, 3)
    }
    for number, old in before.items():
        old = scene.session.get_one(Lot, old.id)
        lot = Lot(call=scene.call, number=number, variety=old.variety, form_kind=old.form_kind)
        scene.session.add(lot)
        scene.session.flush()
        for place in old.specifications:
            scene.session.add(
                LotSpecification(
                    lot_id=lot.id, specification_id=place.specification_id, price_factor=place.price_factor,
                    volume_factor=place.volume_factor, is_reference=place.is_reference,
                )
            )  # fmt: skip
        for row in scene.session.scalars(select(BaseVolume).where(BaseVolume.lot_id == old.id)).all():
            part = row.quantity / (4 if number == 2 else 1)
            place = {"lot_id": lot.id, "specification_id": row.specification_id, "quantity": part}
            report = reports[row.region_code]
            scene.session.add_all(
                [BaseVolume(region_code=row.region_code, **place), ReportLine(report=report, **place)]
            )
        scene.session.flush()
        scene.session.refresh(lot, ["specifications"])
        scene.lots[number] = lot


def test_a_continuation_finds_its_incumbents_in_the_round_it_renews(renewed: Site) -> None:
    site = renewed
    former = site.built.round_id
    with site.scene() as scene:
        assert scene.call is not None
        scene.round_ = scene.act(
            setup.create, call_id=scene.call.id, code="LM-2", title="接续", rule_set_id="continuation-csj-2022"
        )
        number = scene.round_.id
        for lot in scene.lots.values():
            for place in lot.specifications:
                scene.session.get_one(LotSpecification, place.id).cap = Decimal("2.0000")
    post(site, "/renewal", renews=str(former))
    with site.scene() as scene:
        calendar = Calendar(receives_from=RECEIVES, deadline=DEADLINE, publicity_days=3)
        scene.does(setup.set_calendar, calendar=calendar)
        scene.does(publishing.publish, "reviewer")
    opened(site, {1: ("1.0000", "0.9000"), 2: ("1.9000", "1.8000")})
    post(site, "/renewal/incumbents", when=OPENED)
    finished(site)
    assert winners(site) == {
        1: {1: Decimal("0.6"), 2: Decimal("0.5")},
        2: {1: Decimal("0.5"), 2: Decimal("0.6")},
    }
    page = site.get("/renewal", "supervisor").text
    assert "1.0000" in page and "below the year before" in page
    assert page.count("not below") >= 1
    assert site.get("/renewal", "c1").status_code == 404
    with site.scene() as scene:
        assert scene.session.get_one(Round, number).renews_id == former
