"""The retained balance of the demo: last year's round, computed, corrected after a dispute, and sent again."""

from __future__ import annotations

import random
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Variety
from catalogue.drugs.rules.codes import VarietyKind
from importers.demo.listings import PROVINCE
from importers.demo.stage import SEED, Stage
from kernel.rulebooks import queries as sets
from procurement.agreements.absences import queries as absences
from procurement.agreements.absences.services import remind
from procurement.demand.models import Lot
from procurement.orders.figures.services import Beside, record_offline
from procurement.retention.flow import Exempting, Indicator, Scored, Term
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.models.runs import Points, RetentionRun, RunLine
from procurement.retention.queries import lines
from procurement.retention.services import answering, assessing, computing, inputs, paying
from procurement.retention.services.answering import Evidence
from procurement.retention.services.inputs import Other, Prior
from procurement.retention.sets.services import BOOK
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round

PAPER = Evidence("线下采购退货单.pdf", b"%PDF-1.4\n% demo\n%%EOF\n")
FOUR = Decimal("0.0001")


def build(stage: Stage, round_id: int, year: int) -> None:
    """Compute the first year of a round; the first hospital disputes a line, a second version follows."""
    chance = random.Random(SEED + 66)  # noqa: S311 - invented figures, the same at every build
    with stage.at(stage.day(-6)) as session:
        area = _bring_in(session, stage, round_id, year, chance)
        _report(session, stage, round_id, chance)
    first = _compute(stage, round_id, area, -5, "")
    disputed = _dispute(stage, first)
    with stage.at(stage.day(-2)) as session:
        line = session.get_one(RunLine, disputed)
        row = Other(line.hospital_id, line.lot_id, 1, Decimal("1200.00"), Decimal(0), Decimal(0))
        inputs.record_other(
            session, round_=session.get_one(Round, round_id), rows=[row], source={}, actor=stage.actor("agency"),
            at=stage.day(-2),
        )  # fmt: skip
    _compute(stage, round_id, area, -1, "核减已退货的线下采购")


def _bring_in(session: Session, stage: Stage, round_id: int, year: int, chance: random.Random) -> str:
    """Record prices before the round, the province's shares, and what hospitals bought beside the platform."""
    at, agency = stage.day(-6), stage.actor("agency")
    round_ = session.get_one(Round, round_id)
    area = PROVINCE
    won = session.execute(select(Award.lot_id, Award.price).where(Award.round_id == round_id)).all()
    prior, other = [], []
    for lot, price in sorted({row.lot_id: row.price for row in won}.items()):
        for name, times in (("原研产品", 6), ("仿制产品", 3)):
            before = (price * times * Decimal(chance.randint(80, 120)) / 100).quantize(FOUR)
            prior.append(Prior(lot, area, name, before, Decimal(chance.randint(20, 200) * 1_000)))
    for hospital in stage.cast.hospitals[:6]:
        for lot in sorted({lot for lot, _price in won})[:3]:
            other.append(Other(hospital.id, lot, 1, Decimal(chance.randint(10, 90) * 100), Decimal(0), Decimal(0)))
    inputs.record_prior(session, round_=round_, rows=prior, source={}, actor=agency, at=at)
    inputs.record_other(session, round_=round_, rows=other, source={}, actor=agency, at=at)
    for each in (year - 1, year, year + 1):
        inputs.say_share(
            session, area_code=area, year=each, r=Decimal("0.62"), s=Decimal("0.91"), source=f"{each}年度医保结算年报",
            actor=agency, at=at,
        )  # fmt: skip
    BOOK.take_over(session, actor=agency, at=at)
    return area


