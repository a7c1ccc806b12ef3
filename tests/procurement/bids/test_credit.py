"""A suspension stops new bids of what it covers, by page and call, and nothing else; lifted, they are taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel import clock
from kernel.db import Database
from kernel.parties.models import Region
from pricing.credit.flow import LetterState
from pricing.credit.models import CommitmentLetter
from pricing.credit.ratings.flow import MeasureKind
from pricing.credit.ratings.models import CreditMeasure
from procurement.bids import services as bids
from procurement.bids.joints import services as joints
from procurement.demand.models import BaseVolume
from tests.factories.credit import measure
from tests.factories.letters import bind

from .books import filled, upload
from .conftest import DEADLINE, World
from .joints import NOW, act, propose, with_joints
from .pages import signed_in

HERE, THERE = "980000", "970000"
KINDS = [
    (MeasureKind.PRODUCTS_HERE, HERE, {1}), (MeasureKind.PRODUCTS_HERE, THERE, set()),
    (MeasureKind.PRODUCTS_EVERYWHERE, THERE, {1}), (MeasureKind.ALL_HERE, HERE, {1, 2}),
    (MeasureKind.ALL_HERE, THERE, set()), (MeasureKind.WARNING, HERE, set()),
]  # fmt: skip


@pytest.fixture
def company(app: Flask, database: Database, built: World) -> Iterator[FlaskClient]:
    """Company a's browser, two days before the deadline, in a round of one province."""
    with clock.travel(to=DEADLINE - timedelta(days=2)):
        with database.transaction() as session:
            session.add_all([Region(code=HERE, name="江海省"), Region(code=THERE, name="山河省")])
            session.flush()
            for lot, (reference, *_rest) in built.specifications.items():
                session.add(BaseVolume(lot_id=lot, specification_id=reference, region_code=HERE, quantity=1))
        yield signed_in(app, database, built.actors["a"].user_id)


def suspend(database: Database, world: World, kind: MeasureKind, region: str) -> int:
    with database.transaction() as session:
        return measure(
            session, first_of(world), kind, at=clock.now(), region=region, starts=clock.today(clock.now())
        ).id


def lift(database: Database, made: int) -> None:
    with database.transaction() as session:
        session.get_one(CreditMeasure, made).ends_on = clock.today(clock.now())


def by_form(client: FlaskClient, world: World, lot: int) -> Any:
    lot_id = world.lots[lot - 1]
    data = {f"price-{spec}": "0.5" for spec in world.specifications[lot_id]}
    return client.post(f"/procurement/bids/{world.box_id}/lots/{lot_id}", data={**data, "revision": 0})


def by_call(client: FlaskClient, world: World, lot: int) -> Any:
    lot_id = world.lots[lot - 1]
    lines = [{"lot": lot_id, "specification": spec, "price": "0.5"} for spec in world.specifications[lot_id]]
    return client.post(f"/api/v1/procurement/boxes/{world.box_id}/submissions", json={"lines": lines})


@pytest.mark.parametrize(("kind", "region", "barred"), KINDS)
@pytest.mark.parametrize(("hand_in", "taken"), [(by_form, 303), (by_call, 201)])
def test_a_suspension_stops_bids_of_its_products_and_regions(
    company: FlaskClient, database: Database, built: World, kind: MeasureKind, region: str, barred: set[int],
    hand_in: Any, taken: int,
) -> None:  # fmt: skip
    made = suspend(database, built, kind, region)
    for lot in (1, 2):
        answer = hand_in(company, built, lot)
        assert answer.status_code == (422 if lot in barred else taken), answer.text
        assert ("XYPJ" in answer.text) is (lot in barred)
    lift(database, made)
    for lot in sorted(barred):
        assert hand_in(company, built, lot).status_code == taken


