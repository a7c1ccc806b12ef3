"""What holds for any bids under any rule set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rounds.rules.award import evaluate
from procurement.rounds.rules.eligibility import comparable
from procurement.rounds.rules.model import BidRow, Decision, Form, Result, Status
from procurement.rounds.rules.ruleset import RULE_SETS, RuleSet, load_rule_set

STEP = Decimal("0.0001")
FILL = {
    "batch-10": {"low_price.injection": Decimal("0.0012")},
    "batch-12": {"shortlist.table": [1, 2, 2, 3, 4], "limit.multiplier": Decimal("1.8"), "anchor.deviation": "sample"},
    "joints-2021": {"shortlist.table": [1, 1, 2, 2, 3]},
    "composite": {"score.weights": {"price": 60, "quality": 40}, "shortlist.fixed": 2},
    "inquiry": {"volume.fixed": 1},
    "price-linkage": {"shortlist.fixed": 3, "volume.fixed": 1},
    "quality-levels": {"shortlist.fixed": 2, "volume.fixed": 1},
}


def ready(name: str) -> RuleSet:
    """A built-in rule set with thresholds brought down to prices of a few steps, so that all of them can be tried."""
    rule_set = load_rule_set(name, fill=FILL.get(name))
    small = {"low_price.any": 10, "low_price.oral-solid": 10, "price_line.below": 30, "line.price": 40}
    fill = {key: ticks * STEP for key, ticks in small.items() if key in rule_set.parameters}
    if "volume.tiers" in rule_set.parameters:
        fill |= {"line.by_class": {"alloy": 40 * STEP, "stainless": 30 * STEP}}
    return rule_set.filled(fill) if fill else rule_set


READY = {name: ready(name) for name in RULE_SETS.ids()}
READY["cut beyond the shortlist"] = ready("batch-2").filled({"cut.reach": "all", "cut.minimum": Decimal("0.6")})
READY["ties included"] = ready("batch-11").filled({"shortlist.ties": "include_all"})
READY["elimination"] = ready("batch-7").filled({"elimination.enabled": True, "elimination.largest": 1})
READY["price score computed"] = ready("composite").filled({"score.price_formula": "lowest-ratio"})
BLANKS = st.sampled_from([None, Decimal(0), Decimal("0.00125"), Decimal("0.0099")])
PRICES = st.integers(1, 60).map(lambda ticks: ticks * STEP)


@st.composite
def bid(draw: st.DrawFn, number: int, variety: str) -> BidRow:
    return BidRow(
        variety=variety,
        company=f"C{draw(st.integers(1, max(1, number)))}" if draw(st.integers(0, 9)) == 0 else f"C{number}",
        spec=f"{number}mg",
        group=draw(st.sampled_from(["", "", "", "G"])),
        unit_price=draw(st.one_of(*[PRICES] * 6, BLANKS)),
        cap=draw(st.sampled_from([Decimal("0.0060"), Decimal("0.0045"), Decimal("0.00505")])),
        price_factor=draw(st.sampled_from([Decimal(1), Decimal(1), Decimal("1.7"), Decimal("0.5882352941")])),
        form=draw(st.sampled_from(list(Form))),
        declared=draw(st.integers(0, 9)) > 0,
        is_reference=draw(st.booleans()),
        brand_demand=draw(st.sampled_from([None, Decimal(10), Decimal(20), Decimal(35)])),
        revival_offer=draw(st.booleans()),
        extra={
            "service_fee": Decimal(draw(st.sampled_from([50, 51]))),
            "class_b_line": draw(st.sampled_from([None, Decimal("0.0035")])),
            "score_price": Decimal(draw(st.integers(1, 2))),
            "score_quality": Decimal(draw(st.integers(1, 2))),
            "intended_volume": Decimal(draw(st.integers(0, 5))),
            "full_supply": draw(st.booleans()),
            "required_feature": True,
            "lowest_provincial_price": draw(st.sampled_from([None, Decimal("0.0035")])),
            "quality_level": "一",
            "material": draw(st.sampled_from([None, "alloy", "stainless"])),
        },
    )


@st.composite
def rounds(draw: st.DrawFn) -> list[BidRow]:
    rows = [draw(bid(number, "a")) for number in range(1, draw(st.integers(1, 8)) + 1)]
    others = [draw(bid(number, "b")) for number in range(1, draw(st.integers(0, 3)) + 1)]
    found = [*rows, *others]
    group = {row.company: row.group for row in found}
    return [replace(row, group=group[row.company]) for row in found]


def outcome(result: Result, decided: Decision, variety: str) -> Status | None:
    for found in result.varieties:
        for other in found.decisions:
            same = (other.company, other.spec) == (decided.company, decided.spec)
            if found.variety == variety and (same or decided.spec in {o.spec for o in other.other_specs}):
                return other.status
    return None


def with_price(rows: Sequence[BidRow], variety: str, decided: Decision, price: Decimal) -> list[BidRow]:
    own = (variety, decided.company, decided.spec)
    return [replace(r, unit_price=price) if (r.variety, r.company, r.spec) == own else r for r in rows]


@pytest.mark.parametrize("name", READY)
@settings(max_examples=25, deadline=None)
@given(rows=rounds())
def test_the_smallest_change_flips_and_one_step_less_does_not(name: str, rows: list[BidRow]) -> None:
    result = evaluate(rows, READY[name])
    for found in result.varieties:
        for decided in found.decisions:
            if decided.change is None or decided.bid_price is None:
                continue
            price, at = decided.bid_price, decided.change.unit_price
            step = STEP if at < price else -STEP
            flipped = evaluate(with_price(rows, found.variety, decided, at), READY[name])
            assert outcome(flipped, decided, found.variety) is decided.change.becomes is not decided.status
            assert decided.change.difference == at - price
            if abs(at - price) > STEP:
                nearer = evaluate(with_price(rows, found.variety, decided, at + step), READY[name])
                assert outcome(nearer, decided, found.variety) is decided.status


@pytest.mark.parametrize("name", READY)
@settings(max_examples=5, deadline=None)
@given(rows=rounds())
def test_no_nearer_price_flips_and_none_means_none(name: str, rows: list[BidRow]) -> None:
    none_nearer(name, rows)


@pytest.mark.long
@pytest.mark.parametrize("name", READY)
@settings(max_examples=40, deadline=None)
@given(rows=rounds())
def test_no_nearer_price_flips_in_many_rounds(name: str, rows: list[BidRow]) -> None:
    none_nearer(name, rows)


def none_nearer(name: str, rows: list[BidRow]) -> None:
    """Try every price, and compare the nearest that alters the outcome with the one that is told."""
    result = evaluate(rows, READY[name])
    for found in result.varieties[:1]:
        for decided in found.decisions[:3]:
            if decided.bid_price is None:
                continue
            flips = []
            for ticks in range(1, 62):
                tried = evaluate(with_price(rows, found.variety, decided, ticks * STEP), READY[name])
                if outcome(tried, decided, found.variety) is not decided.status:
                    flips.append(abs(ticks * STEP - decided.bid_price))
            nearest = None if decided.change is None else abs(decided.change.difference)
            assert nearest == min(flips, default=None)


@pytest.mark.parametrize("name", READY)
@settings(max_examples=15, deadline=None)
@given(rows=rounds(), data=st.data())
def test_the_order_of_the_table_does_not_matter(name: str, rows: list[BidRow], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    first, second = evaluate(rows, READY[name], regions=7), evaluate(shuffled, READY[name], regions=7)
    assert {(v.variety, v.unit): v for v in first.varieties} == {(v.variety, v.unit): v for v in second.varieties}


@pytest.mark.parametrize("name", READY)
@settings(max_examples=15, deadline=None)
@given(rows=rounds())
def test_winners_are_valid_within_cap_and_within_k(name: str, rows: list[BidRow]) -> None:
    rule_set = READY[name]
    caps = {(row.variety, row.company, row.spec): row for row in rows}
    for found in evaluate(rows, rule_set).varieties:
        shortlisted = 0
        for decided in found.of(Status.WON):
            row = caps[(found.variety, decided.company, decided.spec)]
            assert decided.unit_price is None or 0 < decided.unit_price <= row.cap
            assert decided.bid_comparable == comparable(row.unit_price or Decimal(0), row.price_factor)
            extra = ("revival-unlisted", "reference-preparation", "outlier", "cut")
            shortlisted += decided.decided_by not in extra
        places = sum(tie.places for tie in found.unresolved_ties)
        included = rule_set.parameters.value("shortlist.ties") == "include_all"
        assert found.k is None or included or shortlisted + places <= found.k
        declared = {r.company for r in rows if r.variety == found.variety and r.declared}
        assert {d.company for d in found.decisions} <= declared


@settings(max_examples=60, deadline=None)
@given(rows=rounds(), regions=st.integers(1, 40))
def test_every_region_goes_to_one_winner_where_no_tie_is_open(rows: list[BidRow], regions: int) -> None:
    for found in evaluate(rows, READY["batch-9"], regions=regions).varieties:
        counts = [decided.regions for decided in found.of(Status.WON)]
        if counts and not found.unresolved_ties and None not in counts:
            assert sum(count or 0 for count in counts) == regions
