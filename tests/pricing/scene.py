"""A price officer, two companies, products and regions, for the tests of pricing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.drugs.services.varieties import add_specification, create_variety
from kernel.auth.actor import SYSTEM, Actor, actor_for
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from tests.factories.people import organisation, user

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
PROVINCE, CITY, TOWN, OTHER = "980000", "980100", "980102", "970000"


@dataclass(slots=True)
class Scene:
    """Who and what is there."""

    officer: Actor
    companies: list[Organisation]
    products: list[Product]
    users: dict[str, User]


def acting(who: User, *roles: Role) -> Actor:
    """Return a person as an actor."""
    return actor_for(
        user_id=who.id, name=who.name, roles=frozenset(roles), organisation_id=who.organisation_id,
        organisation_name=who.organisation.name, organisation_kind=who.organisation.kind, region="",
    )  # fmt: skip


def populate(session: Session) -> Scene:
    """Add them: each company has one product of each specification."""
    for code, name, parent in (
        (PROVINCE, "江海省", None), (CITY, "江州市", PROVINCE), (TOWN, "东城区", CITY), (OTHER, "山河省", None)
    ):  # fmt: skip
        session.add(Region(code=code, name=name, parent_code=parent))
        session.flush()
    bureau = user(session, organisation(session, OrganisationKind.BUREAU, name="江海省医保局"), Role.PRICE_OFFICER)
    companies = [organisation(session, name=name) for name in ("甲制药", "乙制药")]
    people = [user(session, company, Role.MANUFACTURER) for company in companies]
    variety = create_variety(
        session, code="V001", generic_name="阿司匹林", form_group="口服常释剂型", form_kind=FormKind.ORAL_SOLID,
        actor=SYSTEM, at=NOW,
    )  # fmt: skip
    products = []
    for step, text in enumerate(("100mg", "50mg")):
        draft = SpecificationDraft(text, Form.ENTERIC_TABLET)
        specification = add_specification(session, variety_id=variety.id, draft=draft, actor=SYSTEM, at=NOW)
        session.flush()
        for number, company in enumerate(companies):
            given = ProductDraft(
                registered_name="阿司匹林肠溶片", approval_number=f"国药准字H2004{number}{step}78", pack=30
            )
            products.append(create_product(
                session, company_id=company.id, specification_id=specification.id, draft=given, actor=SYSTEM, at=NOW
            ))  # fmt: skip
    session.flush()
    users = {"officer": bureau, "company": people[0], "other": people[1]}
    return Scene(acting(bureau, Role.PRICE_OFFICER), companies, products, users)
