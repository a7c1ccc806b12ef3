"""Labels against a golden that officials can read, and through the command."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kernel.policy import BadPolicy, NoSuchRuleSet, parse
from pricing.governance.cli import label_command
from pricing.governance.rules import RULE_SETS, MissingPrice, ProductKind, label, rules

GOLDEN = parse((Path(__file__).resolve().parents[2] / "golden" / "labels.toml").read_text("utf-8"))


def cases() -> list[Any]:
    return [
        pytest.param(case, price, expected, id=f"{case['name']}: {price}")
        for case in GOLDEN["case"]
        for price, expected in case["prices"].items()
    ]


@pytest.mark.parametrize(("case", "price", "expected"), cases())
def test_a_price_is_labelled_as_the_golden_says(case: dict[str, Any], price: str, expected: str) -> None:
    product = dict(case["product"])
    kind, inside = ProductKind(product.pop("kind")), product.pop("in_supply_region", None)
    prices = {name: Decimal(value) for name, value in product.items()}
    found = label(rules(case["rules"]), kind=kind, price=Decimal(price), prices=prices, in_supply_region=inside)
    assert found.label == expected
    if "anchor" in case:
        assert found.anchor == case["anchor"]


def test_what_a_rule_measures_against_must_be_there() -> None:
    with pytest.raises(MissingPrice):
        label(rules("henan-2026"), kind=ProductKind.PASSED, price=Decimal(1), prices={})
    with pytest.raises(MissingPrice):
        prices = {"own_winning_price": Decimal(1), "highest_winning_price": Decimal(1)}
        label(rules("henan-2026"), kind=ProductKind.WINNER, price=Decimal(1), prices=prices)


def test_rules_that_are_none_are_refused(tmp_path: Path) -> None:
    assert RULE_SETS.ids() == ("anhui", "henan-2026")
    with pytest.raises(NoSuchRuleSet):
        rules("nowhere")
    own = tmp_path / "own.toml"
    for text in ("title = 'x'\n", '[[rule]]\nname = "a"\nkinds = ["sold"]\n'):
        own.write_text(text, "utf-8")
        rules.cache_clear()
        with pytest.raises(BadPolicy):
            rules(str(own))


def test_the_command_labels_rows_and_tells_all_mistakes(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    header = "product,kind,price,own_winning_price,highest_winning_price,highest_listed_price,in_supply_region"
    table.write_text(f"{header}\n甲,passed,3.0001,,1,,\n乙,winner,1,1,2,,1\n", "utf-8")
    runner = CliRunner()
    found = json.loads(runner.invoke(label_command, [str(table), "--rules", "henan-2026"]).stdout)
    assert [(one["label"], one["anchor"], one["ratio"]) for one in found] == [
        ("red", "1", "3.000100"), ("none", None, None),
    ]  # fmt: skip
    table.write_text(f"{header}\n甲,winner,2,1,2,,FALSE\n乙,winner,2,1,2,,TRUE\n", "utf-8")
    found = json.loads(runner.invoke(label_command, [str(table), "--rules", "henan-2026"]).stdout)
    assert [one["label"] for one in found] == ["yellow", "none"]  # as spreadsheets write booleans
    table.write_text(f"{header}\n甲,passed,3.0001,,,,\n乙,sold,0,1,2,,1\n丙,passed,1,,,,\n", "utf-8")
    refused = runner.invoke(label_command, [str(table), "--rules", "henan-2026"])
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 2
    table.write_text(f"{header}\n甲,passed,3.0001,,,,\n丙,winner,1,1,2,,\n", "utf-8")
    refused = runner.invoke(label_command, [str(table), "--rules", "henan-2026"])
    assert refused.stderr.splitlines() == [
        "jicai price label: line 2, column highest_winning_price: must not be blank",
        "jicai price label: line 3, column in_supply_region: must not be blank",
    ]
