"""Service prices of a province: 300 hospitals in 13 cities, 7 329 items at three grades, a year of volumes."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.db import Database, insert_rows
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from pricing.items.flow import ItemStandard, PriceGrade, PriceSource, Pricing
from pricing.items.models import ItemPrice, ItemVolume
from pricing.items.queries import items, lists
from pricing.items.queries.prices import prices_on
from pricing.items.rules.items import Content, Draft
from pricing.items.rules.prices import NewPrice
from pricing.items.services.items import put_items
from pricing.items.services.prices import set_prices
from tests.bench import plans
from tests.bench.province import organisation
from tests.bench.stores import KINDS, Fresh, opened

PROVINCE, CITIES = "980000", 13
HOSPITALS, ITEMS, SHARE, YEAR = 300, 7_329, 0.25, 2025
GRADES = ("三级甲等", "二级甲等", "二级乙等", "一级", "未定级")
DEPARTMENTS = ("内科", "外科", "检验科", "医学影像科", "康复科", "口腔科")


@dataclass(slots=True)
class Services:
    """What was written: items in the order of their codes, hospitals, and how many rows of volumes."""

    item_ids: list[int]
    hospital_ids: list[int]
    volumes: int


def build(session: Session, at: datetime, *, hospitals: int = HOSPITALS, count: int = ITEMS) -> Services:
    """Write the province by the bulk paths; every hospital charged a quarter of the items in the year."""
    chance = random.Random(7329)
    session.add(Region(code=PROVINCE, name="江海省"))
    session.flush()
    session.add_all(Region(code=f"98{n:02}00", name=f"{n}市", parent_code=PROVINCE) for n in range(1, CITIES + 1))
    session.flush()
    placed = [_hospital(session, at, number, chance) for number in range(hospitals)]
    session.flush()
    ids = _items(session, at, count)
    session.flush()
    ceilings = _prices(session, ids, at, chance)
    volumes = _volumes(session, [one.id for one in placed], ids, ceilings, chance)
    return Services(ids, [one.id for one in placed], volumes)


def _hospital(session: Session, at: datetime, number: int, chance: random.Random) -> Organisation:
    made = organisation(session, at, 10_000 + number, OrganisationKind.HOSPITAL, f"医院{number + 1:03}")
    made.region_code, made.grade = f"98{number % CITIES + 1:02}00", chance.choice(GRADES)
    return made


def _items(session: Session, at: datetime, count: int) -> list[int]:
    drafts = [
        Draft(f"3{n // 999 + 10:05}{n % 999 + 1:03}", Content(
            name=f"医疗服务项目{n + 1:05}", unit="次", category_code=f"3{n // 999 + 10:05}"[:4], technical=n % 5 < 2,
            pricing=Pricing.SPECIAL if n % 200 == 0 else Pricing.GUIDED,
        ))
        for n in range(count)
    ]  # fmt: skip
    put_items(session, drafts, standard=ItemStandard.NORM_2001, starts_on=date(2024, 1, 1), actor=SYSTEM, at=at)
    ids = items.ids_by_code(session, [draft.code for draft in drafts])
    return [ids[draft.code] for draft in drafts]


def _prices(session: Session, ids: Sequence[int], at: datetime, chance: random.Random) -> list[Decimal]:
    """Price every item for the three grades; return the third grade's."""
    highest = [Decimal(chance.randint(100, 90_000)) / 100 for _ in ids]
    rows = [
        NewPrice(item_id, PROVINCE, grade, (price * share).quantize(Decimal("0.01")))
        for item_id, price in zip(ids, highest, strict=True)
        for grade, share in zip(PriceGrade, (Decimal(1), Decimal("0.9"), Decimal("0.8")), strict=True)
    ]
    set_prices(
        session, rows, starts_on=date(2024, 1, 1), source=PriceSource.IMPORT, source_id=None, actor=SYSTEM, at=at
    )  # fmt: skip
    return highest


def _volumes(
    session: Session, hospitals: Sequence[int], ids: Sequence[int], prices: Sequence[Decimal], chance: random.Random
) -> int:
    columns: dict[str, list[Any]] = {
        name: [] for name in ("hospital_id", "item_id", "department", "quantity", "revenue")
    }
    for hospital in hospitals:
        for place in chance.sample(range(len(ids)), int(len(ids) * SHARE)):
            quantity = Decimal(chance.randint(1, 20_000))
            columns["hospital_id"].append(hospital)
            columns["item_id"].append(ids[place])
            columns["department"].append(DEPARTMENTS[place % len(DEPARTMENTS)])
            columns["quantity"].append(quantity)
            columns["revenue"].append(quantity * prices[place])
    count = len(columns["item_id"])
    return insert_rows(session, ItemVolume.__table__, columns={**columns, "year": [YEAR] * count})


def run(fresh: Fresh) -> None:
    """Time setting and reading prices, and plans that adjust them, on both databases."""
    table = Table("what", "ms", "floor ms", "× floor", title=f"services: {HOSPITALS} hospitals, {ITEMS} items")
    for name in KINDS:
        with opened(fresh(name)) as database:
            _measure(table, name, database)
        with opened(fresh(name)) as database:
            with database.transaction() as session:
                made = build(session, clock.now())
            plans.measure(table, name, database, made.item_ids, PROVINCE, YEAR)
    Console().print(table)


def _measure(table: Table, name: str, database: Database) -> None:
    at = clock.now()
    with database.transaction() as session:
        made = build(session, at)
    day = clock.today(at)
    with database.transaction() as session:
        rows = [NewPrice(id_, PROVINCE, grade, Decimal(7)) for id_ in made.item_ids[:1500] for grade in PriceGrade]
        took = _timed(lambda: set_prices(
            session, rows, starts_on=day, source=PriceSource.PLAN, source_id=1, actor=SYSTEM, at=at
        ))  # fmt: skip
        bare = {
            "item_id": made.item_ids[:1500], "region_code": ["980100"] * 1500, "grade": [PriceGrade.THIRD] * 1500,
            "price": [Decimal(7)] * 1500, "starts_on": [day] * 1500, "source": [PriceSource.PLAN] * 1500,
            "set_at": [at] * 1500,
        }  # fmt: skip
        floor = _timed(lambda: insert_rows(session, ItemPrice.__table__, columns=bare)) * len(PriceGrade)
    _line(table, f"prices of 1 500 items at three grades set, {name}", took, floor)
    with database.transaction(write=False) as session:
        took = _timed(lambda: prices_on(session, day, "980100"))
        columns = (ItemPrice.item_id, ItemPrice.grade, ItemPrice.price)
        floor = _timed(lambda: session.execute(select(*columns)).all())
        _line(table, f"every price of a day, {name}", took, floor)
        wanted = lists.Asked(day, "980100", category="3000")
        took = _timed(lambda: session.scalars(lists.versions(wanted).limit(50)).all())
        _line(table, f"a page of the list, {name}", took, floor)
    table.add_row(f"rows of volumes, {name}", str(made.volumes), "", "")


def _timed(action: Any) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def _line(table: Table, what: str, took: float, floor: float) -> None:
    table.add_row(what, f"{took:.1f}", f"{floor:.1f}", f"{took / floor:.1f}")
