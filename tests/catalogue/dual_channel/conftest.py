"""A province with rules, an issued edition with three negotiated drugs, places and people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.models.places import Designation, ResponsibleDoctor
from catalogue.dual_channel.models.records import Prescription
from catalogue.dual_channel.rules.listing import Layer, Term
from catalogue.dual_channel.services import doctors, drugs, pharmacies, places, prescriptions, regions, stock
from catalogue.editions.models import ListEntry
from catalogue.editions.rules.drafted import DraftClass, DraftEntry, Origin
from catalogue.editions.rules.parts import Grade, Number, Part
from catalogue.editions.services import editions
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.auth.queries import actor_of
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from kernel.periods import years
from tests.factories import people

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
LATER = AT + timedelta(days=20)
KEY = b"k" * 32
SAID = {
    "fixings.used": "hospital doctor pharmacy patient drug", "pharmacy.per_district": "2", "publicity.workdays": "5",
    "payment.own_share": "0.3",
}  # fmt: skip
DRUGS = (
    ("甲替尼片", "*"),
    ("乙单抗注射液", "398.00元(100mg/支)；1560.00元(500mg/支)"),
    ("丙列净片", "3.40元(100mg/片)"),
)


@dataclass
class World:
    """People, places and drugs by short names."""

    session: Session
    actors: dict[str, Actor] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    entries: dict[str, ListEntry] = field(default_factory=dict)

    def person(self, key: str, kind: OrganisationKind, role: Role, region: str | None = None) -> Actor:
        """Add an organisation with one person in it, or a person to an organisation that stands."""
        organisation = self.organisations.get(key) or people.organisation(self.session, kind, name=f"{key}机构", at=AT)
        organisation.region_code = region
        self.organisations[key] = organisation
        self.users[key] = people.user(self.session, organisation, role, login=key)
        self.actors[key] = actor_of(self.users[key])
        return self.actors[key]

    def act(self, verb: Callable[..., Any], who: str, at: datetime = AT, **values: Any) -> Any:
        """Let somebody do something, and write it."""
        made = verb(self.session, actor=self.actors[who], at=at, **values)
        self.session.flush()
        return made

    def listed(self, name: str, layer: Layer = Layer.ORDINARY, region: str = "980000", **days: Any) -> ListedDrug:
        """Put a drug on a list; since this year unless said otherwise."""
        term = Term(days.get("begins", date(2026, 1, 1)), days.get("leaves"), days.get("transition"))
        made: ListedDrug = self.act(
            drugs.list_drug, "agency", region_code=region, entry_id=self.entries[name].id, layer=layer,
            draft=drugs.DrugDraft(term),
        )  # fmt: skip
        return made

    def designated(self, key: str, until: str = "designated", at: datetime = AT - timedelta(days=40)) -> Designation:
        """Bring a place as far as asked; the reviewer designates."""
        organisation = self.organisations[key]
        if organisation.kind is OrganisationKind.PHARMACY:
            draft = pharmacies.ProfileDraft(traceability=True, stock_upload=True)
            self.act(pharmacies.save_profile, "agency", at, organisation_id=organisation.id, draft=draft)
        row: Designation = self.act(places.propose, "agency", at, organisation_id=organisation.id)
        if until != "proposed":
            self.act(places.publicise, "agency", at, designation_id=row.id)
        if until == "designated":
            self.act(places.designate, "reviewer", at + timedelta(days=20), designation_id=row.id)
        return row

    def stocks(self, key: str, at: datetime = AT, **lines: tuple[str, str]) -> None:
        """Let a pharmacy report."""
        stated = [
            stock.Stated(self.entries[name].name_key, Decimal(count), Decimal(price))
            for name, (count, price) in lines.items()
        ]
        self.act(stock.report, key, at, lines=stated)

    def doctor(self, key: str = "hospital") -> ResponsibleDoctor:
        """Make a doctor responsible."""
        values = {"name": "沈静之", "licence": "110000000012345", "since": date(2026, 1, 1)}
        made: ResponsibleDoctor = self.act(doctors.name_doctor, key, **values)
        return made

    def prescription(
        self, drug: ListedDrug, doctor: ResponsibleDoctor, number: str = "RX1", **more: Any
    ) -> Prescription:
        """Issue a prescription."""
        draft = prescriptions.PrescriptionDraft(number, doctor.id, drug.id, more.pop("patient", "A-100"), Decimal(2))
        made: Prescription = self.act(prescriptions.issue, "hospital", draft=draft, key=KEY, **more)
        return made


def populate(session: Session) -> World:
    """Make the province."""
    world = World(session)
    session.add(Region(code="980000", name="江海省"))
    session.flush()
    for code, name in (("980100", "江州市"), ("980200", "海宁州市")):
        session.add(Region(code=code, name=name, parent_code="980000"))
    session.flush()
    world.person("agency", OrganisationKind.AGENCY, Role.AGENCY_OFFICER)
    world.organisations["reviewer"] = world.organisations["agency"]
    world.person("reviewer", OrganisationKind.AGENCY, Role.AGENCY_REVIEWER)
    world.person("hospital", OrganisationKind.HOSPITAL, Role.PHARMACIST, "980100")
    world.person("hospital2", OrganisationKind.HOSPITAL, Role.PHARMACIST, "980200")
    for key, region in (("one", "980100"), ("two", "980200"), ("three", "980100")):
        world.person(key, OrganisationKind.PHARMACY, Role.PHARMACY, region)
    world.act(regions.say, "agency", region_code="980000", values=SAID, source="江海省办法")
    edition(world, "2025", *DRUGS)
    return world


def edition(world: World, code: str, *rows: tuple[str, str], issued: bool = True) -> None:
    """Issue an edition of negotiated drugs; the last one is price-bid where it is 丙."""
    begins = date(int(code) + 1, 1, 1)
    made = editions.create(world.session, code=code, actor=world.actors["agency"], at=AT)
    drafts = [
        DraftEntry(
            part=Part.PRICE_BID if name.startswith("丙") else Part.NEGOTIATED_WESTERN, number=Number(at), occurrence=0,
            grade=Grade.B, class_code="XL01", name=name, standard=standard, agreement=years(begins, 2),
        )
        for at, (name, standard) in enumerate(rows, start=1)
    ]  # fmt: skip
    classes = [DraftClass(part, "XL01", "抗肿瘤药") for part in (Part.NEGOTIATED_WESTERN, Part.PRICE_BID)]
    filling = editions.Filling(
        classes=[(each, Origin(0, "", 0)) for each in classes],
        entries=[(each, Origin(at, "", 0)) for at, each in enumerate(drafts, start=1)],
    )
    reading = editions.Reading("x.xlsx", "0" * 64, {})
    editions.fill(world.session, edition_id=made.id, rows=filling, reading=reading, actor=world.actors["agency"], at=AT)
    world.session.flush()
    if issued:
        editions.issue(world.session, edition_id=made.id, actor=world.actors["reviewer"], at=AT)
    world.session.flush()
    for entry in world.session.scalars(select(ListEntry).where(ListEntry.edition_id == made.id)):
        world.entries[entry.name] = entry


@pytest.fixture
def world(session: Session) -> World:
    """The province in the test's own transaction."""
    return populate(session)


@dataclass
class Site:
    """The province behind the running application."""

    app: Flask
    world: World

    def browser(self, who: str) -> FlaskClient:
        """Return a browser in which somebody is signed in."""
        return people.signed_in(self.app, self.world.users[who])


@pytest.fixture
def site(database: Database, app: Flask) -> Site:
    """The province, with two lists, two pharmacies and a hospital designated, and stock reported."""
    with database.transaction() as session:
        world = populate(session)
        world.listed("甲替尼片", Layer.SEPARATE)
        world.listed("乙单抗注射液")
        for key in ("hospital", "one", "two"):
            world.designated(key)
        world.designated("three", "proposed", AT)
        world.stocks("one", 甲替尼片=("10", "100"), 乙单抗注射液=("0", "390"))
        for each in (*world.users.values(), *world.organisations.values(), *world.entries.values()):
            session.refresh(each)  # the bulk path let them expire, and the tests read them outside
    return Site(app, world)


__all__ = ["SYSTEM", "Site", "World"]
