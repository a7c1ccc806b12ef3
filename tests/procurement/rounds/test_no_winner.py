"""A lot that nobody wins is a result like any other: no share, no period, no agreement, and the round goes on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from procurement.agreements import services as agreements
from procurement.demand.models import BaseVolume
from procurement.rounds.flow import RoundState
from procurement.rounds.queries import results
from tests.procurement.rounds.scene import OPENED, REGIONS, Scene


def test_a_lot_whose_only_wanted_brand_did_not_bid_has_no_winner_and_stops_nothing(scene: Scene) -> None:
    lot = scene.lots[2]
    wanted = BaseVolume(
        lot_id=lot.id, specification_id=lot.specifications[0].specification_id, region_code=REGIONS[0],
        company_id=scene.company(1), quantity=Decimal(500),
    )  # fmt: skip
    scene.session.add(wanted)
    round_ = scene.awarded("batch-2", {1: ("0.5000", "0.8000")})
    newest = results.latest(scene.session, round_)
    assert newest is not None
    found = {one.lot.number: one for one in results.lot_results(scene.session, newest)}
    assert (found[2].bidders, found[2].ratio, found[2].period) == (0, None, None)
    assert (found[1].bidders, found[1].period) == (2, 2)
    assert round_.state is RoundState.AWARDED
    assert scene.does(agreements.create_agreements, at=OPENED + timedelta(days=5)) > 0
