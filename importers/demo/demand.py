"""Collections of demand in the demo: what hospitals used, report, and what the agency accepts."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from importers.demo.drugs import Drug
from importers.demo.stage import Stage
from kernel.money import round_price
from procurement.demand.models import Call
from procurement.demand.queries import board
from procurement.demand.rules import Asked
from procurement.demand.services import base, calls, lots, past_use, reports


def collect(
    stage: Stage, *, code: str, title: str, drugs: list[Drug], opens: datetime, deadline: datetime, reported: int,
    accepted: bool,
) -> Call:  # fmt: skip
    """Run a collection until `reported` hospitals have handed in; lock it where all are accepted."""
    agency = stage.actor("agency")
    year = deadline.year + 1
    with stage.at(opens) as session:
        call = calls.create_call(
            session, code=code, title=title, year=year, deadline=deadline, actor=agency, at=opens,
            notes="按通用名或品牌填报下一年度需求量，单位为最小计量单位。",
        )  # fmt: skip
        drafts = [lots.LotDraft(variety_id=drug.variety.id) for drug in drugs]
        made = lots.add_lots(session, call_id=call.id, drafts=drafts, actor=agency, at=opens)
        caps = {
            row.id: round_price(drug.cap * row.price_factor)
            for lot, drug in zip(made, drugs, strict=True)
            for row in lot.specifications
        }
        lots.set_caps(session, call_id=call.id, caps=caps, actor=agency, at=opens)
        calls.start(session, call_id=call.id, actor=agency, at=opens)
    _past(stage, drugs, year, opens)
    for index in range(reported):
        _report(stage, call, drugs, index, opens + timedelta(days=1, hours=index))
    if accepted:
        _accept(stage, call, deadline)
    return call


def need(stage: Stage, drug: Drug, hospital: int, spread: tuple[float, float] = (0.8, 1.25)) -> int:
    """Return a year's need of a hospital, in tablets or vials of the reference specification."""
    share = Decimal(stage.cast.sizes[hospital]) / 100
    return int(drug.need * share * Decimal(str(round(stage.chance.uniform(*spread), 3))))


def _past(stage: Stage, drugs: list[Drug], year: int, at: datetime) -> None:
    rows = [
        past_use.Used(hospital.id, drug.specifications[0].id, earlier, Decimal(need(stage, drug, index)))
        for index, hospital in enumerate(stage.cast.hospitals)
        for drug in drugs
        for earlier in (year - 2, year - 1)
    ]
    with stage.at(at) as session:
        past_use.record_past_use(session, rows=rows, actor=stage.actor("agency"), at=at)


def _report(stage: Stage, call: Call, drugs: list[Drug], index: int, at: datetime) -> None:
    actor, chance = stage.hospital(index), stage.chance
    lines = []
    for drug in drugs:
        if chance.random() < 0.08:
            continue
        brand = chance.choice(drug.makers).id if chance.random() < 0.35 else None
        lines.append(Asked(drug.specifications[0].id, brand, Decimal(need(stage, drug, index, (0.95, 1.1)))))
        if len(drug.specifications) > 1 and chance.random() < 0.3:
            lines.append(Asked(drug.specifications[1].id, None, Decimal(need(stage, drug, index, (0.1, 0.2)))))
    with stage.at(at) as session:
        reports.save_report(session, call_id=call.id, lines=lines, actor=actor, at=at)
        reports.submit(session, call_id=call.id, confirmed=True, actor=actor, at=at)


def _accept(stage: Stage, call: Call, deadline: datetime) -> None:
    agency, after = stage.actor("agency"), deadline + timedelta(hours=16)
    with stage.at(after) as session:
        for row in board.board(session, call=session.get_one(Call, call.id)):
            if row.report is not None:
                reports.accept(session, report_id=row.report.id, actor=agency, at=after)
    with stage.at(after + timedelta(hours=1)) as session:
        base.lock(session, call_id=call.id, actor=stage.actor("reviewer"), at=after + timedelta(hours=1))
