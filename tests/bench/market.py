"""A province that buys online: 500 hospitals, 120 companies, their products, agreements, accounts and shortages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.forms import Form, FormKind
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.auth.services.passwords import hashed
from kernel.db import insert_rows
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.models import Region
from procurement.agreements.ledger.models import COLUMNS
from procurement.agreements.models import Agreement
from procurement.bids.models import Box
from procurement.demand.flow import CallState
from procurement.demand.models import Call, Lot
from procurement.orders.flow import OrderKind, PlanState
from procurement.orders.models.plans import Plan
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.supply.shortages.flow import ShortageState
from procurement.supply.shortages.models import Shortage
from tests.bench.province import PASSWORD, organisation

HOSPITALS, COMPANIES, REGIONS, LARGE, EACH, LINES = 500, 120, 13, 1_200, 20, 20
PEOPLE = {
    "pharmacist": (Role.PHARMACIST, 1), "second": (Role.PHARMACIST, 1), "company": (Role.MANUFACTURER, HOSPITALS + 1),
    "finance": (Role.HOSPITAL_FINANCE, 1), "bench": (Role.AGENCY_OFFICER, HOSPITALS + COMPANIES + 1),
}  # fmt: skip
"""Who signs in, and the number of the organisation; the first hospital has agreements on everything."""


def build(session: Session, at: datetime) -> None:
    """Write organisations, products, agreements, and a placed plan of every hospital."""
    for number in range(REGIONS):
        session.add(Region(code=f"32{number + 1:02}00", name=f"{number + 1:02}市"))
    session.flush()
    for number in range(1, HOSPITALS + COMPANIES + 2):
        kind = Kind.HOSPITAL if number <= HOSPITALS else Kind.COMPANY
        kind = Kind.AGENCY if number > HOSPITALS + COMPANIES else kind
        made = organisation(session, at, number, kind, f"{kind.value}{number:03}")
        assert made.id == number
        made.region_code = f"32{number % REGIONS + 1:02}00"
    for login, (role, works_at) in PEOPLE.items():
        user = User(login=login, name=login, organisation_id=works_at, password_hash=hashed(PASSWORD), created_at=at)
        user.roles = [UserRole(role=role)]
        session.add(user)
    for hospital in range(1, HOSPITALS + 1):
        session.add(
            Plan(
                hospital_id=hospital, kind=OrderKind.AGREEMENT, title="月度采购", state=PlanState.PLACED, created_at=at,
                saved_at=at,
            )
        )  # fmt: skip
    _round(session, at)
    session.flush()
    session.connection().exec_driver_sql(ACCOUNTS)
    _shortages(session, at)


def _shortages(session: Session, at: datetime) -> None:
    """Let every hospital lack two of the products that all of them buy."""
    rows = [
        (h, key, products()[key - 1]) for h in range(1, HOSPITALS + 1) for key in (h % 30 * 20 + 20, h % 59 * 20 + 1220)
    ]
    columns: dict[str, list[Any]] = {
        "hospital_id": [row[0] for row in rows], "product_id": [row[1] for row in rows],
        "company_id": [row[2] for row in rows],
        "region_code": [f"32{row[0] % REGIONS + 1:02}00" for row in rows],
        "reported_at": [at] * len(rows), "due_at": [at + timedelta(days=row[0] % 7 - 3) for row in rows],
    }  # fmt: skip
    same = {"needed": Decimal(100), "stock": Decimal(10), "daily": Decimal(2), "note": "", "reply_note": "",
            "state": ShortageState.REPORTED, "version": 1}  # fmt: skip
    columns |= {name: [value] * len(rows) for name, value in same.items()}
    insert_rows(session, Shortage.__table__, columns=columns)


def products() -> list[int]:
    """Return the company of each product by its number: the first makes 1 200, each other twenty."""
    return [HOSPITALS + 1] * LARGE + [HOSPITALS + 2 + n // EACH for n in range((COMPANIES - 1) * EACH)]


def _round(session: Session, at: datetime) -> None:
    call = Call(code="BENCH", title="压测", year=at.year, state=CallState.LOCKED, deadline=at, created_at=at)
    session.add(call)
    session.flush()
    box = Box(call_id=call.id, code="BENCH", title="压测")
    session.add(box)
    session.flush()
    round_ = Round(
        code="BENCH", title="压测", state=RoundState.AWARDED, call_id=call.id, box_id=box.id, rule_set_id="batch-11",
        created_at=at, awarded_at=at,
    )  # fmt: skip
    group = FormGroup(name="口服常释剂型", kind=FormKind.ORAL_SOLID)
    session.add_all([round_, group])
    session.flush()
    held = _products(session, call, round_, group)
    starts = date(at.year, 1, 1)
    columns: dict[str, list[Any]] = {name: [] for name in ("award_id", "hospital_id", "company_id", "specification_id",
                                                           "product_id")}  # fmt: skip
    for product, award in held:
        for hospital in range(1, HOSPITALS + 1) if product.id % 20 == 0 else (1,):
            row = (award.id, hospital, product.company_id, product.specification_id, product.id)
            for name, value in zip(columns, row, strict=True):
                columns[name].append(value)
    count = len(columns["award_id"])
    same = {"year": 1, "starts": starts, "ends": starts + timedelta(days=366), "price": Decimal("0.1234"),
            "agreed": Decimal(10_000_000), "used": Decimal(0)}  # fmt: skip
    insert_rows(session, Agreement.__table__, columns=columns | {name: [value] * count for name, value in same.items()})


def _products(session: Session, call: Call, round_: Round, group: FormGroup) -> list[tuple[Product, Award]]:
    strengths = [
        Specification(
            variety=Variety(code=f"M{number:05}", generic_name=GenericName(name=f"药品{number:05}"), form_group=group),
            text="10mg", form=Form.TABLET, content=Decimal(10), content_unit="mg", unit="片", is_reference=True,
            price_factor=Decimal(1), volume_factor=Decimal(1),
        )
        for number in range(1, len(products()) + 1)
    ]  # fmt: skip
    session.add_all(strengths)
    session.flush()
    made = [
        Product(
            company_id=company, specification_id=strength.id, registered_name=f"药品{number:05}片",
            approval_number=f"国药准字H{number:08}", pack=24,
        )
        for number, (company, strength) in enumerate(zip(products(), strengths, strict=True), start=1)
    ]  # fmt: skip
    lots = [Lot(call_id=call.id, number=number, variety_id=one.variety_id) for number, one in enumerate(strengths, 1)]
    session.add_all([*made, *lots])
    session.flush()
    awards = [
        Award(
            round_id=round_.id, lot_id=lot.id, company_id=one.company_id, product_id=one.id,
            specification_id=one.specification_id, price=Decimal("0.1234"), ratio=Decimal("0.8"),
        )
        for one, lot in zip(made, lots, strict=True)
    ]  # fmt: skip
    session.add_all(awards)
    session.flush()
    return list(zip(made, awards, strict=True))


_GIVEN = ("reported", "agreed", "allocated")
ACCOUNT_ZEROS = tuple(name for name in (*COLUMNS.values(), "worth") if name not in _GIVEN)
ACCOUNTS = f"""
insert into volume_account (key, book, hospital_id, company_id, specification_id, agreement_id, year,
    {", ".join((*_GIVEN, *ACCOUNT_ZEROS))})
select id || ':agreed', 'agreed', hospital_id, company_id, specification_id, id, year, agreed, agreed, agreed,
    {", ".join("0" for _ in ACCOUNT_ZEROS)} from agreement
"""
