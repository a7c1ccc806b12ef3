"""Levels and corrections against a golden that officials can read, and what must hold for any amount."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from kernel.policy import parse
from pricing.credit.flow import Matter
from pricing.credit.ratings.cli import credit
from pricing.credit.ratings.flow import Level
from pricing.credit.ratings.rules import RULE_SETS, Finding, NotCovered, benchmark, grade, held_level

GOLDEN = parse((Path(__file__).resolve().parents[3] / "golden" / "credit.toml").read_text("utf-8"))
NUMBERS = "①②③④⑤⑥"


def cases() -> list[Any]:
    found = []
    for case in GOLDEN["case"]:
        for kind, amounts in (("amount", case.get("amounts", {})), ("single", case.get("singles", {}))):
            for amount, level in amounts.items():
                found.append(pytest.param(case, kind, amount, level, id=f"{case['name']}: {amount}"))
    return found


@pytest.mark.parametrize(("case", "kind", "amount", "level"), cases())
def test_a_finding_is_graded_as_the_golden_says(case: dict[str, Any], kind: str, amount: str, level: str) -> None:
    known = {"amount": case.get("amount"), kind: Decimal(amount)}
    sums: dict[str, Any] = {name: None if value is None else Decimal(value) for name, value in known.items()}
    flags = {name: case.get(name, False) for name in ("staff", "national_round", "shortage")}
    found = grade(case["version"], Finding(Matter(case["matter"]), **sums, **flags))
    assert (found.level or "?") == level
    assert list(found.options) == (case["options"] if found.level is None else [])


@pytest.mark.parametrize("version", RULE_SETS.ids())
def test_the_golden_has_every_threshold_at_below_and_above(version: str) -> None:
    told: dict[tuple[str, str], set[Decimal]] = defaultdict(set)
    for case in GOLDEN["case"]:
        if case["version"] == version:
            for kind in ("amount", "single"):
                told[case["matter"], kind] |= {Decimal(one) for one in case.get(f"{kind}s", {})}
    for rule in benchmark(version)["rule"]:
        for kind in ("amount", "single"):
            if (bound := rule.get(f"{kind}_from")) is not None:
                wanted = {Decimal(bound) + fen for fen in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))}
                assert {one for one in wanted if bound or not one} <= told[rule["matter"], kind], rule


def test_every_cell_of_the_matrix_of_corrections_is_as_the_golden_says() -> None:
    own = {matter: dict(levels) for matter, levels in benchmark("2025")["corrections"].items() if matter != "source"}
    shown = {matter: {level: "".join(NUMBERS[one - 1] for one in numbers) for level, numbers in levels.items()}
             for matter, levels in own.items()}  # fmt: skip
    assert shown == GOLDEN["corrections"]


def test_every_level_does_what_the_golden_says() -> None:
    assert {version: benchmark(version)["measures"] for version in RULE_SETS.ids()} == GOLDEN["measures"]


AMOUNTS = st.integers(0, 3 * 10**9).map(lambda fen: Decimal(fen).scaleb(-2))


@given(st.sampled_from(RULE_SETS.ids()), st.sampled_from(Matter), AMOUNTS, AMOUNTS)
def test_more_money_is_never_a_lower_level(version: str, matter: Matter, one: Decimal, other: Decimal) -> None:
    try:
        low, high = (grade(version, Finding(matter, amount)) for amount in sorted((one, other)))
    except NotCovered:
        assert version == "2020" and matter is Matter.RESISTING
        return
    order = benchmark(version)["levels"]
    if low.level is not None and high.level is not None:
        assert order.index(low.level) <= order.index(high.level)


def run(*options: str) -> Result:
    return CliRunner().invoke(credit, ["grade", *options])


def test_the_command_prints_level_measures_corrections_and_steps() -> None:
    found = json.loads(run("--version", "2025", "--matter", "kickbacks", "--amount", "600000").stdout)
    assert (found["level"], found["corrections"]) == ("seriously-dishonest", [1, 2, 4, 5, 6])
    assert found["measures"] == ["suspend-products-in-province"]
    assert found["steps"][-1]["code"] == "grade-level"


@pytest.mark.parametrize(
    ("options", "level", "corrections"),
    [
        (("--version", "2025", "--matter", "kickbacks", "--staff"), "extremely-dishonest", [1, 2, 3, 4, 5, 6]),
        (("--version", "2025", "--matter", "kickbacks", "--amount", "0.01", "--staff"), "extremely-dishonest",
         [1, 2, 3, 4, 5, 6]),
        (("--version", "2025", "--matter", "rigged-bidding", "--national-round"), "extremely-dishonest", [1, 3, 5, 6]),
        (("--version", "2025", "--matter", "kickbacks", "--amount", "9999.99"), "none", []),
        (("--version", "2020", "--matter", "kickbacks", "--amount", "400000", "--single", "100000"), "medium", None),
        (("--version", "2025", "--matter", "rigged-bidding", "--staff"), None, None),
        (("--version", "2025", "--matter", "pricing", "--shortage"), None, None),
    ],
)  # fmt: skip
def test_the_command_takes_every_option_of_its_line_and_answers_in_its_words(
    options: tuple[str, ...], level: str | None, corrections: list[int] | None
) -> None:
    found = json.loads(run(*options).stdout)
    assert (found["version"], found["level"], found["corrections"]) == (options[1], level, corrections)
    words = {"version", "level", "measures", "corrections", "steps"}
    assert set(found) == words | ({"reason", "options"} if level is None else set())


def test_without_a_number_the_level_is_null_with_the_reason() -> None:
    found = json.loads(run("--version", "2025", "--matter", "monopoly").stdout)
    assert (found["level"], found["measures"], found["corrections"]) == (None, None, None)
    assert "未公布数字" in found["reason"]


@pytest.mark.parametrize(
    "options",
    [
        ("--version", "2025", "--matter", "tax"),
        ("--version", "2020", "--matter", "kickbacks", "--staff"),
        ("--version", "2025", "--matter", "tax", "--amount", "-1"),
        ("--version", "2025", "--matter", "tax", "--amount", "1e6"),
        ("--version", "2025", "--matter", "tax", "--amount", "0.001"),
        ("--version", "2020", "--matter", "kickbacks", "--amount", "5", "--single", "6"),
        ("--version", "2020", "--matter", "resisting", "--amount", "5"),
        ("--version", "2019", "--matter", "tax", "--amount", "5"),
    ],
)
def test_bad_input_is_refused_with_a_line_that_says_why(options: tuple[str, ...]) -> None:
    answer = run(*options)
    assert answer.exit_code == 2
    assert answer.stderr.strip()


def test_a_shortage_drug_kept_dear_is_seriously_dishonest_at_least() -> None:
    found = grade("2025", Finding(Matter.PRICING, shortage=True))
    assert (found.level, found.options) == (None, ("seriously-dishonest", "extremely-dishonest"))
    assert "dishonest" in grade("2025", Finding(Matter.PRICING)).options


def test_an_officer_holds_no_level_that_the_benchmark_does_not_leave_open() -> None:
    for version, matter, shortage in (("2025", Matter.BREACH, False), ("2025", Matter.PRICING, True),
                                      ("2020", Matter.TAX, False)):  # fmt: skip
        found = grade(version, Finding(matter, Decimal(100_000), shortage=shortage))
        held = [held_level(found.level, found.options, version, level) for level in (*Level, None)]
        assert [one.value for one in held if one is not None] == [one for one in Level if one in found.options]
    sure = grade("2025", Finding(Matter.TAX, Decimal(60_000)))  # he may deviate, with ground and document
    assert held_level(sure.level, (), "2025", None) is Level.DISHONEST
    assert held_level(sure.level, (), "2025", Level.NONE) is Level.NONE
    assert held_level(sure.level, (), "2025", Level.GENERAL) is None
