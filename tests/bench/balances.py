"""A province whose retained balance is due: 3 000 hospitals, 400 varieties, a year of 5 000 000 order lines.

Orders and lines are history's; agreements, reports, accounts and ledger entries follow from them by INSERT … SELECT.
The first 400 products won a lot each; a hundred others are of the same varieties and won nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.codes import VarietyKind
from catalogue.drugs.rules.forms import Form, FormKind
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.auth.services.passwords import hashed
from kernel.clock import today
from kernel.db import Database, insert_rows
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.models import Region
from procurement.bids.models import Box
from procurement.demand.flow import CallState, ReportState
from procurement.demand.models import Call, Lot, LotSpecification
from procurement.orders.flow import OrderKind, PlanState
from procurement.orders.models.plans import Plan
from procurement.retention.models.inputs import PoolShare, PriorPurchase
from procurement.rounds.flow import RoundState
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from tests.bench import history
from tests.bench.market import ACCOUNT_ZEROS, LINES, REGIONS
from tests.bench.province import PASSWORD, organisation

EACH, PART = 20, 25_000
FACTORS = (Decimal(1), Decimal("0.5"), Decimal("0.588235294118"))
AREA = "320000"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a province is; every fourth lot has a product beside that of its winner."""

    hospitals: int = 3_000
    lots: int = 400
    orders: int = 250_000

    @property
    def products(self) -> int:
        """Return how many products there are, winning and others."""
        return self.lots + self.lots // 4

    @property
    def words(self) -> dict[str, int]:
        """Return the sizes that the statements are written with; the orders fill the year before today."""
        companies, step = self.products // EACH, 360 * 86_400 // self.orders
        return {"large": EACH, "lines": LINES, "each": EACH, "hospitals": self.hospitals, "companies": companies,
                "step": step, "lots": self.lots, "others": self.lots // 4}  # fmt: skip


def write(database: Database, at: datetime, size: Size) -> int:
    """Write a province in parts, let the database learn how much it holds, and return the round's id."""
    with database.transaction() as session:
        round_id = _build(session, at, size)
    in_parts(database, at, size, BOUGHT)
    with database.transaction() as session:
        _settle(session, at, size)
    in_parts(database, at, size, RECEIVED)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze")
    return round_id


def in_parts(database: Database, at: datetime, size: Size, written: history.Written) -> None:
    """Write what follows from the orders, so many at a time."""
    for first in range(1, size.orders + 1, PART):
        with database.transaction() as session:
            last = min(size.orders, first + PART - 1)
            history.past(session, at, first, last, size.orders, sizes=size.words, written=written)


def _build(session: Session, at: datetime, size: Size) -> int:
    for code, name in ((AREA, "压测省"), *((f"32{one + 1:02}00", f"{one + 1:02}市") for one in range(REGIONS))):
        session.add(Region(code=code, name=name, parent_code=None if code == AREA else AREA))
    session.flush()
    last = size.hospitals + size.words["companies"]
    for number in range(1, last + 2):
        kind = Kind.HOSPITAL if number <= size.hospitals else Kind.COMPANY if number <= last else Kind.AGENCY
        made = organisation(session, at, number, kind, f"{kind.value}{number:04}")
        assert made.id == number
        made.region_code = f"32{number % REGIONS + 1:02}00"
    for login, role, works_at in (("bench", Role.AGENCY_OFFICER, last + 1), ("finance", Role.HOSPITAL_FINANCE, 1)):
        user = User(login=login, name=login, organisation_id=works_at, password_hash=hashed(PASSWORD), created_at=at)
        user.roles = [UserRole(role=role)]
        session.add(user)
    session.add_all(
        Plan(
            hospital_id=hospital, kind=OrderKind.AGREEMENT, title="月度采购", state=PlanState.PLACED, created_at=at,
            saved_at=at,
        )
        for hospital in range(1, size.hospitals + 1)
    )  # fmt: skip
    return _round(session, at, size)


def _round(session: Session, at: datetime, size: Size) -> int:
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
    lots = _lots(session, call, round_, group, size)
    rows = [(lot, one, name) for lot in lots for one in range(REGIONS) for name in ("原研", "仿制")]
    columns: dict[str, list[Any]] = {
        "lot_id": [lot for lot, _one, _name in rows],
        "area_code": [f"32{one + 1:02}00" for _lot, one, _name in rows],
        "product": [name for _lot, _one, name in rows],
        "price": [Decimal(3_000 + (lot * 37 + one * 11) % 9_000).scaleb(-4) for lot, one, _name in rows],
        "quantity": [Decimal(1_000 + lot * (1 + (name == "原研"))) for lot, _one, name in rows],
    }
    insert_rows(session, PriorPurchase.__table__, columns=columns)
    for year in (today(at).year - 1, today(at).year):
        for one in range(REGIONS):
            share = PoolShare(area_code=f"32{one + 1:02}00", year=year, source="年报", at=at)
            share.r, share.s = Decimal(60 + one).scaleb(-2), Decimal(93 - one).scaleb(-2)
            session.add(share)
    session.flush()
    return round_.id


def _lots(session: Session, call: Call, round_: Round, group: FormGroup, size: Size) -> list[int]:
    """Write varieties with their lots, products and awards; every product has the id of its place."""
    strengths = [
        Specification(
            variety=Variety(code=f"R{number:05}", generic_name=GenericName(name=f"品种{number:05}"), form_group=group),
            text="10mg", form=Form.TABLET, content=Decimal(10), content_unit="mg", unit="片", is_reference=True,
            price_factor=Decimal(1), volume_factor=Decimal(1),
        )
        for number in range(1, size.lots + 1)
    ]  # fmt: skip
    session.add_all(strengths)
    session.flush()
    lots = [Lot(call_id=call.id, number=number, variety_id=one.variety_id) for number, one in enumerate(strengths, 1)]
    session.add_all(lots)
    session.flush()
    for number in range(1, size.products + 1):
        strength = strengths[number - 1 if number <= size.lots else (number - size.lots) * 4 - 1]
        company = size.hospitals + 1 + (number - 1) // EACH
        product = Product(
            company_id=company, specification_id=strength.id, registered_name=f"药品{number:05}片",
            approval_number=f"国药准字H{number:08}", pack=24,
        )  # fmt: skip
        session.add(product)
        session.flush()
        assert product.id == number
        if number <= size.lots:
            factor = FACTORS[number % len(FACTORS)]
            session.add(
                Award(
                    round_id=round_.id, lot_id=lots[number - 1].id, company_id=company, product_id=number,
                    specification_id=strength.id, price=Decimal(500 + number).scaleb(-4), ratio=Decimal("0.8"),
                )
            )  # fmt: skip
            session.add(
                LotSpecification(
                    lot_id=lots[number - 1].id, specification_id=strength.id, price_factor=factor, volume_factor=factor
                )
            )
            session.flush()
    return [lot.id for lot in lots]


def _settle(session: Session, at: datetime, size: Size) -> None:
    """Write what was reported, agreed, and received in all, and what was bought beside the platform."""
    lite, starts = session.get_bind().dialect.name == "sqlite", today(at) - timedelta(days=364)
    words = size.words | {
        "starts": starts.isoformat(), "ends": (starts + timedelta(days=365)).isoformat(),
        "month": starts.replace(day=1).isoformat(), "at": f"{at:%Y-%m-%dT%H:%M:%S.000000}" + ("" if lite else "+00"),
        "unit": 1_000 if lite else 1, "fen": 100 if lite else 1, "accepted": ReportState.ACCEPTED.value,
        "drug": VarietyKind.DRUG.value, "least": "min" if lite else "least",
    }  # fmt: skip
    if not lite:
        session.connection().exec_driver_sql("set local session_replication_role = replica")
    for one in SETTLED:
        statement = one.format(**words)
        session.connection().exec_driver_sql(statement if lite else statement.replace("%", "%%"))
    if not lite:
        session.connection().exec_driver_sql("set local session_replication_role = default")


ENTRIES = """
insert into volume_entry (account_id, day, move, quantity, amount, subject_id)
select case when l.product_id <= {lots} then (o.hospital_id - 1) * {lots} + l.product_id
            else {hospitals} * {lots} + (o.hospital_id - 1) * {others} + l.product_id - {lots} end,
    {day}, 'receive', l.received, l.amount, l.id
from order_line l join purchase_order o on o.id = l.order_id where o.id between {low} and {high} and l.received > 0
"""
BOUGHT = (*((one, history.ONCE) for one in (history.ORDERS, history.ROWS, history.SHARES)),
          (history.MONTHS, history.LEVELS[:1]))  # fmt: skip
"""What is written before the accounts."""
RECEIVED = ((ENTRIES, history.ONCE),)
BARE = """
select o.hospital_id as hospital_id, l.product_id as product_id, sum(l.received) as received, sum(l.amount) as amount
from order_line l join purchase_order o on o.id = l.order_id where l.received > 0 group by o.hospital_id, l.product_id
"""
"""The bare aggregation: what each hospital received of each product, from every order line."""
_SUMS = "reported, agreed, allocated, received, ordered, shipped"
_ZEROS = [name for name in ACCOUNT_ZEROS if name not in ("received", "ordered", "shipped")]
_ACCOUNT = f"""
insert into volume_account (id, key, book, hospital_id, company_id, specification_id, agreement_id, year, {_SUMS},
    {", ".join(_ZEROS)})
"""
_REST = ", ".join("0" for _ in _ZEROS)
SETTLED = (
    """
insert into agreement (id, award_id, hospital_id, company_id, specification_id, product_id, year, starts, ends, price,
    agreed, used)
select (h.id - 1) * {lots} + a.id, a.id, h.id, a.company_id, a.specification_id, a.product_id, 1, date('{starts}'),
    date('{ends}'), a.price, (100 + (h.id * 7 + a.id * 13) % 400) * {unit}, 0
from organisation h cross join award a where h.kind = 'hospital' order by h.id, a.id
""",
    """
insert into demand_report (id, call_id, hospital_id, state, saved_at, review_note, version)
select id, (select id from demand_call), id, '{accepted}', '{at}', '', 1 from organisation where kind = 'hospital'
""",
    """
insert into demand_line (report_id, lot_id, specification_id, quantity)
select g.hospital_id, a.lot_id, g.specification_id, g.agreed + g.id % 100 * {unit}
from agreement g join award a on a.id = g.award_id
""",
    f"create temporary table bought as {BARE}",
    "create index bought_by on bought (product_id, hospital_id)",
    f"""{_ACCOUNT}
select g.id, g.id || ':agreed', 'agreed', g.hospital_id, g.company_id, g.specification_id, g.id, 1, g.agreed, g.agreed,
    g.agreed, {{least}}(g.agreed, coalesce(b.received, 0)), {{least}}(g.agreed, coalesce(b.received, 0)),
    {{least}}(g.agreed, coalesce(b.received, 0)), {_REST}
from agreement g left join bought b on b.hospital_id = g.hospital_id and b.product_id = g.product_id
""",
    f"""{_ACCOUNT}
select {{hospitals}} * {{lots}} + (h.id - 1) * {{others}} + p.id - {{lots}}, h.id || ':' || p.id || ':open', 'open',
    h.id, p.company_id, p.specification_id, null, 1, 0, 0, 0, coalesce(b.received, 0), coalesce(b.received, 0),
    coalesce(b.received, 0), {_REST}
from organisation h cross join product p left join bought b on b.hospital_id = h.id and b.product_id = p.id
where h.kind = 'hospital' and p.id > {{lots}}
""",
    "drop table bought",
    """
insert into retention_other_use (hospital_id, lot_id, year, amount, passed, drg)
select g.hospital_id, a.lot_id, 1, (g.id % 97) * {fen}, 0, 0
from agreement g join award a on a.id = g.award_id where g.id % 10 = 0
""",
    """
insert into retention_exemption (hospital_id, lot_id, year, cause, reason, at)
select g.hospital_id, a.lot_id, 1, 'shortage', '停产', '{at}'
from agreement g join award a on a.id = g.award_id where g.id % 1001 = 0
""",
    """
insert into offline_purchase (hospital_id, month, goods, amount, reason)
select h.id, date('{month}'), '{drug}', h.id % 7 * 10 * {fen}, '' from organisation h
where h.kind = 'hospital'
""",
)
