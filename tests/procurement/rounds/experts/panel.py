"""A composite round with four experts of hospitals, and what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from kernel.auth.permissions import Role
from procurement.rounds.experts import queries
from procurement.rounds.experts.flow import Method
from procurement.rounds.experts.models import Panel
from procurement.rounds.experts.queries import Board
from procurement.rounds.experts.services import panels, scoring
from procurement.rounds.experts.services.scoring import Interest
from procurement.rounds.services import publishing, setup
from procurement.rounds.services.setup import Filling
from tests.procurement.rounds.scene import DEADLINE, RECEIVES, Scene

DUE = DEADLINE + timedelta(hours=8)
WORK = DEADLINE + timedelta(minutes=5)
EXPERTS = ("e1", "e2", "e3", "e4")
OWN_RULES = """
id = "own-composite"
extends = "composite"
[parameter.score.price_formula]
value = "lowest-ratio"
source = "采购文件第 6 条"
standing = "F"
[parameter.score.trim]
value = "{trim}"
source = "采购文件第 7 条"
standing = "F"
[parameter.score.conflict]
value = "{reach}"
source = "采购文件第 8 条"
standing = "F"
"""


def invite(scene: Scene) -> None:
    """Give four people of the hospitals accounts of experts."""
    for number, key in enumerate(EXPERTS):
        scene.person(key, scene.organisations[f"h{number % 3 + 1}"], Role.EXPERT)


def publish(
    scene: Scene, *, trim: str = "none", reach: str = "lot", prices: Mapping[int, Sequence[str]] | None = None
) -> None:
    """Publish a round whose price score is computed and whose quality experts score; let companies bid."""
    scene.draft("composite")
    scene.does(setup.choose_rules, rule_set_id="", text=OWN_RULES.format(trim=trim, reach=reach))
    told = {"score.weights": "{ price = 40, quality = 60 }", "shortlist.fixed": "1"}
    scene.does(setup.fill_parameters, fillings={name: Filling(text, "采购文件", "本轮") for name, text in told.items()})
    scene.does(publishing.publish, "reviewer")
    if prices:
        scene.bid_all(prices)


def seated(scene: Scene, *, at: datetime = RECEIVES, **rules: Any) -> Panel:
    """Publish, bid, and seat e1 to e3 by name."""
    invite(scene)
    publish(
        scene, prices=rules.pop("prices", {1: ("1.0000", "1.2500", "1.5000"), 2: ("1.0000", "", "1.1000")}), **rules
    )
    named = [scene.actors[key].user_id for key in EXPERTS[:3]]
    made: Panel = scene.does(panels.draw_up, at=at, method=Method.NAMED, user_ids=named, seats=0, due_at=DUE)
    scene.does(panels.confirm, "reviewer", at=at)
    return made


def declare(scene: Scene, who: str, conflicts: Mapping[int, str] | None = None, at: datetime = WORK) -> None:
    """Declare about every company that bid; `conflicts` are grounds by company number."""
    found = board(scene, at)
    bid = {company for lot in found.bidders.values() for company in lot}
    grounds = {scene.company(number): ground for number, ground in (conflicts or {}).items()}
    said = {company: Interest(company in grounds, grounds.get(company, "")) for company in bid}
    scene.does(scoring.declare, who, at=at, interests=said)


def fill(
    scene: Scene, who: str, lot: int, marks: Mapping[int, str], *, final: bool = True, at: datetime = WORK
) -> None:
    """Score companies of a lot by their numbers."""
    read = {(scene.company(number), "quality"): Decimal(mark) for number, mark in marks.items()}
    scene.does(scoring.fill_in, who, at=at, lot_number=lot, marks=read, note="", final=final)


def board(scene: Scene, at: datetime = WORK) -> Board:
    """The panel as it stands."""
    assert scene.round_ is not None
    panel = queries.panel(scene.session, scene.round_, fresh=True)
    assert panel is not None
    return queries.board(scene.session, panel, at)


def score_all(scene: Scene) -> None:
    """Everybody declares no conflict and submits every sheet: lot 1 has three bidders, lot 2 two."""
    for who, plus in (("e1", 0), ("e2", 1), ("e3", 5)):
        declare(scene, who)
        fill(scene, who, 1, {1: f"{60 + plus}", 2: f"{90 + plus}.50", 3: f"{70 + plus}"})
        fill(scene, who, 2, {1: f"{80 + plus}", 3: f"{70 + plus}"})
