"""Rule sets that read more than prices, through a round: facts by workbook, the result beside the command line's.

The goldens of insulin, stents, joints, composite scores and continuation become rounds: drafted, published by a second
person, bid for, opened, the missing facts named, entered in one workbook, evaluated. Bids above their caps are left
out: the platform refuses their upload, and these rule sets do not say otherwise.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from openpyxl import load_workbook

from importers import exports as workbooks
from importers import queries as imports
from importers import services as importing
from importers import workbook
from importers.flow import ImportState, Mode
from kernel.db import Database
from procurement.rounds.cli import award
from procurement.rounds.queries import results, supply
from procurement.rounds.services import announcing, evaluation
from procurement.rounds.services.facts import FactsMissing
from tests.journeys.goldens import GoldenRound, opened
from tests.procurement.rounds.scene import OPENED, REGIONS

ROUNDS = [
    pytest.param("insulin-2024", (0, 1, 2), 0, id="insulin-2024"),
    pytest.param("stents-2022", (0,), 4, id="stents-2022"),
    pytest.param("stents-2026", (0, 1), 0, id="stents-2026"),
    pytest.param("composite", (1,), 6, id="composite"),
    pytest.param("composite", (2,), 4, id="composite, tied"),
    pytest.param("joints-2021", (1, 2), 15, id="joints-2021"),
    pytest.param("continuation-csj-2022", (0,), 0, id="continuation-csj-2022"),
]


@pytest.mark.parametrize(("rule_set", "cases", "needed"), ROUNDS)
def test_a_golden_on_the_platform_agrees_with_the_command_line(
    app: Flask, database: Database, tmp_path: Path, rule_set: str, cases: Sequence[int], needed: int
) -> None:
    made = opened(app, database, rule_set, cases)
    must_wait_for(made, needed)
    assert enter(made) == ImportState.APPLIED
    with made.site.scene() as scene:
        scene.does(evaluation.evaluate, at=OPENED + timedelta(hours=1))
    exported, computed = result_of(made, tmp_path)
    assert exported == computed
    for number in made.cases:
        must_be_as_in_the_golden(made, exported, number)
    must_be_stored(made, exported)
    if not any(found["unresolved_ties"] for found in exported["varieties"]):
        must_be_awarded(made, exported)


def must_wait_for(made: GoldenRound, needed: int) -> None:
    """An evaluation names every fact that is missing."""
    if needed:
        with made.site.scene() as scene, pytest.raises(FactsMissing) as refused:
            scene.does(evaluation.evaluate, at=OPENED)
        assert len(refused.value.issues) == needed


def enter(made: GoldenRound) -> str:
    """Fill the template in and take it through the flow of an import."""
    query, actor = {"round": str(made.site.built.round_id)}, made.site.built.actors["officer"]
    with made.site.scene() as scene:
        occasion = imports.occasion(scene.session, "review-facts", query, actor=actor, at=OPENED, prefilled=True)
        template = workbooks.template(occasion, locale="zh_CN")
    count = sum(len(facts) for facts in made.facts.values())
    book = workbook.read(filled(template, made.facts), "评审资料.xlsx")
    with made.site.scene() as scene:
        staged = importing.stage(scene.session, name="review-facts", query=query, book=book, actor=actor, at=OPENED)
        assert (staged.created, staged.changed, staged.faulty) == (count, 0, 0)
        return importing.apply(scene.session, import_id=staged.id, mode=Mode.ALL, actor=actor, at=OPENED).state


def filled(template: bytes, facts: Mapping[tuple[int, str, str], Mapping[str, str]]) -> bytes:
    """Write the golden's values beside what the template names; every one of them must find its row."""
    book = load_workbook(io.BytesIO(template))
    sheet, codes = book["数据"], book["代码表"]
    names = {str(codes.cell(row, 1).value): str(codes.cell(row, 2).value) for row in range(2, codes.max_row + 1)}
    at = {cell.value: cell.column for cell in sheet[1]}
    left = {(*key, column): value for key, own in facts.items() for column, value in own.items()}
    for line in range(2, sheet.max_row + 1):
        lot, company, text, item = (sheet.cell(line, at[name]).value for name in ("品种序号", "企业", "规格", "项目"))
        value = left.pop((int(str(lot)), str(company), str(text), names.get(str(item), str(item))), None)
        if value is not None:
            sheet.cell(line, at["值"]).value = value
            sheet.cell(line, at["来源"]).value = "企业申报材料"
    assert not left
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def result_of(made: GoldenRound, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Download table, rules and result; return the platform's result and the command line's for the table."""
    for name in ("table.csv", "table.xlsx", "rules.toml", "result.json"):
        answer = made.site.get(f"/{name}", "officer")
        assert answer.status_code == 200
        (folder / name).write_bytes(answer.data)
    command = ["--rules", str(folder / "rules.toml"), "--regions", str(len(REGIONS))]
    told = [
        CliRunner().invoke(award, ["evaluate", str(folder / table), *command]) for table in ("table.csv", "table.xlsx")
    ]
    assert [done.exit_code for done in told] == [0, 0], told[0].stderr
    assert told[0].stdout == told[1].stdout
    return json.loads((folder / "result.json").read_text("utf-8")), json.loads(told[0].stdout)


def must_be_as_in_the_golden(made: GoldenRound, exported: Mapping[str, Any], number: int) -> None:
    case, bid = made.cases[number], {one["company"] for one in made.bids(number)}
    names = {made.name(name): name for name in bid}
    units = [found for found in exported["varieties"] if found["variety"].startswith(f"{number:02d} ")]
    won = {names[one["company"]]: one for found in units for one in found["winners"]}
    lost = {names[one["company"]]: one["reason"] for found in units for one in found["losers"]}
    if "winners" in case:
        assert {name: one["decided_by"] for name, one in won.items()} == case["winners"]
    if "losers" in case:
        assert lost == {name: reason for name, reason in case["losers"].items() if name in bid}
    open_ties = {names[name] for found in units for tie in found["unresolved_ties"] for name in tie["companies"]}
    assert open_ties == set(case.get("open", []))
    for name, ratio in case.get("own_ratios", {}).items():
        assert Decimal(won[name]["ratio"]) == ratio
    for name, price in case.get("comparable", {}).items():
        assert Decimal(won[name]["comparable_price"]) == price
    assert [found.get("unit", "") for found in units] == case.get("units", [""])


def must_be_awarded(made: GoldenRound, exported: Mapping[str, Any]) -> None:
    """The round goes on to its award, at the prices of the result."""
    with made.site.scene() as scene:
        scene.does(announcing.announce, at=OPENED + timedelta(hours=2))
    with made.site.scene() as scene:
        scene.does(announcing.award, "reviewer", at=OPENED + timedelta(days=4))
        awards = supply.award_rows(scene.session, scene.round_)  # type: ignore[arg-type]  # the scene has a round
        found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)  # a system's components add up to its price
        for one in awards:
            found[one.lot.number, one.company.name] += one.price
    told = {
        (int(each["variety"].partition(" ")[0]), one["company"]): Decimal(one["award_unit_price"])
        for each in exported["varieties"]
        for one in each["winners"]
    }
    assert found == told


def must_be_stored(made: GoldenRound, exported: Mapping[str, Any]) -> None:
    """The stored decisions are those of the result."""
    with made.site.scene() as scene:
        assert scene.round_ is not None
        newest = results.latest(scene.session, scene.round_)
        assert newest is not None
        stored = {(one.lot.number, one.company.name) for one in results.winners(scene.session, newest)}
    told = {
        (int(found["variety"].partition(" ")[0]), one["company"])
        for found in exported["varieties"]
        for one in found["winners"]
    }
    assert stored == told
