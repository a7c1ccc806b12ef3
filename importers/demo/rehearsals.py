"""Rehearsal rounds of the demo: one that takes joint bids now, one evaluated with a statement of reasons asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from importers.demo import letters
from importers.demo.drugs import Drug
from importers.demo.stage import Stage
from kernel.money import round_price
from kernel.parties.models import Organisation
from procurement.bids import services as bids
from procurement.bids.joints import services as joints
from procurement.bids.joints.rules import Part
from procurement.bids.joints.services import Agreement
from procurement.bids.rules import BidLine
from procurement.demand.models import Call
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.rounds.services import evaluation, opening, publishing, setup
from procurement.rounds.services.setup import Calendar
from procurement.rounds.statements import services as statements

RULES = """id = "rehearsal"
title = "练习用规则：第十一批规则，允许联合体，说明缺失不得中选"
extends = "batch-11"
[parameter.bid.joint]
value = true
source = "演示用"
standing = "F"
[parameter.bid.joint_most]
value = 3
source = "演示用"
standing = "F"
[parameter.statement.missing]
value = "bar"
source = "演示用"
standing = "F"
"""
PAPER = Agreement("协议.pdf", b"%PDF-1.4\n% demo\n")


def build(stage: Stage, call: Call, drugs: list[Drug], year: int) -> None:
    """Let the first company practise: it is asked to join a joint, and owes a statement."""
    first = stage.cast.companies[0]
    mine = [(number, drug) for number, drug in enumerate(drugs, start=1) if first in drug.makers]
    crowded = [(number, drug) for number, drug in mine if len(drug.makers) >= 4]
    if not crowded:
        return
    number, drug = crowded[0]
    first_bids = [first, *(maker for maker in drug.makers if maker.id != first.id)]
    past = _round(stage, call, f"LX-{year}-1", "第一次练习", stage.day(-9), stage.day(-8, 9), stage.day(-3, 17))
    _agreed(stage, past, number, first_bids[1], first_bids[2], stage.day(-5))
    _bid(stage, past, number, drug, [first_bids[0], first_bids[1], *first_bids[3:]], stage.day(-4))
    _ask(stage, past)
    now = _round(stage, call, f"LX-{year}-2", "第二次练习", stage.day(-2, 9), stage.day(-1, 9), stage.day(5, 17))
    _propose(stage, now, number, first_bids[1], first, stage.day(-1, 15))
    if len(mine) > 1:
        other, lots = mine[-1]
        partner = next(maker for maker in lots.makers if maker.id != first.id)
        _agreed(stage, now, other, first, partner, stage.day(-1, 16))


def _round(
    stage: Stage, call: Call, code: str, title: str, at: datetime, receives: datetime, deadline: datetime
) -> Round:
    agency, reviewer = stage.actor("agency"), stage.actor("reviewer")
    with stage.at(at) as session:
        made = setup.create(
            session, call_id=call.id, code=code, title=f"江海省集中带量采购{title}", rule_set_id="batch-11",
            rehearsal=True, actor=agency, at=at,
        )  # fmt: skip
        setup.choose_rules(session, round_id=made.id, rule_set_id="", text=RULES, actor=agency, at=at)
        calendar = Calendar(receives_from=receives, deadline=deadline, publicity_days=1)
        setup.set_calendar(session, round_id=made.id, calendar=calendar, actor=agency, at=at)
    with stage.at(at + timedelta(minutes=30)) as session:
        publishing.publish(session, round_id=made.id, actor=reviewer, at=at + timedelta(minutes=30))
    return made


def _propose(stage: Stage, round_: Round, number: int, lead: Organisation, member: Organisation, at: datetime) -> int:
    with stage.at(at) as session:
        found = session.get_one(Round, round_.id)
        joint = joints.propose(
            session, box_id=found.box_id, lot_id=rounds.lot(session, found, number).id, own_share="60",
            members=[Part(member.id, "40")], agreement=PAPER, actor=stage.company(lead.id), at=at,
        )  # fmt: skip
        return joint.id


def _agreed(stage: Stage, round_: Round, number: int, lead: Organisation, member: Organisation, at: datetime) -> None:
    letters.sign(stage, member.id, at)
    joint, later = _propose(stage, round_, number, lead, member, at), at + timedelta(hours=1)
    with stage.at(later) as session:
        joints.confirm(session, joint_id=joint, actor=stage.company(member.id), at=later)


def _bid(stage: Stage, round_: Round, number: int, drug: Drug, makers: list[Organisation], at: datetime) -> None:
    """Let the first one bid far below the others."""
    for place, maker in enumerate(makers):
        letters.sign(stage, maker.id, at)
        part = Decimal("0.12") if place == 0 else Decimal("0.6") + Decimal(place) / 50
        with stage.at(at + timedelta(minutes=place)) as session:
            found = session.get_one(Round, round_.id)
            lot = rounds.lot(session, found, number)
            price = format(round_price(drug.cap * part), "f")
            line = BidLine(lot.id, drug.specifications[0].id, price)
            bids.submit(session, box_id=found.box_id, lines=[line], actor=stage.company(maker.id))


def _ask(stage: Stage, round_: Round) -> None:
    """Open, evaluate, and ask whoever bid below the anchor."""
    agency, opened = stage.actor("agency"), stage.day(-2, 9)
    with stage.at(opened) as session:
        opening.open_bids(session, round_id=round_.id, actor=agency, at=opened)
    evaluated = opened + timedelta(hours=2)
    with stage.at(evaluated) as session:
        evaluation.evaluate(session, round_id=round_.id, actor=agency, at=evaluated)
    with stage.at(evaluated + timedelta(hours=1)) as session:
        due = stage.day(3, 17)
        statements.ask(session, round_id=round_.id, due_at=due, actor=agency, at=evaluated + timedelta(hours=1))
