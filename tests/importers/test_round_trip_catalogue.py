"""Organisations, varieties, products and the national list out and in again, every text of theirs a trap."""

from __future__ import annotations

import pathlib
import random
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalogue.drugs.exports import region_sheet
from catalogue.drugs.models import Product, Specification, Variety
from catalogue.drugs.queries.companies import region_list
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services.companies import OrganisationDraft, create_company
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.drugs.services.varieties import add_specification, create_variety
from catalogue.dual_channel.exports import drug_sheet, pharmacy_sheet
from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.models.places import PharmacyProfile
from catalogue.dual_channel.rules.listing import Layer, Term
from catalogue.dual_channel.services.drugs import DrugDraft, list_drug
from catalogue.dual_channel.services.pharmacies import ProfileDraft, save_profile
from catalogue.editions.exports import edition_sheet
from catalogue.editions.queries import editions
from catalogue.editions.rules.parts import Part
from catalogue.search.models import SearchEntry
from importers import services
from importers.demo.parties import credit_code
from importers.flow import Mode
from importers.workbook import read
from kernel.auth.actor import SYSTEM
from kernel.db import Base
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from tests.catalogue.dual_channel.conftest import populate
from tests.importers import traps
from tests.importers.conftest import AT
from tests.importers.kinds.test_catalogue import SHEETS
from tests.importers.ways import EACH_WAY, WAYS, told

SEED = 20261122
ORGANISATIONS = (OrganisationKind.COMPANY, OrganisationKind.HOSPITAL, OrganisationKind.PHARMACY)
PREFIXES = dict(zip(ORGANISATIONS, ("91", "12", "92"), strict=True))
EXPORTS = {"regions": lambda session: region_sheet(session, region_list()), **SHEETS, "pharmacies": pharmacy_sheet}


@pytest.fixture
def full(session: Session) -> Session:
    """A catalogue of organisations, varieties and products whose every text is a trap."""
    session.add(Region(code="32", name="'江苏省"))
    session.flush()
    session.add(Region(code="3201", name="=南京市", parent_code="32"))
    session.flush()
    chance = random.Random(SEED)
    made = [organisation(session, chance, number) for number in range(240)]
    makers = [each for each in made if each.kind is OrganisationKind.COMPANY]
    for number in range(24):
        variety = create_variety(
            session, code=f"'{number:04d}", generic_name=f"{trap(chance, number, 80)}{number}", form_group="=口服",
            form_kind=FormKind.ORAL_SOLID, english=trap(chance, number), actor=SYSTEM, at=AT,
        )  # fmt: skip
        for text in ("25mg*30片", "0.1g*30片"):
            draft = SpecificationDraft(text, Form.TABLET)
            one = add_specification(session, variety_id=variety.id, draft=draft, actor=SYSTEM, at=AT)
            session.flush()
            product(session, chance, number, makers[number].id, one.id)
    session.flush()
    return session


def trap(chance: random.Random, number: int, most: int = 200) -> str:
    return traps.text(chance, number)[:most].strip()


def organisation(session: Session, chance: random.Random, number: int) -> Organisation:
    kind = ORGANISATIONS[number % len(ORGANISATIONS)]
    texts = [trap(chance, number + step) if step == 1 or chance.random() < 0.8 else "" for step in range(1, 8)]
    draft = OrganisationDraft(
        name=texts[0], code=credit_code(number, kind=PREFIXES[kind]), short_name=texts[1],
        region_code="3201" if number % 4 else "", grade=texts[2] if kind is OrganisationKind.HOSPITAL else "",
        address=texts[3], legal_person=texts[4], contact=texts[5], phone=texts[6],
    )  # fmt: skip
    made = create_company(session, draft=draft, kind=kind, actor=SYSTEM, at=AT)
    if kind is OrganisationKind.PHARMACY:
        session.flush()
        profile = ProfileDraft(
            licence=traps.free_code(number) if number % 5 else "", chain=texts[2],
            last_penalty=date(1900 + number % 130, 3, 1) if number % 2 else None, traceability=number % 2 == 0,
            stock_upload=number % 4 == 0,
        )  # fmt: skip
        save_profile(session, organisation_id=made.id, draft=profile, actor=SYSTEM, at=AT)
    return made


