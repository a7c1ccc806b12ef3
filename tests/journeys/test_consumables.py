"""Every rule set of consumables through the pages, from the catalogue to the agreements, beside the pure rules."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from flask import Flask

from kernel import clock
from kernel.db import Database
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries.rulesets import in_force
from procurement.rounds.queries.table import bid_table
from procurement.rounds.rules.award import evaluate
from procurement.rounds.rules.model import Status
from tests.journeys import consumables as play
from tests.journeys.consumables import Fair

STENT, SERVICE = "药物洗脱支架", "伴随服务"
HIP = ("股骨柄", "股骨头", "髋臼杯", "内衬")


def conserved(one: Fair) -> None:
    """Agreed and reassigned volumes together are each hospital's own, lot by lot, to the unit."""
    own: dict[str, Decimal] = defaultdict(Decimal)
    divided: dict[str, Decimal] = defaultdict(Decimal)
    for row in play.hospital_rows(one):
        own[row["hospital"]] += row["own"]
        divided[row["hospital"]] += row["agreed"] + row["reassigned"]
        assert row["won"] or row["reassigned"] == 0
    assert own and own == divided


def pure(one: Fair) -> dict[tuple[int, str], Decimal | None]:
    """Return what the pure rules make of the table the round gives out: winners with their shares."""
    with one.database.transaction(write=False) as session:
        round_ = session.get_one(Round, one.round_)
        table = bid_table(session, round_)
        result = evaluate(table.rows, in_force(round_), regions=table.regions)
    ids = {one.company(n): n for n in range(1, play.COMPANIES + 1)}
    return {
        (ids[table.companies[each.company]], each.spec): each.ratio
        for found in result.varieties for each in found.of(Status.WON)
    }  # fmt: skip


def start(one: Fair, how: str, fallback: str = "") -> None:
    until = clock.beijing(one.at + timedelta(days=3))
    one.post(
        "officer", f"/procurement/rounds/{one.round_}/reassignment/start", how=how, fallback=fallback,
        deadline=f"{until:%Y-%m-%dT%H:%M:%S}", source="采购文件第 8 条", reason="文件规定",
    )  # fmt: skip


def finish(one: Fair) -> None:
    base = f"/procurement/rounds/{one.round_}"
    one.post("reviewer", f"{base}/reassignment/close")
    one.post("officer", f"{base}/agreements")
    conserved(one)
    for who in ("officer", "h1"):
        assert f'href="{base}/reassignment" aria-current="page"' in one.page(who, f"{base}/reassignment")
    one.page("officer", f"{base}/regions")
    assert one.page("h1", "/procurement/agreements")


def test_stents_2022_fees_are_bid_and_held_against_their_limit(app: Flask, database: Database) -> None:
    one = play.fair(app, database)
    play.catalogue(one, "冠脉支架", [(STENT, "product"), (SERVICE, "service")], {STENT: (1, 2, 3)})
    play.collect(one, {
        "h1": {(STENT, 1): 100, (STENT, 3): 41}, "h2": {(STENT, 2): 60, (STENT, 1): 7}, "h3": {(STENT, 3): 30},
    })  # fmt: skip
    play.prepare(one, "stents-2022", {STENT: "1000"})
    assert "50.0000" in one.page("c1", f"/procurement/bids/{one.box}/lots/{one.lot}")
    assert play.bid(one, 1, {STENT: "700", SERVICE: "50.01"}).status_code == 422
    assert play.bid(one, 1, {STENT: "700", SERVICE: ""}).status_code == 422
    play.bid_all(one, {
        1: {STENT: "798", SERVICE: "50"}, 2: {STENT: "650", SERVICE: "30"}, 3: {STENT: "798.0001", SERVICE: "10"},
    })  # fmt: skip
    play.award(one)  # nothing has to be entered: the fee was bid
    assert set(pure(one)) == {(1, STENT), (2, STENT)}
    start(one, "lowest-first")
    finish(one)
    found = play.agreed(one)
    assert found["h1", 1, STENT] == (100, 798) and found["h1", 2, STENT] == (41, 650)
    assert found["h1", 2, SERVICE] == (41, 30) and found["h3", 2, STENT] == (30, 650)
    assert not any(company == 3 for _hospital, company, _spec in found)


