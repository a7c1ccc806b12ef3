"""A suspension stops new bids of what it covers, by page and call, and nothing else; lifted, they are taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from kernel import clock
from kernel.db import Database
from kernel.parties.models import Region
from pricing.credit.flow import LetterState
from pricing.credit.models import CommitmentLetter
from pricing.credit.ratings.flow import MeasureKind
from pricing.credit.ratings.models import CreditMeasure
from procurement.demand.models import BaseVolume
from tests.factories.credit import measure
from tests.factories.letters import bind

from .conftest import DEADLINE, World
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
    product = world.products["a", world.specifications[world.lots[0]][0]]
    with database.transaction() as session:
        return measure(session, product, kind, at=clock.now(), region=region, starts=clock.today(clock.now())).id


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
