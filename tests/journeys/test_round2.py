"""Batch 2 of the national procurement, its published bids, through the whole platform and beside the command line.

Organisations, catalogue, a locked collection, a round by two persons, bids, opening, evaluation, the recorded draw,
announcement, draft, award and agreements, all by the services that pages call. Twelve companies, those with the most
bids, send their own workbooks through the real flow of an import (template, upload read in a child, preview,
confirmation), and two of them bid above a cap; the other companies' bids go through the same service that a form calls,
as 100 uploads would take longer than they show. Prices above a cap are marked, as batch 2 counted such bidders.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select

from importers import exports as workbooks
from importers import queries as imports
from importers import services as importing
from importers import workbook
from importers.flow import ImportState, Mode
from kernel.auth.models import User
from kernel.db import Database
from procurement.agreements import services as agreements
from procurement.agreements.models import Agreement
from procurement.bids import services as bids
from procurement.bids.models import Submission
from procurement.bids.rules import BidLine
from procurement.rounds.draft.services import sessions
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results
from procurement.rounds.services import announcing, evaluation, opening
from tests.conftest import ROOT
from tests.factories.people import signed_in
from tests.journeys.batch2 import DEADLINE, REGIONS, Platform, catalogue, demand, organisations, publish
from tests.procurement.rounds.reshaped import Published, round2

BY_WORKBOOK = 12
TIED = "对乙酰氨基酚口服常释剂型"
PRICE = "申报价（元/最小单位）"


@pytest.fixture
def platform(database: Database, shared: Path) -> Platform:
    """The platform with everybody and everything of batch 2, its demand locked and its round published."""
    made = Platform(database, round2(shared))
    with made.later(hours=1) as session:
        organisations(made, session)
        catalogue(made, session)
    demand(made)
    publish(made)
    return made


def bid_by_workbook(made: Platform, company: str, own: Sequence[Published]) -> str:
    """Fill the company's template, upload it, look at the preview, confirm; return the state of the import."""
    actor, query = made.people[company], {"box": str(made.box_id)}
    with made.later(minutes=1) as session:
        occasion = imports.occasion(session, "bids", query, actor=actor, at=made.at, prefilled=True)
        template = workbooks.template(occasion, locale="zh_CN")
    book = workbook.read(filled(template, own), f"{company}.xlsx")
    with made.later(minutes=1) as session:
        staged = importing.stage(session, name="bids", query=query, book=book, actor=actor, at=made.at)
        assert (staged.created, staged.faulty) == (len(own), 0)
        number = staged.id
    with made.later(minutes=1) as session:
        return importing.apply(session, import_id=number, mode=Mode.ALL, actor=actor, at=made.at).state


def filled(template: bytes, own: Sequence[Published]) -> bytes:
    """Write the company's prices beside what the template names."""
    book = load_workbook(io.BytesIO(template))
    sheet = book["数据"]
    at = {cell.value: cell.column for cell in sheet[1]}
    prices = {(row.bid.variety, row.bid.spec): row.bid.unit_price for row in own}
    for line in range(2, sheet.max_row + 1):
        variety, text = (str(sheet.cell(line, at[name]).value) for name in ("品种", "规格"))
        named = next(key for key in prices if variety.startswith(key[0]) and text.endswith(key[1]))
        sheet.cell(line, at[PRICE]).value = format(prices.pop(named), "f")
    assert not prices
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bid_by_form(made: Platform, company: str, own: Sequence[Published]) -> None:
    lines = [
        BidLine(made.lots[row.bid.variety], made.places[row.bid.variety, row.bid.spec], format(row.bid.unit_price, "f"))
        for row in own
    ]
    with made.later(minutes=1) as session:
        bids.submit(session, box_id=made.box_id, lines=lines, actor=made.people[company])


