"""A market whose hospitals reported demand, received goods, and of which all that goes into a run is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.rulebooks import queries as sets
from procurement.demand.flow import ReportState
from procurement.demand.models import Lot, LotSpecification, Report, ReportLine
from procurement.retention.flow import Indicator, Scored
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.models.runs import RetentionRun
from procurement.retention.services import assessing, computing, inputs, paying
from procurement.retention.services.inputs import Other, Prior
from procurement.retention.sets.services import BOOK
from procurement.rounds.models.rounds import Round
from tests.procurement.orders.market import NOW, REGION, Market
from tests.procurement.settlement.goods import received

AREA = REGION
LATER = NOW + timedelta(days=400)


@dataclass
class Scene:
    """Ids by short names."""

    market: Market
    round_id: int
    lots: dict[str, int]
    rules: int

    def compute(self, session: Session, reason: str = "", rules: int | None = None) -> RetentionRun:
        """Compute the first year."""
        return computing.compute(
            session, round_id=self.round_id, year=1, area_code=AREA, rules_id=rules or self.rules, reason=reason,
            actor=self.market.actors["agency"], at=NOW,
        )  # fmt: skip

    def scored(self, session: Session, run: RetentionRun) -> RetentionRun:
        """Give every hospital the points that no ledger knows."""
        for indicator, points in (
            (Indicator.WINNING, 20), (Indicator.ONLINE, 15), (Indicator.PAYMENT, 15), (Indicator.GROWTH, 10),
            (Indicator.PRICE_POLICY, 10),
        ):  # fmt: skip
            assessing.score(
                session, run_id=run.id, hospitals=None, indicator=indicator, points=Decimal(points),
                source=Scored.DESK, reason="台账核查", actor=self.market.actors["agency"], at=NOW,
            )  # fmt: skip
        return run

    def sent(self, session: Session) -> RetentionRun:
        """Compute, score and send."""
        run = self.scored(session, self.compute(session))
        return paying.send(session, run_id=run.id, actor=self.market.actors["agency"], at=NOW)


def furnish(session: Session, market: Market) -> Scene:
    """Agreed are 20 000 of a and b with each of two hospitals; h1 receives all of a, h2 none, nobody b."""
    round_ = session.scalars(select(Round)).one()
    lots = dict(zip("ab", session.scalars(select(Lot).order_by(Lot.number)), strict=True))
    specification = {name: _specification(session, market, name) for name in "ab"}
    for name, lot in lots.items():
        session.add(
            LotSpecification(
                lot_id=lot.id, specification_id=specification[name], price_factor=Decimal(1), volume_factor=Decimal(1)
            )
        )  # fmt: skip
    for hospital in ("h1", "h2"):
        report = Report(
            call_id=round_.call_id, hospital_id=market.organisations[hospital], state=ReportState.ACCEPTED, saved_at=NOW
        )
        report.lines = [
            ReportLine(lot_id=lot.id, specification_id=specification[name], quantity=Decimal(25_000))
            for name, lot in lots.items()
        ]
        session.add(report)
    session.flush()
    agency = market.actors["agency"]
    prior = [Prior(lot.id, AREA, "原研", Decimal("0.9"), Decimal(1000)) for lot in lots.values()]
    prior += [Prior(lot.id, AREA, "仿制", Decimal("0.3"), Decimal(1000)) for lot in lots.values()]
    inputs.record_prior(session, round_=round_, rows=prior, source={}, actor=agency, at=NOW)
    inputs.say_share(
        session, area_code=AREA, year=2026, r=Decimal("0.6"), s=Decimal("0.9"), source="医保结算年报", actor=agency,
        at=NOW,
    )  # fmt: skip
    BOOK.take_over(session, actor=agency, at=NOW)
    received(session, market, 20_000)
    sample = next(one for one in sets.usable(session, RuleVersion) if one.code == "national-sample")
    return Scene(market, round_.id, {name: lot.id for name, lot in lots.items()}, sample.id)


def _specification(session: Session, market: Market, name: str) -> int:
    return session.get_one(Product, market.products[name]).specification_id


def other(session: Session, scene: Scene, amount: int, hospital: str = "h1", lot: str = "a") -> None:
    """Import non-winning use beside the platform."""
    rows = [Other(scene.market.organisations[hospital], scene.lots[lot], 1, Decimal(amount), Decimal(0), Decimal(0))]
    round_ = session.get_one(Round, scene.round_id)
    inputs.record_other(session, round_=round_, rows=rows, source={}, actor=scene.market.actors["agency"], at=NOW)
