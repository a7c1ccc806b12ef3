"""Consumables of the demo: stents awarded, their pool being divided by the hospitals; a hip system in the catalogue."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.rules.codes import Part
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form
from catalogue.drugs.services import products, varieties
from importers.demo import letters, rounds
from importers.demo.stage import SEED, Stage
from kernel.parties.models import Organisation
from procurement.agreements.reassignment import queries as divisions
from procurement.agreements.reassignment import services as reassignment
from procurement.agreements.reassignment.services import Terms
from procurement.bids import services as bids
from procurement.bids.rules import BidLine
from procurement.demand.models import Call
from procurement.demand.queries import board
from procurement.demand.rules import Asked
from procurement.demand.services import base, calls, lots, reports
from procurement.rounds.models.rounds import Round
from procurement.rounds.rules.volumes import Reassign
from procurement.rounds.services import announcing, evaluation, opening

STENT, HIP = (("药物洗脱支架", Part.PRODUCT, "套"),), (
    ("股骨柄", Part.COMPONENT, "个"), ("股骨头", Part.COMPONENT, "个"), ("髋臼杯", Part.COMPONENT, "个"),
    ("内衬", Part.COMPONENT, "个"), ("伴随服务", Part.SERVICE, "次"),
)  # fmt: skip
PRICES = ("845", "848", "886", "898", "938.5", "949", "949.01")


def build(stage: Stage, year: int) -> None:
    """Run a round of stents up to the hospitals' choice; file a hip system with its makers."""
    _choose(stage, awarded(stage, year))


def awarded(stage: Stage, year: int) -> Round:
    """Run a round of stents up to its award; file a hip system with its makers."""
    chance = random.Random(SEED + 15)  # noqa: S311 - invented figures, and the same at every build
    makers = stage.cast.companies[5 : 5 + len(PRICES)]
    stent, specs = _file(stage, "H001", "冠状动脉药物洗脱支架系统", "C020101052", STENT, makers)
    _file(stage, "H002", "髋关节系统（陶瓷-聚乙烯类）", "C030201003", HIP, makers[:4])
    call = _collect(stage, year, stent, specs[0], makers, chance)
    round_ = rounds.publish(
        stage, call, code=f"JH-HC-{year}-1", title="江海省冠脉支架接续集中带量采购", rules="stents-2026",
        at=stage.day(-22), receives=stage.day(-20, 9), deadline=stage.day(-12, 17),
    )  # fmt: skip
    _bid(stage, round_, specs[0], makers)
    _award(stage, round_)
    return round_


def _file(
    stage: Stage, code: str, name: str, category: str, parts: tuple[tuple[str, Part, str], ...],
    makers: list[Organisation],
) -> tuple[Variety, list[Specification]]:  # fmt: skip
    at, agency = stage.day(-60), stage.actor("agency")
    with stage.at(at) as session:
        made = varieties.create_consumable(session, code=code, name=name, category=category, actor=agency, at=at)
        specs = [
            varieties.add_specification(
                session, variety_id=made.id, actor=agency, at=at,
                draft=SpecificationDraft(text=text, form=Form.DEVICE, part=part, unit=unit),
            )
            for text, part, unit in parts
        ]  # fmt: skip
        session.flush()
        for place, maker in enumerate(makers):
            for spec in specs:
                if spec.part is not Part.SERVICE:
                    draft = products.ProductDraft(
                        registered_name=f"{spec.text}系统", pack=1,
                        approval_number=f"国械注准{year_of(stage)}313{place + 1:02}{spec.id % 100:02}",
                        standard_code=f"{category}{place + 1:05}{place + 11:05}",
                    )  # fmt: skip
                    products.create_product(
                        session, company_id=maker.id, specification_id=spec.id, draft=draft, actor=agency, at=at
                    )
    return made, specs


def year_of(stage: Stage) -> int:
    """Return the year certificates were given in."""
    return stage.day(-900).year