def draw(made: Platform) -> list[str]:
    """Record a draw wherever bids share a place, the published winners first; return the lots drawn for."""
    won = {(row.bid.variety, made.companies[row.bid.company]) for row in made.rows if row.won}
    names = {lot: name for name, lot in made.lots.items()}
    drawn: dict[int, list[int]] = {}
    numbers: dict[int, int] = {}
    with made.later(hours=1) as session:
        newest = results.latest(session, session.get_one(Round, made.round_id))
        assert newest is not None
        for lot in made.lots.values():
            found = results.decisions(session, newest, lot_id=lot)
            tied = [one.company_id for group in results.tied_groups(found) for one in group]
            if tied:
                drawn[lot] = sorted(tied, key=lambda company: ((names[lot], company) not in won, company))
                numbers[lot] = found[0].lot.number
    for lot, order in drawn.items():
        made.does(
            evaluation.record_draw, lot_number=numbers[lot], company_ids=order, witness="公证员", note="公开的中选者"
        )
    return [names[lot] for lot in drawn]


def result_of(made: Platform, app: Flask, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Download table, draws, rules and result; return the platform's result and the command line's for the table."""
    with made.database.transaction(write=False) as session:
        reader = session.get_one(User, made.people["officer"].user_id)
    client = signed_in(app, reader)
    for name in ("table.csv", "draws.json", "rules.toml", "result.json"):
        answer = client.get(f"/procurement/rounds/{made.round_id}/{name}")
        assert answer.status_code == 200
        (folder / name).write_bytes(answer.data)
    command = [sys.executable, "-c", "from wsgi import cli; cli()", "award", "evaluate", str(folder / "table.csv"),
               "--draws", str(folder / "draws.json"), "--regions", str(REGIONS), "--rules"]  # fmt: skip
    built_in, frozen = (
        subprocess.run([*command, rules], cwd=ROOT, capture_output=True, check=True, text=True).stdout
        for rules in ("batch-2", str(folder / "rules.toml"))
    )
    assert json.loads(built_in)["varieties"] == json.loads(frozen)["varieties"]
    return json.loads((folder / "result.json").read_text("utf-8")), json.loads(built_in)


def test_batch_2_on_the_platform_agrees_with_the_command_line(platform: Platform, app: Flask, tmp_path: Path) -> None:
    by_company = list(platform.by_company().items())
    with platform.later(days=3):
        pass
    for company, own in by_company[:BY_WORKBOOK]:
        assert bid_by_workbook(platform, company, own) == ImportState.APPLIED
    for company, own in by_company[BY_WORKBOOK:]:
        bid_by_form(platform, company, own)
    platform.at = DEADLINE
    platform.does(opening.open_bids)
    platform.does(evaluation.evaluate)
    assert TIED in draw(platform)
    platform.does(evaluation.evaluate)
    platform.does(announcing.announce)
    platform.does(sessions.run)
    platform.at += timedelta(days=4)
    platform.does(announcing.award, "reviewer")
    platform.does(agreements.create_agreements)
    exported, computed = result_of(platform, app, tmp_path)
    assert exported == computed
    must_be_as_published(platform, exported)
    must_be_agreed(platform, exported)


def must_be_as_published(platform: Platform, exported: Mapping[str, Any]) -> None:
    """153 of 158 decisions and 28 of 32 varieties, with the published winner entered as the draw."""
    won = {
        (found["variety"].partition(" ")[2], winner["company"])
        for found in exported["varieties"]
        for winner in found["winners"]
    }
    names = {(name, company) for name, company in won}
    differ = [row for row in platform.rows if (key(row, names) in names) != row.won]
    assert len(platform.rows) - len(differ) == 153
    assert len({row.bid.variety for row in differ}) == 4


def key(row: Published, names: set[tuple[str, str]]) -> tuple[str, str]:
    """Return how the export names a bid: the variety's name may be followed by its form."""
    return next(
        (name for name in names if name[0].startswith(row.bid.variety) and name[1] == row.bid.company), ("", "")
    )


def must_be_agreed(platform: Platform, exported: Mapping[str, Any]) -> None:
    """Awards, submissions and agreements stand in the database as the result says."""
    winners = sum(len(found["winners"]) for found in exported["varieties"])
    with platform.database.transaction(write=False) as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Submission, Award, Agreement)]
        round_ = session.get_one(Round, platform.round_id)
        assert round_.state.value == "awarded"
    assert counts[0] == len(platform.companies)
    assert counts[1] == winners
    assert counts[2] and counts[2] >= REGIONS