def test_stents_2026_volume_follows_the_price_and_hospitals_divide_the_rest(app: Flask, database: Database) -> None:
    one = play.fair(app, database)
    play.catalogue(one, "冠脉支架", [(STENT, "product")], {STENT: (1, 2, 3, 4)})
    play.collect(one, {
        "h1": {(STENT, 1): 100, (STENT, 2): 50, (STENT, 4): 33}, "h2": {(STENT, 3): 25}, "h3": {(STENT, 4): 9},
    })  # fmt: skip
    play.prepare(one, "stents-2026", {STENT: "1000"})
    play.bid_all(one, {1: {STENT: "848"}, 2: {STENT: "898"}, 3: {STENT: "949"}, 4: {STENT: "949.0001"}})
    play.enter(one, {(1, STENT): {"material": "stainless"}})
    play.award(one)
    assert pure(one) == {(1, STENT): Decimal("0.9"), (2, STENT): Decimal("0.75"), (3, STENT): Decimal("0.6")}
    base = f"/procurement/rounds/{one.round_}/reassignment"
    answer = one.visit("officer", f"{base}/start", {"how": "by-hospital", "fallback": "pro-rata"})
    assert answer.status_code == 422 and "This is needed" in answer.get_data(as_text=True)
    start(one, "by-hospital", "pro-rata")
    rows = {(row["hospital"], row["company"]): row for row in play.hospital_rows(one)}
    assert [rows["h1", n]["agreed"] for n in (1, 2, 3)] == [90, 38, 0]  # 37.5 rounds half-up; a pool of 55 is left
    give = {n: f"give-{rows['h1', n]['id']}" for n in (1, 2, 3)}
    wrong = one.visit("h1", base, {give[1]: "10", give[2]: "1.5", give[3]: "", "then": "submit"})
    text = wrong.get_data(as_text=True)
    assert wrong.status_code == 422 and "1.5" in text and "10 given, and 55 have to be" in text
    stranger = {f"give-{rows['h2', 3]['id']}": "1", "then": "submit"}
    assert one.visit("h1", base, stranger).status_code == 404
    assert one.visit("c1", base).status_code == 404
    one.post("h1", base, **{give[1]: "40", give[2]: "15", give[3]: "0", "then": "submit"})
    assert one.visit("h1", base, {give[1]: "1", "then": "save"}).status_code != 200
    assert one.visit("reviewer", f"{base}/close", {}).status_code != 200
    one.later(days=3)
    late = one.visit("h1", base, {give[1]: "55", "then": "submit"})
    assert "The deadline has passed" in late.get_data(as_text=True)
    finish(one)
    found = play.agreed(one)
    assert found["h1", 1, STENT][0] == 130 and found["h1", 2, STENT][0] == 53
    assert found["h2", 3, STENT][0] == 25  # silent: by the rule, all to the one it agreed with
    assert sum(units for (hospital, _company, _spec), (units, _price) in found.items() if hospital == "h3") == 9


def test_stents_2020_a_company_wins_with_four_products_at_most(app: Flask, database: Database) -> None:
    one = play.fair(app, database)
    kinds = tuple(f"支架{letter}" for letter in "甲乙丙丁戊")
    parts = [(text, "product") for text in kinds]
    play.catalogue(one, "冠脉支架", parts, {**dict.fromkeys(kinds, (1,)), kinds[4]: (1, 2)})
    play.collect(one, {"h1": {(kinds[0], 1): 40, (kinds[4], 1): 20, (kinds[4], 2): 13}})
    play.prepare(one, "stents-2020", dict.fromkeys(kinds, "9000"))
    own = {text: str(501 + place) for place, text in enumerate(kinds)}
    play.bid_all(one, {1: own, 2: {kinds[4]: "506"}})
    play.award(one)
    assert set(pure(one)) == {(1, text) for text in kinds[:4]} | {(2, kinds[4])}
    start(one, "pro-rata")
    finish(one)
    found = play.agreed(one)
    assert (("h1", 1, kinds[4]) not in found) and sum(units for units, _price in found.values()) == 73


def test_joints_units_components_and_reassignment_in_the_top_unit(app: Flask, database: Database) -> None:
    one = play.fair(app, database)
    parts = [(text, "component") for text in HIP] + [(SERVICE, "service")]
    everyone = tuple(range(1, 10))
    play.catalogue(one, "髋关节系统", parts, dict.fromkeys(HIP, everyone))
    volumes = dict(zip(everyone, (120, 120, 110, 100, 100, 100, 100, 100, 150), strict=True))
    play.collect(one, {
        "h1": {(HIP[0], company): units for company, units in volumes.items()}, "h2": {(HIP[0], 9): 11},
    })  # fmt: skip
    play.prepare(one, "joints-2021", {**dict.fromkeys(HIP, "3000"), SERVICE: "800"}, {"shortlist.table": "[1]"})
    page = one.page("c1", f"/procurement/bids/{one.box}/lots/{one.lot}")
    assert "Sum of the system" in page and "12,800.0000" in page.replace("12800.0000", "12,800.0000")
    refused = play.bid(one, 1, {HIP[0]: "1000", HIP[1]: "500", HIP[2]: "3000.01", SERVICE: "300"})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "above the maximum valid bid" in text and "A price is missing" in text
    price = {
        n: {HIP[0]: str(1000 + n), HIP[1]: "500", HIP[2]: "600.5", HIP[3]: "400", SERVICE: "300"} for n in everyone
    }
    price[9] = {**price[9], HIP[0]: "700"}
    play.bid_all(one, price)
    commits = {"full_supply": "1", "required_feature": "1"}
    play.enter(one, {(n, HIP[0]): commits if n != 9 else {**commits, "full_supply": "0"} for n in everyone})
    play.award(one)
    units = one.page("officer", f"/procurement/rounds/{one.round_}/units")
    assert "unit A holds 7 of 9 companies" in units and "does not make every commitment" in units
    assert set(pure(one)) == {(1, ""), (9, "")}
    answer = one.visit("h1", f"/procurement/rounds/{one.round_}/reassignment")
    assert answer.status_code == 404  # not before it was started
    start(one, "top-unit")
    finish(one)
    found = play.agreed(one)
    assert found["h1", 1, HIP[0]] == (765, 1001) and found["h1", 1, HIP[2]] == (765, Decimal("600.5"))
    assert found["h1", 1, SERVICE] == (765, 300) and found["h1", 9, SERVICE] == (135, 300)
    assert found["h2", 9, HIP[3]] == (10, 400) and len(found) == 15
    regions = one.page("officer", f"/procurement/rounds/{one.round_}/regions")
    assert len(re.findall(r"600\.5000", regions)) >= 2
