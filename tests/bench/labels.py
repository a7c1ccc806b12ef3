"""Labels over a country of listed prices: everything at night, and what a day changes; beside one bare aggregation."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.codes import Part, VarietyKind, VolumeClass
from catalogue.drugs.rules.forms import Form, FormKind
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.db import Database, insert_rows
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Region
from kernel.sets import learn
from pricing.governance.comparison.models import PriceGap
from pricing.governance.comparison.services.building import run as compare
from pricing.governance.labelling.models import PriceLabel, ProductEvaluation
from pricing.governance.labelling.services.running import run as give
from pricing.governance.sets.models import LabelRegion
from pricing.governance.sets.services import BOOK
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.bench.stores import KINDS, Fresh, opened
from tests.factories.people import organisation

VARIETIES, SPECIFICATIONS, MAKERS = 2_600, 4, 25
"""260 000 products: of each specification one a maker."""
REGIONS, CHANGED, DAY = 31, 1_000, date(2026, 11, 20)
FACTORS = (Decimal(1), Decimal("1.7"), Decimal("2.89"), Decimal("0.588235294118"))


def build(session: Session, varieties: int, at: datetime) -> int:
    """Add products, regions with rule sets and a price of each product in each region; return how many products."""
    chance = random.Random(8)
    codes = [f"{number:02d}0000" for number in range(11, 11 + REGIONS)]
    session.add_all([Region(code=code, name=f"省{code[:2]}", parent_code=None) for code in codes])
    makers = [organisation(session, OrganisationKind.COMPANY, name=f"制药{place}") for place in range(MAKERS)]
    BOOK.take_over(session, actor=SYSTEM, at=at)
    session.add_all([
        LabelRegion(region_code=code, code=("henan-2026", "anhui")[place % 2], reason="bench", by_id=None, at=at)
        for place, code in enumerate(codes)
    ])  # fmt: skip
    session.flush()
    count = _catalogue(session, varieties, [one.id for one in makers])
    ids = list(range(1, count + 1))
    _rows(session, ProductEvaluation, count, {
        "product_id": ids, "passed": [id_ % 3 > 0 for id_ in ids], "source": "bench", "by_id": None,
        "at": at - timedelta(days=1),
    })  # fmt: skip
    national = [Decimal(chance.randint(8_000, 12_000)).scaleb(-4) for _each in ids]
    for code in codes:
        _prices(session, code, national, chance, at)
    learn(session, Product.__table__, Listing.__table__)  # by the night a server has done so by itself
    return count


def _catalogue(session: Session, varieties: int, makers: list[int]) -> int:
    group = FormGroup(name="口服常释剂型", kind=FormKind.ORAL_SOLID)
    session.add(group)
    session.flush()
    ids, specifications = list(range(1, varieties + 1)), varieties * SPECIFICATIONS
    _rows(session, GenericName, varieties, {"id": ids, "name": [f"药{id_}" for id_ in ids], "english": ""})
    _rows(session, Variety, varieties, {
        "id": ids, "code": [f"V{id_}" for id_ in ids], "generic_name_id": ids, "form_group_id": group.id,
        "strength_group": "", "volume_class": VolumeClass.GENERAL, "kind": VarietyKind.DRUG, "category": "",
        "version": 1,
    })  # fmt: skip
    places = list(range(specifications))
    _rows(session, Specification, specifications, {
        "id": [place + 1 for place in places], "variety_id": [place // SPECIFICATIONS + 1 for place in places],
        "text": [f"{place % SPECIFICATIONS + 1}mg" for place in places], "form": Form.TABLET, "content_unit": "",
        "components": "", "fill_unit": "", "unit": "片", "sugar_free": False,
        "is_reference": [place % SPECIFICATIONS == 0 for place in places],
        "price_factor": [FACTORS[place % SPECIFICATIONS] for place in places], "volume_factor": Decimal(1),
        "factors_stated": False, "part": Part.PRODUCT, "version": 1,
    })  # fmt: skip
    count = specifications * MAKERS
    places = list(range(count))
    _rows(session, Product, count, {
        "id": [place + 1 for place in places], "company_id": [makers[place % MAKERS] for place in places],
        "specification_id": [place // MAKERS + 1 for place in places], "registered_name": "药", "trade_name": "",
        "approval_number": [f"H{place:08d}" for place in places], "pack": 10, "packing": "",
        "is_reference_preparation": [place % MAKERS == 0 for place in places], "active": True, "version": 1,
    })  # fmt: skip
    return count


def _rows(session: Session, model: Any, count: int, values: dict[str, Any]) -> None:
    """Insert rows; a value that is no list is every row's."""
    columns = {name: value if isinstance(value, list) else [value] * count for name, value in values.items()}
    insert_rows(session, model.__table__, columns=columns)


