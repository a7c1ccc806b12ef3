"""From the announcement to agreements: regions by preference, volumes that add up, who sees what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel.errors import Conflict, DomainError, Invalid, NotFound
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from procurement.agreements import queries as agreement_queries
from procurement.agreements import services as agreements
from procurement.agreements.models import Agreement
from procurement.rounds.draft.services import lists, sessions
from procurement.rounds.flow import SupplyRole
from procurement.rounds.models.awards import Award, AwardVolume, Pick
from procurement.rounds.queries import supply
from procurement.rounds.rules.supply import BaseNotConserved, Need, Supplier, taken, volumes
from procurement.rounds.services import announcing, evaluation, opening, publishing, setup
from tests.procurement.rounds.scene import OPENED, REGIONS, Scene

DAY = OPENED + timedelta(days=1)
LATE = OPENED + timedelta(days=5)
INTENT = """
id = "own"
extends = "batch-4"
[parameter.intent.share]
value = 0.9
source = "本轮文件"
standing = "F"
"""


def test_regions_follow_the_orders_given_in_turn(scene: Scene) -> None:
    scene.announced("batch-9")  # from batch 7 on there are backups
    scene.does(lists.prefer, "c5", at=DAY, lot_number=1, region_codes=["320200", "320300", "320100"])
    scene.does(lists.prefer, "c1", at=DAY, lot_number=1, region_codes=["320200", "320300", "320100"])
    scene.does(sessions.run, at=DAY)
    picks = scene.session.scalars(select(Pick).where(Pick.lot_id == scene.lots[1].id)).all()
    main = {pick.region_code: pick.company_id for pick in picks if pick.role is SupplyRole.MAIN}
    backup = {pick.region_code: pick.company_id for pick in picks if pick.role is SupplyRole.BACKUP}
    assert main == {"320200": scene.company(5), "320300": scene.company(5), "320100": scene.company(1)}
    assert set(backup) == set(REGIONS) and all(backup[code] != main[code] for code in REGIONS)
    with pytest.raises(Conflict):
        scene.does(lists.prefer, "c1", at=DAY, lot_number=1, region_codes=list(REGIONS))


def test_only_a_choosing_winner_gives_an_order_and_of_every_region_once(scene: Scene) -> None:
    scene.announced()
    with pytest.raises(NotFound):
        scene.does(lists.prefer, "c4", at=DAY, lot_number=2, region_codes=list(REGIONS))
    with pytest.raises(Invalid):
        scene.does(lists.prefer, "c1", at=DAY, lot_number=1, region_codes=["320100", "320100", "320200"])


def test_winners_that_share_a_rank_need_a_draw_before_the_draft(scene: Scene) -> None:
    scene.announced("batch-4", {1: ("0.5000", "0.5000"), 2: ("1.0000",)})
    with pytest.raises(DomainError) as refused:
        scene.does(sessions.run, at=DAY)
    assert refused.value.code == "round-not-decided"


def test_an_award_waits_for_the_draft_and_its_volumes_add_up(scene: Scene) -> None:
    scene.announced()
    with pytest.raises(DomainError) as refused:
        scene.does(announcing.award, "reviewer", at=LATE)
    assert refused.value.code == "round-not-decided"
    scene.does(sessions.run, at=DAY)
    scene.does(announcing.award, "reviewer", at=LATE)
    rows = scene.session.scalars(select(AwardVolume).join(Award).where(Award.lot_id == scene.lots[1].id)).all()
    assert sum(row.base for row in rows) == 12000  # (1 000 + 2 000 / 2) × (1 + 2 + 3), in reference units
    assert {row.agreed / row.base for row in rows} == {Decimal("0.8")}
    assert {row.region_code for row in rows} == set(REGIONS)


def test_agreements_divide_each_region_exactly_and_are_seen_by_their_parties(scene: Scene) -> None:
    scene.awarded()
    made = scene.does(agreements.create_agreements, at=LATE)
    rows = scene.session.scalars(select(Agreement)).all()
    agreed = scene.session.scalars(select(AwardVolume.agreed)).all()
    assert made == len(rows) and sum(row.agreed for row in rows) == sum(agreed)
    assert {(row.starts.isoformat(), row.ends.isoformat()) for row in rows} == {("2026-12-01", "2027-12-01")}
    with pytest.raises(Conflict):
        scene.does(agreements.create_agreements, at=LATE)
    seen = {who: scene.session.scalars(agreement_queries.listing(scene.actors[who])).all()
            for who in ("officer", "h1", "c1", "c4")}  # fmt: skip
    assert len(seen["officer"]) == made and seen["c4"] == []
    assert {row.hospital_id for row in seen["h1"]} == {scene.organisations["h1"].id}
    assert {row.company_id for row in seen["c1"]} == {scene.company(1)}


def test_winners_are_listed_at_their_price_in_every_region_for_the_agreements_period(scene: Scene) -> None:
    scene.awarded()
    scene.does(agreements.create_agreements, at=LATE)
    awards = scene.session.scalars(select(Award)).all()
    listed = scene.session.scalars(select(Listing)).all()
    assert {(row.region_code, row.kind, row.origin) for row in listed} == {
        (code, ListingKind.AGREEMENT, f"round/{scene.round_id}") for code in REGIONS
    }
    assert len({row.product_id for row in listed}) * len(REGIONS) == len(listed) >= len(awards)
    assert {row.price for row in listed} == {row.price for row in awards}
    assert {(row.starts.isoformat(), str(row.ends)) for row in listed} == {("2026-12-01", "2027-12-01")}


def test_agreements_follow_an_award_only(scene: Scene) -> None:
    scene.announced()
    with pytest.raises(Conflict):
        scene.does(agreements.create_agreements, at=DAY)


def test_hospitals_commit_to_the_intended_share_of_what_they_reported(scene: Scene) -> None:
    scene.draft()
    scene.does(setup.choose_rules, rule_set_id="", text=INTENT)
    scene.does(publishing.publish, "reviewer")
    scene.bid_all()
    scene.does(opening.open_bids, at=OPENED)
    done = scene.does(evaluation.evaluate, at=OPENED)
    assert scene.round_ is not None
    found = supply.volumes(scene.session, scene.round_, done)[scene.lots[1].id]
    assert sum(row.base for row in found) == 10800  # 90 % of the 12 000 that were reported


def test_a_winner_that_keeps_its_own_brand_gets_that_demand_and_no_more() -> None:
    one, half = Decimal(1), Decimal("0.5")
    needs = [Need("a", 1, None, Decimal(100)), Need("a", 2, 8, Decimal(60)), Need("a", 1, 9, Decimal(7))]
    suppliers = [
        Supplier(7, 1, frozenset({1}), Decimal("0.7")),
        Supplier(8, 2, frozenset({2}), Decimal("0.7"), own_brand_only=True),
    ]
    found = volumes(needs, suppliers, main={"a": 7}, factors={1: one, 2: half})
    assert {(row.company, row.specification): (row.base, row.agreed) for row in found} == {
        (7, 1): (Decimal(107), Decimal(75)), (8, 2): (Decimal(60), Decimal(42))
    }  # fmt: skip


def test_a_waterfall_divides_the_base_by_shares_without_a_draft() -> None:
    suppliers = [
        Supplier(7, 1, frozenset({1}), Decimal(1), Decimal("0.6")),
        Supplier(8, 1, frozenset({1}), Decimal(1), Decimal("0.4")),
    ]
    found = volumes([Need("a", 1, None, Decimal(1001))], suppliers, main={}, factors={1: Decimal(1)})
    assert [row.base for row in found] == [Decimal("600.600"), Decimal("400.400")]


def test_a_base_that_nobody_supplies_is_refused() -> None:
    with pytest.raises(BaseNotConserved):
        volumes([Need("a", 1, None, Decimal(1))], [], main={}, factors={1: Decimal(1)})


def test_each_need_goes_to_whoever_takes_it_so_that_hospitals_agree_with_whom_they_asked_for() -> None:
    main = Supplier(7, 1, frozenset({1, 2}), Decimal("0.7"))
    own = Supplier(8, 3, frozenset({3}), Decimal("0.7"), own_brand_only=True)

    def takes(specification: int, brand: int | None) -> list[tuple[int, int, Decimal]]:
        return taken(Need("31", specification, brand, Decimal(10)), [main, own], main={"31": 7})

    assert takes(2, None) == [(7, 2, Decimal(10))]
    assert takes(3, None) == [(7, 1, Decimal(10))]  # 7 does not make 3: it delivers what it won with
    assert takes(1, 8) == [(8, 3, Decimal(10))]
    assert takes(1, 9) == [(7, 1, Decimal(10))]  # 9 won nothing
