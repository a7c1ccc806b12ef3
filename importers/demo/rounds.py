"""Rounds of the demo: one finished, one receiving bids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from importers.demo import letters
from importers.demo.drugs import Drug
from importers.demo.stage import Stage
from kernel.money import round_price
from procurement.agreements import services as agreements
from procurement.bids import services as bids
from procurement.bids.queries import offer
from procurement.bids.rules import BidLine
from procurement.demand.models import Call
from procurement.rounds.draft.services import lists, sessions
from procurement.rounds.draft.services.sessions import Setting
from procurement.rounds.flow import Outcome
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.revivals import queries as revivals
from procurement.rounds.revivals.flow import OfferState
from procurement.rounds.revivals.services import answer, send
from procurement.rounds.services import announcing, evaluation, notice, opening, publishing, setup
from procurement.rounds.services.setup import Calendar


def publish(
    stage: Stage, call: Call, *, code: str, title: str, rules: str, at: datetime, receives: datetime, deadline: datetime
) -> Round:
    """Set a round up and publish it, by two people."""
    agency, reviewer = stage.actor("agency"), stage.actor("reviewer")
    with stage.at(at) as session:
        made = setup.create(session, call_id=call.id, code=code, title=title, rule_set_id=rules, actor=agency, at=at)
        calendar = Calendar(receives_from=receives, deadline=deadline, publicity_days=3)
        setup.set_calendar(session, round_id=made.id, calendar=calendar, actor=agency, at=at)
        setup.describe(
            session, round_id=made.id, title=title, actor=agency, at=at,
            notice="各企业在截止时间前在线填报或上传本轮次模板，报价为最小计量单位价格，保留四位小数。",
        )  # fmt: skip
    with stage.at(at + timedelta(hours=2)) as session:
        publishing.publish(session, round_id=made.id, actor=reviewer, at=at + timedelta(hours=2))
    return made


def bid(stage: Stage, round_: Round, drugs: Sequence[Drug], *, at: datetime, share: float = 1) -> None:
    """Let the makers bid, each once for all its lots, prices spread as such rounds are."""
    by_company: dict[int, dict[int, Decimal]] = {}
    for number, drug in enumerate(drugs, start=1):
        floor = stage.chance.uniform(0.12, 0.45)
        for maker in drug.makers:
            part = min(0.99, floor * stage.chance.choice((1, 1.1, 1.25, 1.4, 1.6, 1.75, 1.95, 2.6)))
            factor = Decimal(str(round(part * stage.chance.uniform(0.97, 1.03), 4)))
            by_company.setdefault(maker.id, {})[number] = min(drug.cap, round_price(drug.cap * factor))
    for company_id, prices in sorted(by_company.items()):
        if stage.chance.random() > share:
            continue
        actor, moment = stage.company(company_id), at + timedelta(minutes=7 * len(prices) + company_id % 60)
        letters.sign(stage, company_id, at)
        with stage.at(moment) as session:
            box = session.get_one(Round, round_.id).box
            lines = [
                BidLine(lot.id, line.specification_id, format(round_price(prices[lot.number] * line.price_factor), "f"))
                for lot in offer(session, box, company_id)
                for line in lot.own
                if lot.number in prices
            ]
            bids.submit(session, box_id=box.id, lines=lines, actor=actor)


def finish(stage: Stage, round_: Round, *, opened: datetime) -> None:
    """Open, evaluate, revive, draw, announce, draft, award, and make the agreements."""
    agency, reviewer, number = stage.actor("agency"), stage.actor("reviewer"), round_.id
    with stage.at(opened) as session:
        opening.open_bids(session, round_id=number, actor=agency, at=opened)
    later = opened + timedelta(hours=3)
    with stage.at(later) as session:
        evaluation.evaluate(session, round_id=number, actor=agency, at=later)
    revive(stage, number, later + timedelta(hours=2))
    draw(stage, number, later + timedelta(hours=4))
    revive(stage, number, later + timedelta(hours=5))
    told = later + timedelta(hours=6)
    with stage.at(told) as session:
        announcing.announce(session, round_id=number, actor=agency, at=told)
    _prefer(stage, number, told + timedelta(hours=20))
    final = told + timedelta(days=4)
    with stage.at(final) as session:
        sessions.run(session, round_id=number, actor=agency, at=final)
    with stage.at(final + timedelta(hours=2)) as session:
        announcing.award(session, round_id=number, actor=reviewer, at=final + timedelta(hours=2))
    with stage.at(final + timedelta(hours=3)) as session:
        agreements.create_agreements(session, round_id=number, actor=agency, at=final + timedelta(hours=3))
    with stage.at(final + timedelta(days=1)) as session:
        announcing.close(session, round_id=number, actor=agency, at=final + timedelta(days=1))


def to_draft(stage: Stage, round_: Round, *, opened: datetime) -> None:
    """Open, evaluate, draw, announce; half of the winners give their order; a live draft waits to be started."""
    agency, number = stage.actor("agency"), round_.id
    with stage.at(opened) as session:
        opening.open_bids(session, round_id=number, actor=agency, at=opened)
        evaluation.evaluate(session, round_id=number, actor=agency, at=opened)
    draw(stage, number, opened + timedelta(hours=1))
    told = opened + timedelta(hours=3)
    with stage.at(told) as session:
        announcing.announce(session, round_id=number, actor=agency, at=told)
    _prefer(stage, number, told + timedelta(hours=1), share=0.5)
    with stage.at(told + timedelta(hours=2)) as session:
        setting = Setting(seconds=120, at_once=1)
        sessions.open_draft(session, round_id=number, setting=setting, actor=agency, at=told + timedelta(hours=2))


def revive(stage: Stage, number: int, at: datetime) -> None:
    """Offer every revival, stage by stage; two of three companies take theirs, and the rules run again."""
    agency = stage.actor("agency")
    takes = _takes(stage, number, at)
    while _offer(stage, number, at):
        with stage.at(at + timedelta(minutes=5)) as session:
            found = revivals.offers(session, session.get_one(Round, number))
            asked = [(one.id, one.lot_id, one.company_id) for one in found if one.state is OfferState.OPEN]
        for offer_id, lot_id, company_id in asked:
            moment = at + timedelta(minutes=5, seconds=offer_id % 240)
            with stage.at(moment) as session:
                answer(
                    session, offer_id=offer_id, accepts=takes.get((lot_id, company_id), False), at=moment,
                    actor=stage.company(company_id),
                )  # fmt: skip
        with stage.at(at + timedelta(minutes=12)) as session:
            evaluation.evaluate(session, round_id=number, actor=agency, at=at + timedelta(minutes=12))
        at += timedelta(minutes=15)


def _takes(stage: Stage, number: int, at: datetime) -> dict[tuple[int, int], bool]:
    """Throw the dice for everybody who may revive, by lot and company."""
    with stage.at(at) as session:
        newest = results.latest(session, session.get_one(Round, number))
        assert newest is not None
        found = revivals.concerned(session, newest)
        may = [one for one in found if one.outcome is Outcome.LOST and one.revival and one.revival["allowed"]]
        return {(one.lot_id, one.company_id): stage.chance.random() < 0.66 for one in may}


def _offer(stage: Stage, number: int, at: datetime) -> bool:
    """Send the offers that are due; say whether there were any."""
    with stage.at(at) as session:
        round_ = session.get_one(Round, number)
        newest = results.latest(session, round_)
        if newest is None or not revivals.board_of(session, round_, newest, at).due:
            return False
        send(session, round_id=number, deadline=at + timedelta(minutes=10), actor=stage.actor("agency"), at=at)
    return True


def draw(stage: Stage, number: int, at: datetime) -> None:
    """Draw where bids share a place, and evaluate once more."""
    agency = stage.actor("agency")
    with stage.at(at) as session:
        newest = results.latest(session, session.get_one(Round, number))
        assert newest is not None
        by_lot = groupby(results.decisions(session, newest), key=lambda one: one.lot.number)
        ties = [
            (lot, [one.company_id for one in group]) for lot, found in by_lot for group in results.tied_groups(found)
        ]
        for lot_number, company_ids in ties:
            order = stage.chance.sample(company_ids, len(company_ids))
            evaluation.record_draw(
                session, round_id=number, lot_number=lot_number, company_ids=order, witness="严正",
                note="公证处现场抽签", actor=agency, at=at,
            )  # fmt: skip
    if ties:
        with stage.at(at + timedelta(minutes=30)) as session:
            evaluation.evaluate(session, round_id=number, actor=agency, at=at + timedelta(minutes=30))


def _prefer(stage: Stage, number: int, at: datetime, share: float = 1) -> None:
    with stage.at(at) as session:
        round_ = session.get_one(Round, number)
        newest = results.latest(session, round_)
        assert newest is not None
        regions = rounds.region_codes(session, round_)
        lots = {lot.id: lot.number for lot in rounds.lots(session, round_)}
        wishes = [
            (lots[lot_id], one.company_id, stage.chance.sample(regions, len(regions)))
            for lot_id, chosen in supply.choosing(session, newest).items()
            for one in chosen
            if share == 1 or stage.chance.random() < share
        ]
    for lot_number, company_id, order in wishes:
        with stage.at(at) as session:
            lists.prefer(
                session,
                round_id=number,
                lot_number=lot_number,
                region_codes=order,
                actor=stage.company(company_id),
                at=at,
            )


def talk(stage: Stage, round_: Round, at: datetime) -> None:
    """Ask a question on the notice page, and answer it."""
    with stage.at(at) as session:
        asked = notice.ask(
            session,
            round_id=round_.id,
            text="同一企业的两个规格可否报不同的单位价？",
            actor=stage.actor("company3"),
            at=at,
        )
    with stage.at(at + timedelta(hours=5)) as session:
        notice.answer(
            session, round_id=round_.id, question_id=asked.id, at=at + timedelta(hours=5), actor=stage.actor("agency"),
            text="可以。各规格按差比价折算为单位可比价后比较，取最低者排名。",
        )  # fmt: skip