def _prices(session: Session, code: str, national: list[Decimal], chance: random.Random, at: datetime) -> None:
    """List every product in a region: one maker in 25 as winner, nine of ten at the national price, some dear."""
    count = len(national)
    won = [place % MAKERS == 1 for place in range(count)]
    times = chance.choices([1, Decimal("1.1"), Decimal("2.5"), Decimal(4)], [90, 7, 2, 1], k=count)
    prices = [
        (price if winner else price * time_).quantize(Decimal("0.0001"))
        for price, time_, winner in zip(national, times, won, strict=True)
    ]
    _rows(session, Listing, count, {
        "product_id": list(range(1, count + 1)), "region_code": code,
        "kind": [ListingKind.AGREEMENT if winner else ListingKind.LISTED for winner in won], "price": prices,
        "starts": date(2026, 1, 1), "ends": None, "state": ListingState.ACTIVE, "suspended_on": None,
        "origin": "bench", "reason": "", "created_by_id": None, "created_at": at, "version": 1,
    })  # fmt: skip


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of one run, and the processor's seconds of this process."""
    start, used = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - start, time.process_time() - used


def measure(database: Database, table: Table, name: str, varieties: int = VARIETIES) -> None:
    """Time the bare aggregation, a whole night, and a run after 1 000 new prices."""
    at = clock.now()
    with database.transaction() as session:
        count = build(session, varieties, at)
    what = f"{count * REGIONS:,} prices of {count:,} products, {name}"
    grouped = select(Listing.product_id, func.max(Listing.price), func.count()).group_by(Listing.product_id)

    def bare() -> None:
        with database.transaction(write=False) as session:
            for _row in session.execute(grouped):
                pass

    def labelled(day: date, expected: bool) -> None:
        with database.transaction() as session:
            made = give(session, day=day, actor=SYSTEM, at=at)
            assert made is not None and made.whole is expected

    floor = timed(bare)
    _line(table, f"first labels, {what}", timed(lambda: labelled(DAY, True)), floor)
    _line(table, f"the next night, {what}", timed(lambda: labelled(DAY + timedelta(days=1), True)), floor)
    changed = _dearer(database, count, at)
    took = timed(lambda: labelled(DAY + timedelta(days=1), False))
    _line(table, f"after {changed:,} new prices, {what}", took, floor)
    with database.transaction(write=False) as session:
        held = session.scalar(select(func.count()).select_from(PriceLabel).where(PriceLabel.until.is_(None)))
    table.add_row(f"labels that stand, {name}", f"{held:,}", "", "", "", "")


def _dearer(database: Database, count: int, at: datetime) -> int:
    """Let prices of 1 000 products, or of one maker, begin on the day after; return how many."""
    rows = [
        NewListing(place * MAKERS + 3, "110000", ListingKind.LISTED, Decimal("9.9"), DAY + timedelta(days=1))
        for place in range(min(CHANGED, count // MAKERS))
    ]
    with database.transaction() as session:
        list_products(session, rows=rows, actor=SYSTEM, at=at)
    return len(rows)


def gaps(database: Database, table: Table, name: str, varieties: int = VARIETIES) -> None:
    """Time gap tables: groups and all gaps, then a night after 1 000 new prices."""
    at = clock.now()
    with database.transaction() as session:
        count = build(session, varieties, at)
    what = f"{count * REGIONS:,} prices of {count:,} products, {name}"
    grouped = select(Listing.product_id, func.max(Listing.price), func.count()).group_by(Listing.product_id)

    def bare() -> None:
        with database.transaction(write=False) as session:
            for _row in session.execute(grouped):
                pass

    def compared(day: date, expected: bool) -> None:
        with database.transaction() as session:
            made = compare(session, day=day, actor=SYSTEM, at=at)
            assert made is not None and made.whole is expected

    floor = timed(bare)
    _line(table, f"first gaps and warnings, {what}", timed(lambda: compared(DAY, True)), floor)
    changed = _dearer(database, count, at)
    night = timed(lambda: compared(DAY + timedelta(days=1), False))
    _line(table, f"gaps the next night, {changed:,} new prices, {what}", night, floor)
    with database.transaction(write=False) as session:
        held = session.scalar(select(func.count()).select_from(PriceGap))
    table.add_row(f"gaps, {name}", f"{held:,}", "", "", "", "")


def _line(table: Table, what: str, took: tuple[float, float], floor: tuple[float, float]) -> None:
    took_, floor_ = took[0], floor[0]
    table.add_row(what, f"{took_:.1f}", f"{took[1]:.1f}", f"{floor_:.1f}", f"{took_ / floor_:.1f}", "60")


def run(fresh: Fresh) -> None:
    """Measure both databases."""
    for name in KINDS:
        table = Table("what", "s", "processor s", "bare aggregation s", "× bare", "wanted s", title=f"labels, {name}")
        with opened(fresh(name)) as database:
            measure(database, table, name)
        with opened(fresh(name)) as database:
            gaps(database, table, name)
        Console(width=160).print(table)
