"""A small province: regions, hospitals, companies with products, the agency; and a collection among them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.codes import VolumeClass
from catalogue.drugs.rules.forms import Form, FormKind
from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.guard import TOKEN
from kernel.auth.models import User, UserRole, UserSession
from kernel.auth.permissions import Role
from kernel.auth.queries import actor_of
from kernel.auth.tokens import digest
from kernel.db import Database
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation, Region
from procurement.demand.models import Call
from procurement.demand.queries.lots import lots
from procurement.demand.rules import Asked
from procurement.demand.services import calls
from procurement.demand.services import lots as lot_services
from procurement.demand.services.lots import LotDraft

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@dataclass
class World:
    """People and drugs by short names."""

    session: Session
    actors: dict[str, Actor] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    varieties: dict[str, Variety] = field(default_factory=dict)

    def organisation(self, key: str, kind: OrganisationKind, role: Role, region: str | None = None) -> Organisation:
        """Add an organisation with one person in it."""
        made = Organisation(
            kind=kind, name=f"{key} 机构", code=f"C{len(self.organisations):017}", region_code=region,
            state=OrganisationState.ACTIVE, created_at=NOW,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        self.organisations[key] = made
        self.person(key, made, role)
        return made

    def person(self, key: str, organisation: Organisation, role: Role) -> Actor:
        """Add a person."""
        user = User(login=key, name=f"{key} 人", organisation=organisation, created_at=NOW, roles=[UserRole(role=role)])
        self.session.add(user)
        self.session.flush()
        self.actors[key] = actor_of(user)
        return self.actors[key]

    def variety(self, code: str, name: str, *specifications: tuple[str, str, str]) -> Variety:
        """Add a variety; each specification is (text, mg content, unit), the first is the reference."""
        group = self.session.query(FormGroup).filter_by(name="口服常释剂型").one_or_none() or FormGroup(
            name="口服常释剂型", kind=FormKind.ORAL_SOLID
        )
        variety = Variety(
            code=code, generic_name=GenericName(name=name), form_group=group, volume_class=VolumeClass.GENERAL,
            specifications=[
                Specification(
                    text=text, form=Form.TABLET, content=Decimal(content), content_unit="mg", unit=unit,
                    is_reference=index == 0, price_factor=Decimal(1), volume_factor=Decimal(1),
                )
                for index, (text, content, unit) in enumerate(specifications)
            ],
        )  # fmt: skip
        self.session.add(variety)
        self.session.flush()
        self.varieties[code] = variety
        return variety

    def product(self, company: str, specification: Specification) -> None:
        """Let a company make a specification."""
        number = f"国药准字H2{specification.id:03}{self.organisations[company].id:04}"
        self.session.add(
            Product(
                company=self.organisations[company],
                specification=specification,
                registered_name="片",
                approval_number=number,
                pack=10,
            )
        )
        self.session.flush()

    def ids(self, code: str) -> list[int]:
        """Return the ids of a variety's specifications, the reference first."""
        return [each.id for each in sorted(self.varieties[code].specifications, key=lambda each: each.id)]

    def id(self, key: str) -> int:
        """Return an organisation's id."""
        return self.organisations[key].id

    def act(self, verb: Callable[..., Any], who: str, at: datetime = NOW, **values: Any) -> Any:
        """Let somebody do something at an instant of the database's clock too."""
        with clock.travel(to=at + timedelta(milliseconds=2)):  # SQLite's clock cuts below the millisecond
            return verb(self.session, actor=self.actors[who], at=at, **values)

    def call(self, *, started: bool = True, code: str = "BL-2027") -> Call:
        """Set up a collection of both varieties."""
        made: Call = self.act(
            calls.create_call, "agency", code=code, title="2027 年度报量", year=2027, deadline=DEADLINE
        )
        drafts = [LotDraft(variety.id) for variety in self.varieties.values()]
        self.act(lot_services.add_lots, "agency", call_id=made.id, drafts=drafts)
        if started:
            self.act(calls.start, "agency", call_id=made.id)
        return made

    def factors(self, call: Call) -> dict[int, Decimal]:
        """Return volume factors by specification."""
        return {
            row.specification_id: row.volume_factor for lot in lots(self.session, call.id) for row in lot.specifications
        }


def populate(session: Session) -> World:
    """Make the province."""
    world = World(session)
    session.add_all([Region(code="320100", name="甲市"), Region(code="320200", name="乙市")])
    session.flush()
    world.organisation("agency", OrganisationKind.AGENCY, Role.AGENCY_OFFICER)
    world.organisation("bureau", OrganisationKind.BUREAU, Role.SUPERVISOR)
    for key, region in (("one", "320100"), ("two", "320100"), ("three", "320200")):
        world.organisation(key, OrganisationKind.HOSPITAL, Role.PHARMACIST, region)
    for key in ("maker", "rival"):
        world.organisation(key, OrganisationKind.COMPANY, Role.MANUFACTURER)
    small = world.variety("V001", "氨氯地平", ("5mg", "5", "片"), ("10mg", "10", "片"))
    liquid = world.variety("V002", "布洛芬", ("100mg", "100", "ml"))
    world.product("maker", small.specifications[0])
    world.product("rival", liquid.specifications[0])
    return world


@pytest.fixture
def world(session: Session) -> World:
    """The province in the test's own transaction."""
    return populate(session)


@pytest.fixture
def site(database: Database, app: Flask) -> Site:
    """The province behind the running application, with a collection under way."""
    with database.transaction() as session:
        world = populate(session)
        call = world.call()
        now = datetime.now(UTC)
        call.deadline = now + timedelta(minutes=30)
        made = Site(app, {}, call.id, call.deadline, world)
        for key, actor in world.actors.items():
            token = secrets.token_hex(8)
            session.add(
                UserSession(
                    digest=digest(token),
                    user_id=actor.user_id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(days=1),
                )
            )
            made.tokens[key] = token
        made.specifications = {code: world.ids(code) for code in world.varieties}
    return made


@dataclass
class Site:
    """Signed-in browsers by name."""

    app: Flask
    tokens: dict[str, str]
    call_id: int
    deadline: datetime
    world: World
    specifications: dict[str, list[int]] = field(default_factory=dict)

    def browser(self, who: str) -> FlaskClient:
        """Return a browser in which somebody is signed in."""
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept[TOKEN] = self.tokens[who]
        return client


def line(specification_id: int, quantity: str | int, company_id: int | None = None) -> Asked:
    """A line of a report."""
    return Asked(specification_id, company_id, Decimal(quantity))
