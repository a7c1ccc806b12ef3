"""Trigger evaluations against a golden that officials can read, and through the command."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kernel.errors import UnsetParameter
from kernel.policy import BadPolicy, NoSuchRuleSet, parse
from pricing.triggers.cli import triggers
from pricing.triggers.flow import Outcome
from pricing.triggers.rules import RULE_SETS, evaluate, rules

GOLDEN = parse((Path(__file__).resolve().parents[2] / "golden" / "triggers.toml").read_text("utf-8"))


def inputs(case: dict[str, Any]) -> dict[str, Decimal | None]:
    given = {name: Decimal(value) for name, value in (GOLDEN[case["rules"]] | case.get("with", {})).items()}
    return {name: None if name in case.get("without", ()) else value for name, value in given.items()}


@pytest.mark.parametrize("case", GOLDEN["case"], ids=lambda case: str(case["name"]))
def test_a_year_is_decided_as_the_golden_says(case: dict[str, Any]) -> None:
    filled = {code: Decimal(value) for code, value in GOLDEN["thresholds"][case["rules"]].items()}
    own = rules(case["rules"]).filled(filled)
    found = evaluate(own, inputs(case), special=case.get("special", False))
    assert found.decision == case["decision"]
    said = {one.indicator.code: one.outcome for one in found.judged}
    assert {code: said[code].value for code in case.get("outcomes", {})} == case.get("outcomes", {})


@pytest.mark.parametrize("name", ["guangdong-2022", "hunan-2021"])
def test_every_indicator_is_met_not_met_and_missing_in_the_golden(name: str) -> None:
    seen: dict[str, set[Outcome]] = {}
    for case in GOLDEN["case"]:
        if case["rules"] == name and not case.get("special"):
            filled = {code: Decimal(value) for code, value in GOLDEN["thresholds"][name].items()}
            for one in evaluate(rules(name).filled(filled), inputs(case)).judged:
                seen.setdefault(one.indicator.code, set()).add(one.outcome)
    for one in rules(name).indicators:
        assert {Outcome.MET, Outcome.NOT_MET} <= seen[one.code], one.code
        said = evaluate(rules(name), inputs({"rules": name}) | dict.fromkeys(rules(name).inputs())).judged
        assert {judged.outcome for judged in said} == {Outcome.MISSING}


def test_an_unset_threshold_stops_where_it_would_count() -> None:
    own, given = rules("guangdong-2022"), {name: Decimal(1) for name in rules("guangdong-2022").inputs()}
    with pytest.raises(UnsetParameter):
        evaluate(own, given)
    assert evaluate(rules("hunan-2021"), {}).decision == "no-start"


def test_a_base_of_nothing_says_nothing() -> None:
    given = inputs({"rules": "hunan-2021", "with": {"gdp_last_year": 0}})
    found = evaluate(rules("hunan-2021").filled({"wage-change": Decimal("0.08")}), given)
    assert next(one for one in found.judged if one.indicator.code == "revenue-below-gdp").outcome is Outcome.MISSING


def test_rules_that_are_none_are_refused(tmp_path: Path) -> None:
    assert RULE_SETS.ids() == ("guangdong-2022", "hunan-2021")
    with pytest.raises(NoSuchRuleSet):
        rules("nowhere")
    own = tmp_path / "own.toml"
    own.write_text('[decision]\ntriggers = 1\nsource = "x"\n[[rule]]\ncode = "a"\n', "utf-8")
    with pytest.raises(BadPolicy):
        rules(str(own))


def run(path: Path, name: str, *options: str) -> Result:
    return CliRunner().invoke(triggers, ["evaluate", str(path), "--rules", name, *options])


def test_the_command_decides_and_names_what_is_unset(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    lines = [f"{name},{value},统计年报" for name, value in GOLDEN["hunan-2021"].items()]
    table.write_text("\n".join(["input,value,source", *lines]), "utf-8")
    refused = run(table, "hunan-2021")
    assert (refused.exit_code, "wage-change" in refused.stderr) == (3, True)
    found = json.loads(run(table, "hunan-2021", "--set", "wage-change=0.08").stdout)
    assert (found["decision"], found["indicators"][0]["outcome"]) == ("start", "met")
    assert found["indicators"][0]["sources"]["cost_this_year"] == "统计年报"
    assert json.loads(run(table, "hunan-2021", "--special").stdout)["decision"] == "skipped"


def test_bad_input_is_told_all_at_once(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("input,value\nrainfall,3\ngdp,x\ngdp,\n", "utf-8")
    refused = run(table, "hunan-2021")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 3)
    assert run(table, "hunan-2021", "--set", "x=1", "--set", "cpi=?").exit_code == 2
