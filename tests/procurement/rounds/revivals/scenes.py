"""Batch 11 with one bid within the limit, two broken ones and two outside the shortlist."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from procurement.demand.models import BaseVolume
from procurement.rounds.models.evaluations import Decision
from procurement.rounds.queries import results
from procurement.rounds.revivals import queries, services
from procurement.rounds.revivals.models import RevivalOffer
from procurement.rounds.services import evaluation
from tests.procurement.rounds.scene import OPENED, Scene

# N = 5, K = 3: S = 0.4000, 1.4000, 1.5000, mean 1.1000, anchor 0.5500, limit 0.9900; one alone within it
PRICES = {1: ("0.4000", "1.4000", "1.5000", "1.6000", "1.7000")}
SENT = OPENED + timedelta(hours=1)
DEADLINE = OPENED + timedelta(hours=3)
SECOND = DEADLINE + timedelta(hours=1)


def staged(scene: Scene) -> None:
    """Evaluate the round, with demand reported for the brands of all five alike."""
    lot = scene.lots[1]
    place = {"lot_id": lot.id, "specification_id": lot.specifications[0].specification_id, "region_code": "320100"}
    scene.session.add_all(
        BaseVolume(**place, company_id=scene.company(number), quantity=Decimal(100)) for number in range(1, 6)
    )
    scene.session.flush()
    scene.evaluated("batch-11", PRICES)


def send(scene: Scene, at: datetime = SENT, deadline: datetime = DEADLINE) -> dict[int, RevivalOffer]:
    """Send what is due; return the stage's offers by company number."""
    stage = scene.does(services.send, at=at, deadline=deadline)
    assert scene.round_ is not None
    numbers = {scene.company(number): number for number in range(1, 6)}
    found = queries.offers(scene.session, scene.round_)
    return {numbers[one.company_id]: one for one in found if one.stage_id == stage.id}


def answer(scene: Scene, number: int, offer: RevivalOffer, accepts: bool, at: datetime = SENT) -> Any:
    """Let a company answer."""
    return scene.act(services.answer, f"c{number}", at, offer_id=offer.id, accepts=accepts)


def evaluate(scene: Scene, at: datetime) -> dict[int, Decision]:
    """Evaluate again; return the decisions by company number."""
    scene.does(evaluation.evaluate, at=at)
    return decisions(scene)


def decisions(scene: Scene) -> dict[int, Decision]:
    """Return the newest decisions of the first lot by company number."""
    assert scene.round_ is not None
    newest = results.latest(scene.session, scene.round_)
    assert newest is not None
    numbers = {scene.company(number): number for number in range(1, 6)}
    found = results.decisions(scene.session, newest, lot_id=scene.lots[1].id)
    return {numbers[one.company_id]: one for one in found}
