"""A price here and prices of other regions, for the tests of what lies across regions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.drugs.services.varieties import add_specification, create_variety
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.parties.models import Region
from pricing.governance.comparison.flow import Same
from pricing.governance.comparison.models import OutsideProduct, PriceGap
from pricing.governance.comparison.rules.matching import Written
from pricing.governance.comparison.rules.prices import Held
from pricing.governance.comparison.services import building
from pricing.governance.comparison.services.bringing import Said, bring
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.pricing.scene import NOW, PROVINCE, Scene, acting, populate

TODAY = date(2026, 11, 20)
START = date(2026, 1, 1)
THIRD, FOURTH = "960000", "950000"
CODE = "XB01ACA001A001010100001"
D = Decimal


def begin(session: Session) -> Scene:
    """Company 1's product is listed at 2.00 in the province; the other regions' prices are brought in by the tests."""
    scene = populate(session)
    for code in (THIRD, FOURTH):
        session.add(Region(code=code, name=f"省{code[:2]}", parent_code=None))
    session.flush()
    put(session, scene, 0, "2.00")
    return scene


def put(session: Session, scene: Scene, place: int, price: str, region: str = PROVINCE, **more: object) -> None:
    given = {"kind": ListingKind.LISTED, "starts": START, "ends": None, **more}
    row = NewListing(scene.products[place].id, region, price=Decimal(price), **given)  # type: ignore[arg-type]  # tests name fields
    list_products(session, rows=[row], actor=scene.officer, at=NOW)


def words(**more: object) -> Written:
    said = {"code": "", "name": "阿司匹林", "maker": "甲制药", "form": "肠溶片", "specification": "0.1g", "pack": 30}
    return Written(**{**said, **more})  # type: ignore[arg-type]  # tests name fields


def tell(
    session: Session, scene: Scene, region: str, price: str, day: date = START, written: Written | None = None,
    kind: ListingKind = ListingKind.LISTED,
) -> OutsideProduct:  # fmt: skip
    one = written or words()
    said = Said(one, region, kind, day, Held(Decimal(price), None, None, "公告"))
    bring(session, said=[said], import_id=None, actor=scene.officer, at=NOW)
    return session.scalars(select(OutsideProduct).where(OutsideProduct.digest == one.digest)).one()


def go(session: Session, day: date = TODAY, *, whole: bool = False) -> object:
    return building.run(session, day=day, actor=SYSTEM, at=NOW + (day - TODAY), whole_=whole)


def table(session: Session, same: Same = Same.FOUR) -> list[tuple[str, Decimal, Decimal, Decimal, Decimal, str]]:
    query = select(PriceGap).where(PriceGap.same == same).order_by(PriceGap.region_code, PriceGap.price)
    return [(one.region_code, one.price, one.least, one.median, one.lowest, one.lowest_region)
            for one in session.scalars(query)]  # fmt: skip


def company(scene: Scene, which: int = 0) -> Actor:
    return acting(scene.users["company" if which == 0 else "other"], Role.MANUFACTURER)


def injection(session: Session, scene: Scene) -> None:
    variety = create_variety(
        session,
        code="V002",
        generic_name="头孢",
        form_group="注射剂",
        form_kind=FormKind.INJECTION,
        actor=SYSTEM,
        at=NOW,
    )
    draft = SpecificationDraft("1g", Form.POWDER_INJECTION)
    specification = add_specification(session, variety_id=variety.id, draft=draft, actor=SYSTEM, at=NOW)
    session.flush()
    for number, one in enumerate(scene.companies):
        product = ProductDraft(registered_name="注射用头孢", approval_number=f"国药准字H2005{number}178", pack=1)
        scene.products.append(create_product(
            session, company_id=one.id, specification_id=specification.id, draft=product, actor=SYSTEM, at=NOW
        ))  # fmt: skip
    session.flush()
