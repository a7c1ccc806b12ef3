"""Demand matched by brand: it goes to the brand's winner everywhere, and nothing is lost."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.demand.models import BaseVolume
from procurement.rounds.draft.services import sessions
from procurement.rounds.queries import results, supply
from procurement.rounds.rules.supply import Need, Supplier, of_region, volumes
from procurement.rounds.services import announcing, evaluation, opening, publishing, setup
from tests.procurement.rounds.scene import OPENED, Scene

ONE = Decimal(1)
BY_BRAND = """
id = "own"
extends = "batch-9"
[parameter.supply.match]
value = "brand"
source = "本轮文件"
standing = "F"
"""


def supplier(company: int, **values: bool) -> Supplier:
    return Supplier(company, 1, frozenset({1}), Decimal("0.7"), **values)


def test_a_brands_demand_goes_to_its_winner_and_the_rest_to_the_region() -> None:
    needs = [
        Need("a", 1, 7, Decimal(10)), Need("a", 1, 8, Decimal(20)), Need("a", 1, 9, Decimal(40)),
        Need("a", 1, None, Decimal(80)),
    ]  # fmt: skip
    for matched, expected in ((True, {7: 130, 8: 20}), (False, {7: 150})):
        both = [supplier(7, keeps_brand=matched), supplier(8, keeps_brand=matched)]
        found = volumes(needs, both, main={"a": 7}, factors={1: ONE})
        assert {one.company: one.base for one in found} == expected
    assert [need.company for need in of_region(needs, [supplier(7, keeps_brand=True)])["a"]] == [8, 9, None]


@settings(deadline=None)
@given(st.data())
def test_what_is_divided_is_what_was_reported(data: st.DataObject) -> None:
    regions, companies = ("a", "b", "c"), (1, 2, 3, 4, 5)
    winners = data.draw(st.lists(st.sampled_from(companies), min_size=1, unique=True))
    own = data.draw(st.sampled_from([*winners, None]))
    suppliers = [supplier(one, keeps_brand=True, own_brand_only=one == own and len(winners) > 1) for one in winners]
    choosing = [one.company for one in suppliers if not one.own_brand_only]
    main = {region: data.draw(st.sampled_from(choosing)) for region in regions}
    quantity = st.decimals(0, 10**6, places=3)
    needs = [
        Need(region, 1, brand, data.draw(quantity)) for region in regions for brand in (None, *companies)
    ]  # fmt: skip
    found = volumes(needs, suppliers, main=main, factors={1: ONE})
    assert sum(one.base for one in found) == sum(need.quantity for need in needs)
    for winner in winners:
        branded = sum(need.quantity for need in needs if need.company == winner)
        chosen = sum(
            need.quantity for region, part in of_region(needs, suppliers).items() for need in part
            if main[region] == winner
        )  # fmt: skip
        assert sum(one.base for one in found if one.company == winner) == branded + chosen


def test_a_round_whose_rules_match_by_brand_gives_winners_their_brands_demand(scene: Scene) -> None:
    lot = scene.lots[1]
    spec = lot.specifications[0].specification_id
    for company, quantity in ((1, 100), (3, 200), (4, 400)):  # 4 bids too high in lot 1: it loses
        scene.session.add(BaseVolume(lot_id=lot.id, specification_id=spec, region_code="320300",
                                     company_id=scene.company(company), quantity=Decimal(quantity)))  # fmt: skip
    scene.draft()
    scene.does(setup.choose_rules, rule_set_id="", text=BY_BRAND)
    scene.does(publishing.publish, "reviewer")
    scene.bid_all({1: ("0.5000", "0.8000", "0.9000", "1.9000", "0.4000")})
    scene.does(opening.open_bids, at=OPENED)
    done = scene.does(evaluation.evaluate, at=OPENED)
    scene.does(announcing.announce, at=OPENED)
    scene.does(sessions.run, at=OPENED)
    assert scene.round_ is not None
    found = supply.volumes(scene.session, scene.round_, done)[lot.id]
    main = supply.main_suppliers(scene.session, scene.round_)[lot.id]["320300"]
    assert scene.company(4) not in {one.company_id for one in results.winners(scene.session, done)}
    in_region = {one.company: one.base for one in found if one.region == "320300"}
    assert in_region[scene.company(3)] == 200 and in_region[scene.company(1)] % 1000 == 100 + (
        400 if main == scene.company(1) else 0
    )
    assert sum(one.base for one in found) == 12000 + 700
    choice = supply.volumes_of_regions(scene.session, scene.round_, done)[lot.id]
    assert choice == {"320100": 2000, "320200": 4000, "320300": 6400}
