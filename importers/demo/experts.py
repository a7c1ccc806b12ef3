"""A renewal by composite scores: bidding is over, one expert has scored, the others are at it; prices are sealed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from importers.demo import demand, rounds
from importers.demo.drugs import Drug
from importers.demo.stage import SEED, Stage
from procurement.bids.bidders.queries import bidders
from procurement.rounds.experts import queries
from procurement.rounds.experts.flow import Method
from procurement.rounds.experts.services import panels, scoring
from procurement.rounds.experts.services.scoring import Interest
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds as known
from procurement.rounds.renewals import services as renewals
from procurement.rounds.services import publishing, setup
from procurement.rounds.services.setup import Calendar, Filling

EXPERTS = ("expert", "expert2", "expert3")
PARAMETERS = {"score.weights": "{ price = 40, quality = 40, supply = 20 }", "shortlist.fixed": "2"}


def build(stage: Stage, drugs: Sequence[Drug], year: int) -> None:
    """Renew lots of last year's round; the demo's account `expert` has still to declare and score."""
    own = replace(stage, chance=random.Random(SEED + 21))  # noqa: S311 - invented prices, apart from the others'
    call = demand.collect(
        own, code=f"JH-XQ-{year}09", title=f"江海省{year + 1}年度接续需求填报", drugs=list(drugs),
        opens=own.day(-40), deadline=own.day(-31, 17), reported=5, accepted=True,
    )  # fmt: skip
    number = _publish(own, call.id, year)
    with own.at(own.day(-3)) as session:
        round_ = session.get_one(Round, number)
    rounds.bid(own, round_, drugs, at=own.day(-4))
    _score(own, number, own.day(0, 0, 5))


def _publish(stage: Stage, call_id: int, year: int) -> int:
    at, agency, reviewer = stage.day(-12), stage.actor("agency"), stage.actor("reviewer")
    with stage.at(at) as session:
        former = session.scalars(select(Round).where(Round.code == f"JH-YP-{year - 1}-1")).one()
        made = setup.create(
            session, call_id=call_id, code=f"JH-YP-{year}-9", title="江海省第一批协议期满品种接续采购（综合评分）",
            rule_set_id="composite", actor=agency, at=at,
        )  # fmt: skip
        told = {name: Filling(value, "接续采购文件（演示）", "本轮采用") for name, value in PARAMETERS.items()}
        setup.fill_parameters(session, round_id=made.id, fillings=told, actor=agency, at=at)
        renewals.choose(session, round_id=made.id, renews_id=former.id, actor=agency, at=at)
        calendar = Calendar(receives_from=stage.day(-8, 9), deadline=stage.day(0, 0), publicity_days=3)
        setup.set_calendar(session, round_id=made.id, calendar=calendar, actor=agency, at=at)
        number = made.id
    with stage.at(at + timedelta(hours=1)) as session:
        publishing.publish(session, round_id=number, actor=reviewer, at=at + timedelta(hours=1))
    named = [stage.cast.users[login].id for login in EXPERTS]
    with stage.at(stage.day(-9)) as session:
        panels.draw_up(
            session, round_id=number, method=Method.NAMED, user_ids=named, seats=0, due_at=stage.day(5, 17),
            actor=agency, at=stage.day(-9),
        )  # fmt: skip
    with stage.at(stage.day(-8)) as session:
        panels.confirm(session, round_id=number, actor=reviewer, at=stage.day(-8))
    return number


def _score(stage: Stage, number: int, at: datetime) -> None:
    """The second expert has a conflict of interest and scores the other lots; the third has declared."""
    with stage.at(at) as session:
        round_ = session.get_one(Round, number)
        bid = bidders(session, round_.box, at)
        lots = {lot.id: lot.number for lot in known.lots(session, round_)}
        everyone = sorted({company for found in bid.values() for company in found})
        items = queries.manner(round_).items
    for login, own in (("expert2", everyone[:1]), ("expert3", [])):
        said = {one: Interest(one in own, "近三年承担该企业委托的科研项目" if one in own else "") for one in everyone}
        with stage.at(at) as session:
            scoring.declare(session, round_id=number, interests=said, actor=stage.actor(login), at=at)
    for lot, found in bid.items():
        if everyone[0] in found:
            continue
        marks = {(one, item): Decimal(stage.chance.randrange(120, 200)) / 2 for one in found for item in items}
        with stage.at(at) as session:
            scoring.fill_in(
                session, round_id=number, lot_number=lots[lot], marks=marks, note="", final=True,
                actor=stage.actor("expert2"), at=at,
            )  # fmt: skip
