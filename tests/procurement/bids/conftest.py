"""A small box of bids: two companies with products, an agency, three lots, and a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.forms import Form, FormKind
from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.guard import actor_of
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from procurement.bids.boxes import services as boxes
from procurement.bids.flow import InvalidPrice
from procurement.bids.models import Box
from procurement.bids.rules import BidLine
from procurement.demand.flow import CallState
from procurement.demand.models import Call, Lot, LotSpecification
from tests.factories.letters import bind

OPENS = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 20, 9, 0, 0, tzinfo=UTC)
CLOSED = DEADLINE + timedelta(milliseconds=50)  # SQLite's clock counts in milliseconds
CODES = {"a": "91110000100000017X", "b": "911100001000000258", "agency": "111100000000000037"}
DRUGS = (("盐酸二甲双胍", "0.5g", "0.25g"), ("恩替卡韦", "1mg", "0.5mg"), ("孟鲁司特钠", "10mg", "5mg"))
CAP = Decimal("1.6800")


@dataclass
class World:
    """What the tests of this folder work with."""

    box_id: int
    call_id: int
    lots: list[int]
    specifications: dict[int, list[int]]
    products: dict[tuple[str, int], int]
    actors: dict[str, Actor]
    companies: dict[str, int] = field(default_factory=dict)

    def lines(self, *prices: str, lot: int = 0) -> list[BidLine]:
        """Lines of one lot: the reference specification first."""
        lot_id = self.lots[lot]
        return [
            BidLine(lot_id, specification, typed)
            for specification, typed in zip(self.specifications[lot_id], prices, strict=False)
        ]


def person(session: Session, organisation: Organisation, login: str, *roles: Role) -> Actor:
    """A user with roles, as an actor."""
    user = User(login=login, name=login, organisation=organisation, created_at=OPENS)
    user.roles = [UserRole(role=role) for role in roles]
    session.add(user)
    session.flush()
    return actor_of(user)


def organisation(session: Session, key: str, kind: OrganisationKind, name: str, code: str) -> Organisation:
    """An accepted organisation."""
    made = Organisation(kind=kind, name=name, code=code, state=OrganisationState.ACTIVE, created_at=OPENS)
    session.add(made)
    session.flush()
    return made


def _lot(session: Session, call: Call, number: int, names: tuple[str, ...], group: FormGroup) -> tuple[Lot, list[int]]:
    name, *texts = names
    generic = GenericName(name=name)
    variety = Variety(code=f"V{number}", generic_name=generic, form_group=group)
    lot = Lot(call=call, number=number, variety=variety)
    session.add_all([generic, variety, lot])
    ids = []
    for index, text in enumerate(texts):
        factor = Decimal("0.588235") if index else Decimal(1)
        spec = Specification(
            variety=variety, text=text, form=Form.TABLET, unit="片", is_reference=index == 0, price_factor=factor,
            volume_factor=Decimal("0.5") if index else Decimal(1),
        )  # fmt: skip
        session.add(spec)
        session.flush()
        cap = CAP if index == 0 else Decimal("0.9900")
        session.add(
            LotSpecification(
                lot=lot,
                specification_id=spec.id,
                cap=cap,
                price_factor=factor,
                volume_factor=spec.volume_factor,
                is_reference=index == 0,
            )
        )
        ids.append(spec.id)
    session.flush()
    return lot, ids


def build(session: Session, *, invalid_price: InvalidPrice = InvalidPrice.REFUSE) -> World:
    """Make the world and announce its box."""
    companies = {
        "a": organisation(session, "a", OrganisationKind.COMPANY, "明川药业有限公司", CODES["a"]),
        "b": organisation(session, "b", OrganisationKind.COMPANY, "清河制药有限公司", CODES["b"]),
    }
    agency = organisation(session, "agency", OrganisationKind.AGENCY, "江州省药品集中采购中心", CODES["agency"])
    actors = {key: bind(session, person(session, row, key, Role.MANUFACTURER)) for key, row in companies.items()}
    actors["agency"] = person(session, agency, "agency", Role.AGENCY_OFFICER)
    call = Call(code="C1", title="2026 年需求", year=2026, state=CallState.LOCKED, deadline=OPENS, created_at=OPENS)
    group = FormGroup(name="口服常释剂型", kind=FormKind.ORAL_SOLID)
    session.add_all([call, group])
    made = [_lot(session, call, number, names, group) for number, names in enumerate(DRUGS, 1)]
    products = {}
    for index, (lot, ids) in enumerate(made):
        for key, row in companies.items():
            if key == "b" and index == 2:
                continue  # the third lot is a's alone
            for spec in ids:
                product = Product(
                    company=row, specification_id=spec, registered_name=lot.variety.name, pack=30,
                    approval_number=f"国药准字H2021{row.id:02d}{spec:02d}",
                )  # fmt: skip
                session.add(product)
                session.flush()
                products[(key, spec)] = product.id
    with clock.travel(to=OPENS - timedelta(days=1)):
        box = boxes.open_box(
            session,
            call_id=call.id,
            code="LM-YP-2026-04",
            title="2026 年省际联盟第四批",
            actor=actors["agency"],
            at=clock.now(),
        )
        boxes.announce(
            session,
            box=box,
            receives_from=OPENS,
            deadline=DEADLINE,
            invalid_price=invalid_price,
            actor=actors["agency"],
            at=clock.now(),
        )
    lots = {lot.id: ids for lot, ids in made}
    return World(box.id, call.id, list(lots), lots, products, actors, {key: row.id for key, row in companies.items()})


@pytest.fixture
def world(session: Session) -> World:
    """The box receives; the clock stands where a test puts it."""
    return build(session)


@pytest.fixture
def built(database: Database) -> World:
    """The same, committed: for tests with transactions of their own."""
    with database.transaction() as session:
        return build(session)


@pytest.fixture
def bidding() -> Iterator[datetime]:
    """Two days before the deadline."""
    with clock.travel(to=DEADLINE - timedelta(days=2)):
        yield clock.now()


@pytest.fixture
def box(session: Session, world: World) -> Box:
    """The box itself."""
    return session.get_one(Box, world.box_id)
