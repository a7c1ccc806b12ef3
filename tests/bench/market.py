"""A province that buys online: 500 hospitals, 120 companies, and as many orders of 20 lines as a benchmark asks for.

The past is written by INSERT … SELECT: each order is four minutes older than the one after it, so that 250 000 of
them (5 000 000 lines) are two years. What orders add to the months is written as the platform would have counted it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text
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
from procurement.orders.figures.rules import AMOUNTS, COUNTS
from procurement.orders.flow import OrderKind, PlanState
from procurement.orders.models.plans import Plan
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from tests.bench.province import PASSWORD, organisation

HOSPITALS, COMPANIES, REGIONS, LARGE, EACH, LINES = 500, 120, 13, 1_200, 20, 20
STEP = 249
"""Seconds between two orders."""
PEOPLE = {
    "pharmacist": (Role.PHARMACIST, 1), "second": (Role.PHARMACIST, 1), "company": (Role.MANUFACTURER, HOSPITALS + 1),
    "bench": (Role.AGENCY_OFFICER, HOSPITALS + COMPANIES + 1),
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
    insert_rows(session, Agreement.__table__, columns=columns | {name: [value] * count for name, value in same.items()})  # type: ignore[arg-type]  # a table


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


def past(session: Session, at: datetime, first: int, last: int, total: int) -> None:
    """Write the orders of these ages with their lines, and what they add to the months; the newest has the last id."""
    lite = session.get_bind().dialect.name == "sqlite"
    seconds = f"-(i * {STEP})"
    if lite:
        when = f"strftime('%Y-%m-%dT%H:%M:%S.000000', '{at:%Y-%m-%d %H:%M:%S}', ({seconds}) || ' seconds')"
        month = "strftime('%Y-%m-01', placed_at, '+8 hours')"
        quantity, price, amount = 100_000, 1_234, 1_234
    else:
        when = f"timestamptz '{at:%Y-%m-%d %H:%M:%S}+00' + ({seconds}) * interval '1 second'"
        month = "date_trunc('month', placed_at at time zone 'Asia/Shanghai')::date"
        quantity, price, amount = 100, "0.1234", "12.34"
        session.execute(text("set local session_replication_role = replica"))  # what is written is known to be whole
    words = {
        "low": total + 1 - last, "high": total + 1 - first, "total": total,
        "first": first, "last": last, "when": when, "month": month, "quantity": quantity, "price": price,
        "amount": amount, "zero": 0, "hospitals": HOSPITALS, "companies": COMPANIES, "regions": REGIONS,
        "each": EACH, "large": LARGE, "lines": LINES, "false": 0 if lite else "false",
        "counts": ", ".join((*COUNTS, *AMOUNTS)),
        "sums": ", ".join(f"sum(s.{name})" for name in (*COUNTS, *AMOUNTS)),
        "more": ", ".join(f"{name} = trade_month.{name} + excluded.{name}" for name in (*COUNTS, *AMOUNTS)),
        "code": "printf('32%02d00', h % {0} + 1)" if lite else "'32' || lpad((h % {0} + 1)::text, 2, '0') || '00'",
    }  # fmt: skip
    words["code"] = str(words["code"]).format(REGIONS)
    written = [one.format(**words) for one in (ORDERS, ROWS, SHARES)]
    for statement in (*written, *(MONTHS.format(**words, **level) for level in LEVELS)):
        session.connection().exec_driver_sql(statement.replace("%", "%%") if not lite else statement)
    if not lite:
        session.execute(text("set local session_replication_role = default"))


_GIVEN = ("reported", "agreed", "allocated")
_ZERO = tuple(name for name in (*COLUMNS.values(), "worth") if name not in _GIVEN)
ACCOUNTS = f"""
insert into volume_account (key, book, hospital_id, company_id, specification_id, agreement_id, year,
    {", ".join((*_GIVEN, *_ZERO))})
select id || ':agreed', 'agreed', hospital_id, company_id, specification_id, id, year, agreed, agreed, agreed,
    {", ".join("0" for _ in _ZERO)} from agreement
"""
ORDERS = """
insert into purchase_order (id, number, plan_id, kind, hospital_id, company_id, deliverer_id, region_code, state,
    amount, lines_count, placed_at, due_at, answered_at, note, version)
with recursive n(i) as (select {first} union all select i + 1 from n where i < {last}),
    o as (select i, i % {hospitals} + 1 as h, {hospitals} + 1 + (i / {hospitals} + i) % {companies} as c from n)
select {total} + 1 - i, 'B' || i, h, 'agreement', h, c, c, {code},
    case when i > 4000 then case when i % 40 = 0 then 'expired' else 'done' end
         when i % 3 = 0 then 'confirmed' when i % 3 = 1 then 'shipped' else 'done' end,
    {amount} * {lines}, {lines}, {when}, null, case when i % 40 = 0 then null else {when} end, '', 1 from o
"""
ROWS = """
insert into order_line (id, order_id, product_id, agreement_id, beyond, price, quantity, amount, cancelled, shipped,
    rejected, received, returned)
with recursive j(k) as (select 0 union all select k + 1 from j where k < {lines} - 1)
select (o.id - 1) * {lines} + k + 1, o.id,
    case when o.company_id = {hospitals} + 1 then (o.id * 7 + k) % {large} + 1
         else {large} + (o.company_id - {hospitals} - 2) * {each} + k + 1 end,
    null, {false}, {price}, {quantity}, {amount}, {zero}, {quantity}, {zero},
    case when o.state = 'done' then {quantity} else {zero} end, {zero}
from purchase_order o cross join j where o.id between {low} and {high}
"""
SHARES = """
insert into trade_share (order_id, month, {counts})
with o as (select id, {month} as month, amount, case when state = 'done' then 1 else 0 end as d,
    case when answered_at is null then 0 else 1 end as a from purchase_order where id between {low} and {high})
select id, month, 1, 0, a, a, a, d, d, 0, {lines}, 0, d * {lines}, amount, 0, d * amount, d * amount, 0, d * amount,
    d * amount from o
"""
LEVELS: tuple[dict[str, str], ...] = tuple(
    {"key": key, "level": level, "group": f"{', '.join(owners)}, o.kind, s.month"}
    | {
        f"{name}": f"o.{name}_id" if f"o.{name}_id" in owners else "null"
        for name in ("hospital", "company", "deliverer")
    }
    for level, key, owners in (
        ("hospital", "'h' || o.hospital_id", ("o.hospital_id",)),
        ("company", "'c' || o.company_id", ("o.company_id",)),
        ("deliverer", "'d' || o.deliverer_id", ("o.deliverer_id",)),
        ("pair", "o.hospital_id || '-' || o.company_id", ("o.hospital_id", "o.company_id")),
    )
)
MONTHS = """
insert into trade_month (key, level, kind, month, hospital_id, company_id, deliverer_id, {counts})
select {key}, '{level}', o.kind, s.month, {hospital}, {company}, {deliverer}, {sums}
from trade_share s join purchase_order o on o.id = s.order_id where o.id between {low} and {high}
group by {group} on conflict (key, kind, month) do update set {more}
"""
