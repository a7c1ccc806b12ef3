"""Every built-in rule set against a golden that officials can read (tests/golden/*.toml)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kernel.errors import UnsetParameter
from kernel.policy import parse
from procurement.rounds.rules.award import evaluate
from procurement.rounds.rules.model import BidRow, Decision, Form, Result, Status
from procurement.rounds.rules.plan import period_of, plan_of
from procurement.rounds.rules.ruleset import RULE_SETS, load_rule_set
from procurement.rounds.rules.volumes import ratio_by_winners, waterfall

FOLDER = Path(__file__).resolve().parents[2] / "golden"
GOLDEN = {
    path.stem: table
    for path in sorted(FOLDER.glob("*.toml"))
    if "rule_set" in (table := parse(path.read_text("utf-8")))
}
OWN = (
    "variety", "company", "price", "cap", "spec", "factor", "form", "declared", "group", "demand", "reference", "offer",
    "accepted_as", "accepted_price",
)  # fmt: skip
CHECKS = ("n", "k", "anchor", "limit", "ratio", "period")


def cases() -> Iterator[Any]:
    for name, table in GOLDEN.items():
        for case in table["case"]:
            yield pytest.param(table["rule_set"], case, id=f"{name}: {case['name']}")


def decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def row(bid: dict[str, Any], cap: Any) -> BidRow:
    price = bid.get("price")
    return BidRow(
        variety=bid.get("variety", "品种"),
        company=bid["company"],
        unit_price=None if price is None else Decimal(price),
        cap=Decimal(bid.get("cap", cap)),
        spec=bid.get("spec", ""),
        group=bid.get("group", ""),
        price_factor=Decimal(bid.get("factor", 1)),
        form=Form(bid.get("form", "other")),
        declared=bid.get("declared", True),
        is_reference=bid.get("reference", False),
        brand_demand=decimal(bid.get("demand")),
        revival_offer=bid.get("offer", False),
        accepted_as=bid.get("accepted_as", ""),
        accepted_price=bid.get("accepted_price"),
        extra={name: decimal(value) for name, value in bid.items() if name not in OWN},
    )


def flat(fill: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fill.items():
        if isinstance(value, dict) and prefix + name != "score.weights":
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found


def evaluated(rule_set: str, case: dict[str, Any]) -> Result:
    rows = [row(bid, case.get("cap")) for bid in case["bids"]]
    rules = load_rule_set(rule_set, fill=flat(case.get("fill", {})))
    return evaluate(rows, rules, draws={"品种": case.get("draw", [])}, regions=case.get("over", 31))


@pytest.mark.parametrize(("rule_set", "case"), list(cases()))
def test_golden(rule_set: str, case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(UnsetParameter) as refusal:
            evaluated(rule_set, case)
        assert refusal.value.parameter == case["refused"]
        return
    result = evaluated(rule_set, case)
    won = [d for found in result.varieties for d in found.of(Status.WON)]
    lost = [d for found in result.varieties for d in found.of(Status.LOST)]
    if "winners" in case:
        assert {d.company: d.decided_by for d in won} == case["winners"]
    if "losers" in case:
        assert {d.company: d.reason and d.reason.value for d in lost} == case["losers"]
    opened = [name for found in result.varieties for tie in found.unresolved_ties for name in tie.companies]
    assert opened == case.get("open", [])
    for name in CHECKS:
        if name in case:
            assert getattr(result.varieties[0], name) == case[name], name
    assert [found.unit for found in result.varieties] == case.get("units", [""])
    check_winners(won, case)
    check_revivals([d for found in result.varieties for d in found.decisions], case)


def check_winners(won: list[Decision], case: dict[str, Any]) -> None:
    """What each winner named in the case gets."""
    by_company = {d.company: d for d in won}
    named = {"comparable": "comparable_price", "regions": "regions", "own_ratios": "ratio", "shares": "share"}
    for key, attribute in named.items():
        for company, value in case.get(key, {}).items():
            assert getattr(by_company[company], attribute) == value, (key, company)
    assert all(by_company[company].regions is None for company in case.get("regions_open", []))
    if "statement" in case:
        assert [d.company for d in won if d.statement_due] == case["statement"]


def check_revivals(found: list[Decision], case: dict[str, Any]) -> None:
    """Who may revive at which comparable price (and unit price), whether or not it took it; who may not, and why."""
    offered = {d.company: d.revival for d in found if d.revival and d.revival.allowed}
    if "offers" in case:
        assert set(offered) == {one["company"] for one in case["offers"]}
    for one in case.get("offers", ()):
        revival = offered[one["company"]]
        assert (revival.kind.value, revival.comparable_price) == (one["kind"], decimal(one["price"])), one
        assert one.get("unit", revival.prices[0].follows_at) == revival.prices[0].follows_at, one
    failed = {
        d.company: next(step.code for step in d.revival.conditions if not step.passed)
        for d in found
        if d.revival and not d.revival.allowed
    }
    assert failed == case.get("barred", failed)


@pytest.mark.parametrize("name", [name for name, table in GOLDEN.items() if "places" in table])
def test_places_by_number_of_bidders(name: str) -> None:
    plan, places = plan_of(load_rule_set(name)), GOLDEN[name]["places"]
    assert [plan.places(n) for n in range(1, len(places) + 1)] == places
    assert (plan.places(0), plan.places(99)) == (0, places[-1])


@pytest.mark.parametrize("name", [name for name, table in GOLDEN.items() if "ratios" in table])
def test_ratios_and_periods_by_number_of_winners(name: str) -> None:
    rules, table = load_rule_set(name), GOLDEN[name]
    winners = range(1, len(table["ratios"]) + 1)
    assert [ratio_by_winners(rules, n) for n in winners] == table["ratios"]
    assert [period_of(rules, n) for n in winners] == table["periods"]
    for letter in "bc":
        if f"ratios_{letter}" in table:
            assert [ratio_by_winners(rules, n, letter) for n in winners] == table[f"ratios_{letter}"]


WATERFALLS = [(table["rule_set"], one) for table in GOLDEN.values() for one in table.get("waterfall", [])]


@pytest.mark.parametrize(("rule_set", "one"), WATERFALLS)
def test_a_waterfall_divides_its_base_by_rank(rule_set: str, one: dict[str, Any]) -> None:
    get = load_rule_set(rule_set).parameters.value
    two, three, many = (get(f"volume.waterfall_{name}") for name in ("two", "three", "many"))
    parts = waterfall(Decimal(one["base"]), len(one["parts"]), two=two, three=three, many=Decimal(many))
    assert parts == one["parts"]
    assert sum(parts) == one["base"]


def test_every_built_in_rule_set_has_a_golden() -> None:
    assert {table["rule_set"] for table in GOLDEN.values()} == set(RULE_SETS.ids())


def test_only_values_of_standing_l_or_unknown_are_unset() -> None:
    unset = {(name, p) for name in RULE_SETS.ids() for p in load_rule_set(name).unset()}
    assert all(load_rule_set(name).parameters[p].standing in ("L", "?") for name, p in unset)
    filled = [p for name in RULE_SETS.ids() for p in load_rule_set(name).parameters.values() if p.is_set]
    assert all(p.standing in ("F", "H", "M") for p in filled)