def _report(session: Session, stage: Stage, round_id: int, chance: random.Random) -> None:
    """Let a hospital report non-winning products by variety and month; press two without winners; copy a rule set."""
    at, agency = stage.day(-6), stage.actor("agency")
    won = select(Variety.code).join(Lot, Lot.variety_id == Variety.id).join(Award, Award.lot_id == Lot.id)
    codes = session.scalars(won.where(Award.round_id == round_id).order_by(Lot.number)).unique().all()
    months = [stage.day(-back).date().replace(day=1) for back in (190, 100, 40)]
    rows = [Beside(month, VarietyKind.DRUG, Decimal(chance.randint(5, 40) * 10), "临床急需", code)
            for month in months for code in codes[-2:]]  # fmt: skip
    record_offline(session, rows=rows, actor=stage.hospital(1), at=at)
    lacking = [one.hospital_id for one in absences.hospitals(session, agency)]
    remind(session, hospitals=lacking[:2], actor=agency, at=at)
    base = next(one for one in sets.usable(session, RuleVersion) if one.code == "national-sample")
    BOOK.copy(session, rules_id=base.id, code="jianghai", title="江海省（演示）", actor=agency, at=at)
    BOOK.change(
        session, code="jianghai", parameter="fiscal_year", text="split", source="江海医保发〔2026〕8号（演示）",
        reason="跨年度按采购金额拆分入账", actor=agency, at=at,
    )  # fmt: skip


def _compute(stage: Stage, round_id: int, area: str, day: int, reason: str) -> int:
    """Compute, give the points that no ledger knows, exempt one line, send."""
    at, agency = stage.day(day), stage.actor("agency")
    with stage.at(at) as session:
        sample = next(one for one in sets.usable(session, RuleVersion) if one.code == "national-sample")
        run = computing.compute(
            session, round_id=round_id, year=1, area_code=area, rules_id=sample.id, reason=reason, actor=agency, at=at
        )
        if not reason:
            _assess(session, stage, run, day)
        paying.send(session, run_id=run.id, actor=agency, at=at)
        return run.id


def _assess(session: Session, stage: Stage, run: RetentionRun, day: int) -> None:
    at, agency = stage.day(day), stage.actor("agency")
    given = ((Indicator.COMPLETION, 27), (Indicator.WINNING, 19), (Indicator.ONLINE, 14), (Indicator.PAYMENT, 12),
             (Indicator.GROWTH, 8), (Indicator.PRICE_POLICY, 9))  # fmt: skip
    hospitals = sorted(set(session.scalars(select(Points.hospital_id).where(Points.run_id == run.id))))
    for indicator, points in given:
        for place, few in enumerate((hospitals[: len(hospitals) // 2], hospitals[len(hospitals) // 2 :])):
            assessing.score(
                session, run_id=run.id, hospitals=few, indicator=indicator, points=Decimal(points - 3 * place),
                source=Scored.ON_SITE if place else Scored.DESK, reason="年度考核", actor=agency, at=at,
            )  # fmt: skip
    for line in session.scalars(select(RunLine).where(RunLine.run_id == run.id).join(Lot).order_by(Lot.number)).all():
        if line.lot_id % 4:
            assessing.exempt(
                session, line_id=line.id, cause=Exempting.SHORTAGE, reason="企业停产，已登记短缺", actor=agency, at=at
            )


def _dispute(stage: Stage, run_id: int) -> int:
    """Let the first hospital's finance dispute a line with its paper and confirm the rest; the agency grants it."""
    at, finance = stage.day(-4), stage.actor("finance")
    with stage.at(at) as session:
        run = session.get_one(RetentionRun, run_id)
        line = lines.of_hospital(session, run, stage.cast.hospitals[0].id)[0].id
        made = answering.dispute(
            session, line_id=line, term=Term.N, text="线下采购的非中选产品已退货，见退货单", evidence=[PAPER],
            actor=finance, at=at,
        ).id  # fmt: skip
    with stage.at(stage.day(-3)) as session:
        answering.confirm(session, run_id=run_id, line_ids=None, actor=finance, at=stage.day(-3))
        answering.decide(
            session, dispute_id=made, granted=True, answer="退货属实，予以核减", actor=stage.actor("agency"),
            at=stage.day(-3),
        )  # fmt: skip
    return line