def product(session: Session, chance: random.Random, number: int, company_id: int, specification_id: int) -> None:
    draft = ProductDraft(
        trap(chance, number), f"国药准字H2004{number:04d}", 30, trap(chance, number + 1), digits14(number),
        trap(chance, number + 2), number % 2 == 0, number % 3 == 0,
    )  # fmt: skip
    create_product(session, company_id=company_id, specification_id=specification_id, draft=draft, actor=SYSTEM, at=AT)


def digits14(number: int) -> str:
    return f"869{number:011d}"


@EACH_WAY
def test_the_catalogue_comes_back_as_it_was(way: str, full: Session) -> None:
    before = {name: [tuple(row) for row in EXPORTS[name](full).rows] for name in EXPORTS}
    books = {name: WAYS[way](EXPORTS[name](full)) for name in EXPORTS}
    for name, book in books.items():
        again = services.stage(full, name=name, query={}, book=book, actor=SYSTEM, at=AT)
        assert list(told(full, again)) == []
        assert (again.created, again.changed, again.unchanged) == (0, 0, len(before[name])), name
    empty(full)
    for name, book in books.items():
        anew = services.stage(full, name=name, query={}, book=book, actor=SYSTEM, at=AT)
        services.apply(full, import_id=anew.id, mode=Mode.ALL, actor=SYSTEM, at=AT)
        full.flush()
    full.expire_all()
    assert {name: [tuple(row) for row in EXPORTS[name](full).rows] for name in EXPORTS} == before


def empty(session: Session) -> None:
    """Take the catalogue away."""
    tables: tuple[type[Base], ...] = (Product, Specification, Variety, SearchEntry, PharmacyProfile)
    for each in tables:
        session.execute(sa.delete(each))
    session.execute(sa.delete(Organisation).where(Organisation.kind.in_(ORGANISATIONS)))
    session.execute(sa.delete(Region).where(Region.parent_code.is_not(None)))
    session.execute(sa.delete(Region))
    session.expire_all()


def test_the_real_national_list_comes_back_as_it_was_in_every_format(session: Session, shared: pathlib.Path) -> None:
    path, query = shared / "data" / "nrdl" / "nrdl_2024.xlsx", {"edition": "2024"}
    book = read(path.read_bytes(), path.name)
    first = services.stage(session, name="national-list", query=query, book=book, actor=SYSTEM, at=AT)
    services.apply(session, import_id=first.id, mode=Mode.ALL, actor=SYSTEM, at=AT)
    edition = editions.by_code(session, "2024")
    assert edition is not None
    for way in WAYS.values():
        back = way(edition_sheet(session, edition=edition))
        again = services.stage(session, name="national-list", query=query, book=back, actor=SYSTEM, at=AT)
        assert (again.created, again.changed, again.faulty) == (0, 0, 0) and again.unchanged > 4_000


@EACH_WAY
def test_lists_of_dual_channel_come_back_as_they_were(way: str, session: Session) -> None:
    world, chance = populate(session), random.Random(SEED)
    negotiated = [each for each in world.entries.values() if each.part is Part.NEGOTIATED_WESTERN]
    for number, (entry, layer) in enumerate((each, layer) for each in negotiated for layer in Layer):
        for place, region in enumerate(("980000", "980100", "980200")):
            ends = date(2026, 6, 30) if place else None
            term = Term(date(2025, 12, 31 - number), ends, date(2026, 12, 31) if place == 1 else None)
            draft = DrugDraft(term, trap(chance, number) if place else "", trap(chance, number * 3 + place))
            values = {"region_code": region, "entry_id": entry.id, "layer": layer, "draft": draft}
            list_drug(session, actor=world.actors["agency"], at=AT, **values)
    session.flush()
    before = sorted(map(repr, drug_sheet(session, sa.select(ListedDrug)).rows))
    book = WAYS[way](drug_sheet(session, sa.select(ListedDrug)))
    again = services.stage(session, name="dual-channel", query={}, book=book, actor=SYSTEM, at=AT)
    assert list(told(session, again)) == []
    assert (again.created, again.changed, again.unchanged) == (0, 0, len(before)) == (0, 0, 12)
    session.execute(sa.delete(ListedDrug))
    session.expire_all()
    anew = services.stage(session, name="dual-channel", query={}, book=book, actor=SYSTEM, at=AT)
    services.apply(session, import_id=anew.id, mode=Mode.ALL, actor=SYSTEM, at=AT)
    session.flush()
    assert sorted(map(repr, drug_sheet(session, sa.select(ListedDrug)).rows)) == before
