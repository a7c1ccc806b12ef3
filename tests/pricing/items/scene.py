"""A province with a city of its own prices, a price officer, a hospital of each grade and three items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from pricing.items.flow import ItemStandard, PriceGrade, PriceSource
from pricing.items.queries import items
from pricing.items.rules.items import Content, Draft
from pricing.items.rules.prices import NewPrice
from pricing.items.services.items import put_items
from pricing.items.services.prices import set_prices
from tests.factories.people import organisation, user
from tests.pricing.scene import acting

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
BEGIN = date(2026, 1, 1)
PROVINCE, CITY = "980000", "980100"
CODES = ("210101001", "310901001", "330100015")


@dataclass(slots=True)
class Scene:
    """Who and what is there."""

    officer: Actor
    second: Actor
    hospitals: list[Organisation]
    """Of the third, second and first grade."""
    finance: list[Actor]
    ids: list[int]
    """Items, in the order of CODES."""


def populate(session: Session) -> Scene:
    """Add them."""
    for code, name, parent in ((PROVINCE, "江海省", None), (CITY, "江州市", PROVINCE)):
        session.add(Region(code=code, name=name, parent_code=parent))
        session.flush()
    bureau = organisation(session, OrganisationKind.BUREAU, name="江海省医保局")
    officers = [acting(user(session, bureau, Role.PRICE_OFFICER), Role.PRICE_OFFICER) for _ in range(2)]
    hospitals, finance = [], []
    for name, grade in (("江州人民医院", "三级甲等"), ("江州中医院", "二级甲等"), ("东城卫生院", "未定级")):
        hospital = organisation(session, OrganisationKind.HOSPITAL, name=name)
        hospital.region_code, hospital.grade = CITY, grade
        person = user(session, hospital, Role.HOSPITAL_FINANCE)
        hospitals.append(hospital)
        finance.append(acting(person, Role.HOSPITAL_FINANCE))
    drafts = [
        Draft(code, Content(name=name, unit="次", category_code=code[:4]))
        for code, name in zip(CODES, ("X线计算机体层平扫", "静脉注射", "阑尾切除术"), strict=True)
    ]
    put_items(session, drafts, standard=ItemStandard.NORM_2001, starts_on=BEGIN, actor=officers[0], at=NOW)
    ids = items.ids_by_code(session, CODES)
    return Scene(officers[0], officers[1], hospitals, finance, [ids[code] for code in CODES])


def new(
    scene: Scene, price: str, *, item: int = 0, grade: PriceGrade = PriceGrade.THIRD, region: str = PROVINCE,
    hospital: Organisation | None = None,
) -> NewPrice:  # fmt: skip
    """Return a price to set."""
    return NewPrice(scene.ids[item], region, grade, Decimal(price), hospital.id if hospital else None)


def put(session: Session, scene: Scene, *rows: NewPrice, on: date = BEGIN, at: datetime = NOW) -> int:
    """Set prices from a day on."""
    return set_prices(
        session, rows, starts_on=on, source=PriceSource.IMPORT, source_id=None, actor=scene.officer, at=at
    )
