"""What people press to take a round from set-up to agreements on pages, and what has to hold on the way."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import func, select

from importers import exports as workbooks
from importers import queries as imports
from importers import services as importing
from importers import workbook
from importers.flow import Mode
from kernel import clock
from procurement.agreements.models import Agreement
from procurement.demand.models import BaseVolume, LotSpecification
from procurement.rounds.models.awards import Award, AwardVolume
from procurement.rounds.queries import results, supply
from procurement.rounds.queries.table import bid_table
from procurement.rounds.rules import award as pure
from procurement.rounds.rules.model import Status
from procurement.rounds.rules.ruleset import read_rule_set
from procurement.rounds.services import setup
from tests.procurement.rounds.scene import DEADLINE, OPENED, RECEIVES, START
from tests.procurement.rounds.site import Site

Prices = Mapping[int, Sequence[str]]
Facts = Mapping[tuple[int, int], Mapping[str, str]]
"""Lot and company → column → value."""


def post(site: Site, url: str, who: str = "officer", when: datetime = START, **form: Any) -> None:
    """Press a button of the round at an instant; it must be done."""
    with clock.travel(to=when + timedelta(milliseconds=2)):
        answer = site.post(url, who, **form)
        assert answer.status_code == 303, answer.text
        told = site.browser(who).get(answer.headers["Location"]).text
    assert 'class="toast bad' not in told


def drafted(site: Site, rule_set: str, caps: Mapping[int, str], fill: Mapping[str, str], code: str = "LM-1") -> None:
    """Set the round up on its pages: rule set, parameters with their sources, caps, calendar."""
    with site.scene() as scene:
        assert scene.call is not None
        scene.round_ = scene.act(setup.create, call_id=scene.call.id, code=code, title="联盟接续", rule_set_id=rule_set)
        places = {number: [each.id for each in lot.specifications] for number, lot in scene.lots.items()}
    if fill:
        told = {f"value-{name}": value for name, value in fill.items()}
        told |= {f"{part}-{name}": "联盟采购文件" for part in ("source", "reason") for name in fill}
        post(site, "/set-up/parameters", **told)
    grid = ",".join(f'{{"id": "{one}", "cap": "{caps[number]}"}}' for number, ids in places.items() for one in ids)
    post(site, "/set-up/caps", caps=f"[{grid}]")
    wall = {"receives_from": RECEIVES, "deadline": DEADLINE}
    times = {name: f"{clock.beijing(moment):%Y-%m-%dT%H:%M:%S}" for name, moment in wall.items()}
    post(site, "/set-up/calendar", title="联盟接续", publicity_days="3", **times)
    post(site, "/publish", "reviewer")


def opened(site: Site, prices: Prices) -> None:
    """Let companies bid on their pages, and open."""
    with site.scene() as scene:
        assert scene.round_ is not None
        box = scene.round_.box_id
        spec = {number: (lot.id, lot.specifications[0].specification_id) for number, lot in scene.lots.items()}
    for number, own in prices.items():
        lot, place = spec[number]
        for company, typed in enumerate(own, 1):
            if typed:
                form = {f"price-{place}": typed, "revision": "0"}
                post(site, f"//procurement/bids/{box}/lots/{lot}", f"c{company}", RECEIVES, **form)
    post(site, "/open", when=OPENED)


def enter(site: Site, facts: Facts) -> None:
    """Enter review facts by their workbook, each with where it comes from."""
    query, actor = {"round": str(site.built.round_id)}, site.built.actors["officer"]
    with site.scene() as scene:
        occasion = imports.occasion(scene.session, "review-facts", query, actor=actor, at=OPENED, prefilled=True)
        template = workbooks.template(occasion, locale="zh_CN")
        names = {scene.organisations[f"c{company}"].name: company for _lot, company in facts}
    book = load_workbook(io.BytesIO(template))
    sheet, codes = book["数据"], book["代码表"]
    items = {str(codes.cell(row, 1).value): str(codes.cell(row, 2).value) for row in range(2, codes.max_row + 1)}
    at = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        lot, company, item = (str(sheet.cell(line, at[name]).value) for name in ("品种序号", "企业", "项目"))
        value = facts.get((int(lot), names.get(company, 0)), {}).get(items.get(item, item))
        if value is not None:
            sheet.cell(line, at["值"]).value = value
            sheet.cell(line, at["来源"]).value = "各省挂网价格汇总"
    target = io.BytesIO()
    book.save(target)
    read = workbook.read(target.getvalue(), "评审资料.xlsx")
    with site.scene() as scene:
        staged = importing.stage(scene.session, name="review-facts", query=query, book=read, actor=actor, at=OPENED)
        assert staged.faulty == 0
        importing.apply(scene.session, import_id=staged.id, mode=Mode.ALL, actor=actor, at=OPENED)


def finished(site: Site, *, draft: bool = False) -> None:
    """Evaluate, announce, draft where the rules do, award by a second person, make the agreements."""
    later, final = OPENED + timedelta(hours=2), OPENED + timedelta(days=4)
    post(site, "/evaluate", when=later)
    must_be_the_pure_result(site)
    post(site, "/announce", when=later)
    if draft:
        post(site, "/regions/draft", when=final)
    post(site, "/award", "reviewer", when=final)
    post(site, "/agreements", when=final)
    must_add_up(site)


def must_be_the_pure_result(site: Site) -> None:
    """The stored winners, ranks, ratios and shares are what the rules make of the table and the frozen text."""
    with site.scene() as scene:
        assert scene.round_ is not None
        table = bid_table(scene.session, scene.round_)
        rules = read_rule_set(scene.round_.rule_set_text, where="frozen")
        told = pure.evaluate(table.rows, rules, draws=table.draws, regions=table.regions)
        newest = results.latest(scene.session, scene.round_)
        assert newest is not None
        stored = {
            (one.lot_id, one.company_id): (one.unit, one.rank, one.ratio, one.share, one.winning_price)
            for one in results.winners(scene.session, newest)
        }
        assert stored == {
            (table.lots[found.variety].id, table.companies[one.company]): (
                found.unit, one.rank, one.ratio, one.share, one.unit_price,
            )
            for found in told.varieties
            for one in found.of(Status.WON)
        }  # fmt: skip


def must_add_up(site: Site) -> None:
    """Nothing of the base is lost, and a region's agreed volume is that of its hospitals' agreements."""
    with site.scene() as scene:
        assert scene.round_ is not None
        for lot_id in {one.lot_id for one in supply.award_rows(scene.session, scene.round_)}:
            factor = {
                row.specification_id: row.volume_factor
                for row in scene.session.scalars(select(LotSpecification).where(LotSpecification.lot_id == lot_id))
            }
            volumes = scene.session.scalars(select(AwardVolume).join(Award).where(Award.lot_id == lot_id)).all()
            base = scene.session.scalars(select(BaseVolume).where(BaseVolume.lot_id == lot_id)).all()
            whole = sum((one.quantity * factor[one.specification_id] for one in base), Decimal(0))
            assert sum((one.base * factor[one.specification_id] for one in volumes), Decimal(0)) == whole
        agreed = scene.session.scalar(
            select(func.sum(AwardVolume.agreed)).join(Award).where(Award.round_id == scene.round_id)
        )
        bought = scene.session.scalar(
            select(func.sum(Agreement.agreed)).join(Award, Award.id == Agreement.award_id).where(
                Award.round_id == scene.round_id
            )
        )  # fmt: skip
        assert agreed == bought


def winners(site: Site) -> dict[int, dict[int, Decimal | None]]:
    """Return the ratio of each winning company by lot, companies by number."""
    with site.scene() as scene:
        assert scene.round_ is not None
        newest = results.latest(scene.session, scene.round_)
        assert newest is not None
        numbers = {scene.company(number): number for number in range(1, 6)}
        found: dict[int, dict[int, Decimal | None]] = {}
        for one in results.winners(scene.session, newest):
            found.setdefault(one.lot.number, {})[numbers[one.company_id]] = one.ratio
        return found


def volumes(site: Site, number: int) -> dict[int, Decimal]:
    """Return what was agreed with each company for a lot, in reference units."""
    with site.scene() as scene:
        assert scene.round_ is not None
        numbers = {scene.company(one): one for one in range(1, 6)}
        found: dict[int, Decimal] = {}
        for award in supply.award_rows(scene.session, scene.round_):
            if award.lot.number == number:
                for volume in award.volumes:
                    factor = 1 if award.specification.is_reference else Decimal("0.5")
                    key = numbers[award.company_id]
                    found[key] = found.get(key, Decimal(0)) + volume.agreed * factor
        return found
