"""A round of the demo in its publicity period, with objections; letters of the finished one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from importers.demo import demand, rounds
from importers.demo.stage import Stage
from kernel.clock import now
from procurement.agreements.letters import services as issuing
from procurement.rounds.flow import Outcome
from procurement.rounds.letters import queries as letters
from procurement.rounds.letters import services as reading
from procurement.rounds.models.evaluations import Decision
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections.flow import Finding, Ground
from procurement.rounds.objections.services import answering, filing
from procurement.rounds.objections.services.acts import Attachment
from procurement.rounds.queries import results
from procurement.rounds.services import announcing, evaluation, opening

CHANCE = 20261123
PROOF = Attachment("价格换算说明.pdf", b"%PDF-1.4\n% demo\n%%EOF\n")


def announced(stage: Stage, year: int) -> None:
    """Bring a small round into its publicity; one objection is replied to, one waits."""
    own = replace(stage, chance=random.Random(CHANCE))  # noqa: S311 - invented figures; the other scenes' stay as they are
    bought = stage.drugs[12:16]
    call = demand.collect(
        own, code=f"JH-XQ-{year}03", title=f"江海省{year + 1}年度接续品种需求填报", drugs=bought,
        opens=stage.day(-60), deadline=stage.day(-50, 17), reported=12, accepted=True,
    )  # fmt: skip
    round_ = rounds.publish(
        own, call, code=f"JH-YP-{year}-1", title="江海省第一批药品到期接续采购", rules="batch-4", at=stage.day(-40),
        receives=stage.day(-36, 9), deadline=stage.day(-20, 17),
    )  # fmt: skip
    rounds.bid(own, round_, bought, at=stage.day(-30))
    _announce(own, round_.id, now() - timedelta(hours=30))
    _object(own, round_.id, now() - timedelta(hours=26))


def _announce(stage: Stage, number: int, told: datetime) -> None:
    agency = stage.actor("agency")
    opened = stage.day(-19, 9, 30)
    with stage.at(opened) as session:
        opening.open_bids(session, round_id=number, actor=agency, at=opened)
    with stage.at(opened + timedelta(hours=3)) as session:
        evaluation.evaluate(session, round_id=number, actor=agency, at=opened + timedelta(hours=3))
    rounds.draw(stage, number, opened + timedelta(hours=5))
    with stage.at(told) as session:
        announcing.announce(session, round_id=number, actor=agency, at=told)


def _object(stage: Stage, number: int, at: datetime) -> None:
    """Let a company that lost object to a winner, and a hospital to the volumes."""
    with stage.at(at) as session:
        answering.say_reply_time(
            session, round_id=number, workdays=5, source="演示轮次采购文件第 6.2 条（虚构）", at=at,
            actor=stage.actor("agency"),
        )  # fmt: skip
        newest = results.latest(session, session.get_one(Round, number))
        assert newest is not None
        loser, winner, lot = _rivals(results.decisions(session, newest))
    claim = filing.Claim(lot, winner, Ground.PRICE_ERROR, "公示的单位可比价疑未按差比价规则换算，请复核。")
    with stage.at(at) as session:
        first = filing.file(
            session, round_id=number, claim=claim, evidence=[PROOF], actor=stage.company(loser), at=at
        )  # fmt: skip
    later = at + timedelta(hours=8)
    claim = filing.Claim(None, None, Ground.VOLUME, "本院报量含一个停用规格，建议核减后再确定约定采购量。")
    with stage.at(later) as session:
        filing.file(session, round_id=number, claim=claim, evidence=[], actor=stage.hospital(3), at=later)
    _reply(stage, first.id, later + timedelta(hours=2))


def _reply(stage: Stage, number: int, at: datetime) -> None:
    agency, text = stage.actor("agency"), "经复核，单位可比价已按规则集差比系数换算，四位小数四舍五入，结论不变。"
    with stage.at(at) as session:
        answering.claim(session, objection_id=number, actor=agency, at=at)
        answering.reply(
            session, objection_id=number, finding=Finding.REJECTED, text=text, given=[], actor=agency, at=at
        )  # fmt: skip
    with stage.at(at + timedelta(hours=1)) as session:
        answering.confirm(session, objection_id=number, actor=stage.actor("reviewer"), at=at + timedelta(hours=1))


def _rivals(found: Sequence[Decision]) -> tuple[int, int, int]:
    """Return a company that lost a lot, one that won it, and the lot's number."""
    for one in found:
        if one.outcome is Outcome.LOST:
            winner = next(each for each in found if each.lot_id == one.lot_id and each.outcome is Outcome.WON)
            return one.company_id, winner.company_id, one.lot.number
    last = found[-1]
    return last.company_id, found[0].company_id, last.lot.number


def sent(stage: Stage, number: int, at: datetime) -> None:
    """Issue the letters of the finished round; a few are opened."""
    with stage.at(at) as session:
        issuing.issue(session, round_id=number, actor=stage.actor("agency"), at=at)
    for actor in (stage.actor("company"), stage.hospital(1)):
        with stage.at(at + timedelta(hours=5)) as session:
            for letter in session.scalars(letters.listing(actor)).all():
                reading.read(session, letter_id=letter.id, actor=actor, at=at + timedelta(hours=5))
