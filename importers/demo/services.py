"""Service items of the demo: a catalogue, guideline items, prices that changed twice, own prices, a year of volumes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.search.sources.services import catch_up
from importers.demo import adjustments
from importers.demo.parties import read
from importers.demo.stage import SEED, Stage
from kernel import clock
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.money import round_amount
from kernel.parties.models import Organisation
from pricing.items.filings.services import accept, file_price
from pricing.items.flow import AddOnKind, ItemStandard, PriceGrade, PriceSource, Pricing
from pricing.items.models import ItemVolume
from pricing.items.queries import items
from pricing.items.queries.prices import ceilings_on
from pricing.items.rules.items import Content, Draft, add_ons, exclusions
from pricing.items.rules.prices import NewPrice, grade_of
from pricing.items.services.items import put_items
from pricing.items.services.mappings import put_mappings
from pricing.items.services.prices import set_prices

PROVINCE = "980000"
OF_THIRD = {PriceGrade.THIRD: 100, PriceGrade.SECOND: 90, PriceGrade.FIRST: 80}
"""What the grades charge, in percent of the third."""
DEPARTMENTS = {"11": "门诊部", "12": "护理部", "21": "医学影像科", "22": "超声科", "25": "检验科", "31": "内科",
               "33": "外科", "43": "中医科", "44": "中医科", "45": "康复科"}  # fmt: skip


def build(stage: Stage) -> None:
    """Put catalogues, price them, change some prices, announce others; hospitals file own prices."""
    found, officer = read("services.toml"), stage.actor("bureau")
    first = clock.today(stage.day(-800))
    with stage.at(stage.day(-415)) as session:
        at = stage.day(-415)
        ids = _catalogues(session, found, first, officer, stage)
        for region, percent in {PROVINCE: 100, **found["cities"]}.items():
            rows = [one for row in found["norm"] for one in _grades(ids[row[0]], region, row[5], percent)]
            _set(session, rows, first, officer, at)
        _volumes(session, stage.cast.hospitals, [row[0] for row in found["norm"]], ids, clock.today(stage.now).year - 1)
        catch_up(session)
    adjustments.effective(stage)
    for days, since, raised in ((-120, -110, 8), (-5, 20, 12)):
        at = stage.day(days)
        with stage.at(at) as session:
            labour = [row for row in found["norm"] if row[6] and since > 0]  # the first time, the plan priced it
            rows = [one for row in labour for one in _grades(ids[row[0]], PROVINCE, row[5], 100 + raised)]
            new = [one for row in found["guideline"] for one in _grades(ids[row[0]], PROVINCE, row[8], 100 + raised)]
            _set(session, [*rows, *new], clock.today(stage.day(since)), officer, at)
    _own(stage, found["own"], ids)


def _catalogues(session: Session, found: dict[str, Any], first: date, officer: Actor, stage: Stage) -> dict[str, int]:
    """Put the items and how old ones go into new ones; return items by code."""
    at = stage.day(-415)
    norm = [
        Draft(code, Content(name=name, unit=unit, category_code=category, category_name=above, technical=labour))
        for code, name, unit, category, above, _price, labour in found["norm"]
    ]
    own = [
        Draft(code, Content(name=name, unit=unit, category_code=category, pricing=Pricing(way)))
        for code, name, unit, category, way, _price in found["own"]
    ]
    new = [_guideline(row) for row in found["guideline"]]
    for drafts, standard, region in (
        (norm, ItemStandard.NORM_2001, ""), (new, ItemStandard.GUIDELINE, ""), (own, ItemStandard.LOCAL, PROVINCE),
    ):  # fmt: skip
        put_items(session, drafts, standard=standard, starts_on=first, region_code=region, actor=officer, at=at)
    ids = items.ids_by_code(session, [draft.code for draft in (*norm, *new)])
    ids |= items.ids_by_code(session, [draft.code for draft in own], PROVINCE)
    columns: dict[str, Sequence[Any]] = {
        "old_id": [ids[row[0]] for row in found["mapped"]], "new_id": [ids[row[1]] for row in found["mapped"]],
        "share": [Decimal(row[2]) if row[2] else None for row in found["mapped"]],
        "note": [row[3] for row in found["mapped"]],
    }  # fmt: skip
    put_mappings(session, columns=columns, actor=officer, at=at, facts={})
    return ids


def _guideline(row: Sequence[Any]) -> Draft:
    code, name, unit, output, composition, added, extended, excluded, _price, labour = row
    parts = (*add_ons(AddOnKind.ADD, added), *add_ons(AddOnKind.EXTENSION, extended))
    return Draft(code, Content(
        name=name, unit=unit, output=output, composition=composition, add_ons=tuple(sorted(parts)),
        exclusions=exclusions(excluded), technical=labour,
    ))  # fmt: skip


def _grades(item_id: int, region: str, price: str, percent: int) -> list[NewPrice]:
    """Price an item for the grades."""
    return [
        NewPrice(item_id, region, grade, round_amount(Decimal(price) * percent * share / 10_000))
        for grade, share in OF_THIRD.items()
    ]


def _set(session: Session, rows: Sequence[NewPrice], day: date, officer: Actor, at: Any) -> None:
    set_prices(session, rows, starts_on=day, source=PriceSource.IMPORT, source_id=None, actor=officer, at=at)


def _volumes(
    session: Session, hospitals: Sequence[Organisation], codes: Sequence[str], ids: dict[str, int], year: int
) -> None:
    """Write how often each hospital charged each item last year, at that year's prices."""
    chance = random.Random(SEED + 40)  # noqa: S311 - invented volumes of its own, so that other scenes stay as they are
    regions = {one.region_code or PROVINCE for one in hospitals}
    ceilings = ceilings_on(session, date(year, 6, 30), regions)
    rows = []
    for hospital in hospitals:
        for code in codes:
            price = ceilings[ids[code], hospital.region_code or PROVINCE, grade_of(hospital.grade)]
            quantity = Decimal(chance.randint(2_000_000, 9_000_000) // int(price * 10 + 50))
            rows.append((hospital.id, ids[code], year, DEPARTMENTS[code[:2]], quantity, round_amount(quantity * price)))
    names = ("hospital_id", "item_id", "year", "department", "quantity", "revenue")
    columns = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    insert_rows(session, ItemVolume.__table__, columns=columns)


def _own(stage: Stage, rows: Sequence[Sequence[str]], ids: dict[str, int]) -> None:
    """Let the first hospital file its own prices: two are accepted, one waits."""
    finance, officer = stage.actor("finance"), stage.actor("bureau")
    for days, (code, name, *_middle, price) in zip((-60, -40, -2), rows, strict=True):
        at, day = stage.day(days), clock.today(stage.day(days + 30))
        with stage.at(at) as session:
            filing = file_price(
                session, item_id=ids[code], price=Decimal(price), starts_on=day, reason=f"{name}成本测算表见附页",
                actor=finance, at=at,
            )  # fmt: skip
        if days < -10:
            with stage.at(stage.day(days + 3)) as session:
                accept(session, filing_id=filing.id, actor=officer, at=stage.day(days + 3))