def _collect(
    stage: Stage, year: int, variety: Variety, spec: Specification, makers: list[Organisation], chance: random.Random
) -> Call:
    agency, opens, end = stage.actor("agency"), stage.day(-40), stage.day(-30, 17)
    with stage.at(opens) as session:
        call = calls.create_call(
            session, code=f"JH-XQ-HC-{year}01", title=f"江海省{year + 1}年度冠脉支架需求填报", year=year + 1,
            deadline=end, actor=agency, at=opens, notes="按企业填报全年意向使用量，单位为套。",
        )  # fmt: skip
        lots.add_lots(session, call_id=call.id, drafts=[lots.LotDraft(variety.id)], actor=agency, at=opens)
        rows = [row.id for lot in call.lots for row in lot.specifications]
        lots.set_caps(session, call_id=call.id, caps=dict.fromkeys(rows, Decimal(1000)), actor=agency, at=opens)
        calls.start(session, call_id=call.id, actor=agency, at=opens)
    for index, size in enumerate(stage.cast.sizes):
        at = opens + timedelta(days=1, hours=index)
        chosen = chance.sample(makers, 3) if index else [*makers[:2], makers[-1]]
        asked = [Asked(spec.id, maker.id, Decimal(chance.randint(1, 4) * size)) for maker in chosen]
        with stage.at(at) as session:
            reports.save_report(session, call_id=call.id, lines=asked, actor=stage.hospital(index), at=at)
            reports.submit(session, call_id=call.id, confirmed=True, actor=stage.hospital(index), at=at)
    after = end + timedelta(hours=16)
    with stage.at(after) as session:
        for row in board.board(session, call=session.get_one(Call, call.id)):
            if row.report is not None:
                reports.accept(session, report_id=row.report.id, actor=agency, at=after)
        base.lock(session, call_id=call.id, actor=stage.actor("reviewer"), at=after)
    return call


def _bid(stage: Stage, round_: Round, spec: Specification, makers: list[Organisation]) -> None:
    at = stage.day(-15)
    for maker, price in zip(makers, PRICES, strict=True):
        letters.sign(stage, maker.id, at)
        with stage.at(at) as session:
            lot = session.get_one(Call, round_.call_id).lots[0]
            line = BidLine(lot.id, spec.id, price)
            bids.submit(session, box_id=round_.box_id, lines=[line], actor=stage.company(maker.id))


def _award(stage: Stage, round_: Round) -> None:
    agency, number, opened = stage.actor("agency"), round_.id, stage.day(-11, 9)
    with stage.at(opened) as session:
        opening.open_bids(session, round_id=number, actor=agency, at=opened)
        evaluation.evaluate(session, round_id=number, actor=agency, at=opened)
        announcing.announce(session, round_id=number, actor=agency, at=opened)
    final = stage.day(-6)
    with stage.at(final) as session:
        announcing.award(session, round_id=number, actor=stage.actor("reviewer"), at=final)


def _choose(stage: Stage, round_: Round) -> None:
    """Let hospitals choose until the day after the day after tomorrow; two have submitted, the first has not begun."""
    at = stage.day(-2)
    terms = Terms(
        Reassign.BY_HOSPITAL, Reassign.PRO_RATA, stage.day(3, 17), "江海省冠脉支架接续采购文件第 5.3 条",
        "文件规定待分配量由医疗机构自主选择，逾期按比例分配",
    )  # fmt: skip
    with stage.at(at) as session:
        found = reassignment.start(session, round_id=round_.id, terms=terms, actor=stage.actor("agency"), at=at)
        rows = divisions.volumes(session, found)
        winners = divisions.winners(session, session.get_one(Round, round_.id))
        shares = divisions.by_hospital(rows)
    for index in (1, 3):
        later = at + timedelta(hours=2 + index)
        with stage.at(later) as session:
            for share in shares.get(stage.cast.hospitals[index].id, []):
                parts = divisions.by_rule(share, winners[share.lot.id], Reassign.LOWEST_FIRST)
                typed = {
                    row.id: format(parts.get((row.company_id or 0, row.specification_id), Decimal(0)), "f")
                    for row in share.winners
                }
                reassignment.divide(
                    session, round_id=round_.id, typed=typed, submit=True, actor=stage.hospital(index), at=later
                )