@pytest.mark.parametrize(("hand_in", "taken"), [(by_form, 303), (by_call, 201)])
def test_a_bid_takes_the_letter_of_its_year(
    company: FlaskClient, database: Database, built: World, hand_in: Any, taken: int
) -> None:
    year, own = clock.today(clock.now()).year, CommitmentLetter.company_id == built.actors["a"].organisation_id
    with database.transaction() as session:
        session.execute(delete(CommitmentLetter).where(own, CommitmentLetter.year == year))
    refused = hand_in(company, built, 1)  # those of the years before and after bind no bid of this one
    told = str(refused.get_json(silent=True) or refused.text)
    assert (refused.status_code, f"{year} 年度信用承诺书未签署" in told) == (422, True)
    with database.transaction() as session:
        session.execute(delete(CommitmentLetter).where(own))
        bind(session, built.actors["a"])
    assert hand_in(company, built, 1).status_code == taken
    with database.transaction() as session:
        withdrawn = {"state": LetterState.WITHDRAWN}
        session.execute(update(CommitmentLetter).where(own, CommitmentLetter.year == year).values(withdrawn))
    assert hand_in(company, built, 2).status_code == 422


def test_a_workbook_says_at_its_row_which_product_is_barred_and_why(
    company: FlaskClient, database: Database, built: World
) -> None:
    suspend(database, built, MeasureKind.PRODUCTS_HERE, HERE)
    prices = {2: "0.6580", 3: "0.3870", 4: "0.5", 5: "0.25", 6: "0.9", 7: "0.45"}
    staged = upload(company, built.box_id, filled(company, built.box_id, prices))
    page = company.get(staged.headers["Location"]).text
    approval = approval_of(database, built)
    assert re.search(f"信用评价限制品种 1 的 [^<]*{approval} 在本轮投标：评级 XYPJ[^<]*执行：在本省中止涉案产品", page)
    assert ">E2<" in page and ">E4<" not in page
    assert (page.count("信用评价限制品种"), "suspend" in page) == (1, False)


def test_each_product_of_a_lot_is_refused_for_its_own_rating(
    company: FlaskClient, database: Database, built: World
) -> None:
    suspend(database, built, MeasureKind.PRODUCTS_HERE, HERE)
    other = built.products["a", built.specifications[built.lots[0]][1]]
    with database.transaction() as session:
        day = clock.today(clock.now())
        measure(session, other, MeasureKind.PRODUCTS_EVERYWHERE, at=clock.now(), region=HERE, starts=day)
        approvals = [session.get_one(Product, one).approval_number for one in (first_of(built), other)]
    refused = by_call(company, built, 1).json["errors"]
    assert [each["code"] for each in refused] == ["credit-bars-product"] * 2
    for each, approval, measured in zip(refused, approvals, ("在本省中止", "在各省中止"), strict=True):
        assert approval in each["detail"] and measured in each["detail"]


def first_of(world: World) -> int:
    return world.products["a", world.specifications[world.lots[0]][0]]


def approval_of(database: Database, world: World) -> str:
    with database.transaction(write=False) as session:
        return session.get_one(Product, first_of(world)).approval_number


def test_credit_of_a_joints_member_stands_against_its_bid(session: Session) -> None:
    world = with_joints(session)
    with clock.travel(to=NOW):
        joint = propose(session, world, a="60", b="40")
        act(session, joints.confirm, joint, world.actors["b"])
        session.add(Region(code=HERE, name="江海省"))
        session.flush()
        for lot, (reference, *_rest) in world.specifications.items():
            session.add(BaseVolume(lot_id=lot, specification_id=reference, region_code=HERE, quantity=1))
        product = world.products["b", world.specifications[world.lots[0]][0]]
        made = measure(session, product, MeasureKind.ALL_HERE, at=NOW, region=HERE, starts=clock.today(NOW))
        bid = {"box_id": world.box_id, "lines": world.lines("0.6580", "0.3871"), "actor": world.actors["a"]}
        with pytest.raises(bids.BidsRefused) as refusal:
            bids.submit(session, **bid)
        assert [issue.code for issue in refusal.value.issues] == ["credit-bars-company"]
        made.ends_on = clock.today(NOW)
        session.flush()
        assert bids.submit(session, **bid)
