"""A province with hospitals of three grades, priced items, a year of volumes, three officers, and a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM, Actor, actor_for
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.parties.codes import OrganisationKind, Ownership
from kernel.parties.models import Organisation, Region
from pricing.adjustments.flow import PlanKind
from pricing.adjustments.models import AdjustmentPlan
from pricing.adjustments.services import drafting, steps
from pricing.adjustments.services.drafting import Draft, NewLine
from pricing.items.flow import ItemStandard, PriceGrade, PriceSource
from pricing.items.models import ItemVersion, ServiceItem
from pricing.items.rules.prices import NewPrice
from pricing.items.services.prices import set_prices
from pricing.items.services.volumes import Volume, record_volumes
from tests.factories.people import organisation, user
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE

YEAR, STARTS = 2025, date(2027, 1, 1)
GRADES = {"third": "三级甲等", "second": "二级乙等", "first": "未定级"}
PRICES = {PriceGrade.THIRD: Decimal(20), PriceGrade.SECOND: Decimal(18), PriceGrade.FIRST: Decimal(16)}
NUMBERS = {"growth": "0.06", "publicity": "7", "fund.third": "0.6", "fund.second": "0.7", "fund.first": "0.8"}
_codes = count(1)


@dataclass(slots=True)
class Province:
    """Who and what is there; `items` are ids, the first three technical labour."""

    drafter: Actor
    second: Actor
    third: Actor
    hospitals: dict[str, Organisation]
    people: dict[str, Actor]
    users: dict[str, User]
    items: list[int]


def acting(who: User, role: Role, region: str = "") -> Actor:
    """Return a person as an actor of a region."""
    return actor_for(
        user_id=who.id, name=who.name, roles=frozenset({role}), organisation_id=who.organisation_id,
        organisation_name=who.organisation.name, organisation_kind=who.organisation.kind, region=region,
    )  # fmt: skip


def populate(session: Session) -> Province:
    """Add them."""
    for code, name, parent in ((PROVINCE, "江海省", None), (CITY, "江州市", PROVINCE), (OTHER, "山河省", None)):
        session.add(Region(code=code, name=name, parent_code=parent))
        session.flush()
    bureau = organisation(session, OrganisationKind.BUREAU, name="江海省医疗保障局")
    staff = [user(session, bureau, Role.PRICE_OFFICER, login=f"price-{number}") for number in (1, 2, 3)]
    users = {f"officer{number}": who for number, who in enumerate(staff, 1)}
    hospitals, people = {}, {}
    for name, grade in {**GRADES, "private": "三级甲等"}.items():
        made = organisation(session, OrganisationKind.HOSPITAL, name=f"江州{name}医院")
        made.region_code, made.grade = CITY, grade
        made.ownership = Ownership.PRIVATE if name == "private" else None
        users[name] = user(session, made, Role.HOSPITAL_FINANCE, login=f"finance-{name}")
        hospitals[name], people[name] = made, acting(users[name], Role.HOSPITAL_FINANCE, CITY)
    session.flush()
    items = [item(session, technical=place < 3) for place in range(5)]
    prices(session, items, PROVINCE)
    volumes(session, hospitals, items)
    for each in (*users.values(), *hospitals.values()):
        session.refresh(each)  # setting prices wrote past the identity map
    first, second, third = (acting(who, Role.PRICE_OFFICER, PROVINCE) for who in staff)
    return Province(first, second, third, hospitals, people, users, items)


def item(session: Session, *, technical: bool, name: str = "") -> int:
    """Add a priced item."""
    number = next(_codes)
    made = ServiceItem(code=f"3302{number:05d}", standard=ItemStandard.NORM_2001)
    session.add(made)
    session.flush()
    session.add(ItemVersion(item_id=made.id, starts_on=date(2020, 1, 1), name=name or f"手术{number}", unit="次",
                            technical=technical))  # fmt: skip
    session.flush()
    return made.id


def prices(session: Session, items: list[int], region: str, more: Decimal = Decimal(0)) -> None:
    """Set a region's prices of today."""
    rows = [NewPrice(one, region, grade, price + more) for one in items for grade, price in PRICES.items()]
    set_prices(session, rows, starts_on=date(2026, 11, 1), source=PriceSource.IMPORT, source_id=None, actor=SYSTEM,
               at=NOW - timedelta(days=60))  # fmt: skip


def volumes(session: Session, hospitals: dict[str, Organisation], items: list[int]) -> None:
    """Record what every hospital charged in the base year, in two departments."""
    rows = [
        Volume(hospital.id, one, YEAR, department, Decimal(100 * (place + 1)) + Decimal("0.5"), Decimal(4000))
        for hospital in hospitals.values() for place, one in enumerate(items) for department in ("内科", "")
    ]  # fmt: skip
    record_volumes(session, rows=rows, actor=SYSTEM, at=NOW)


def begun(session: Session, scene: Province, code: str = "JH-TJ-2026") -> AdjustmentPlan:
    """Begin a special plan with its numbers filled in."""
    draft = Draft(
        code, "2026年度医疗服务价格调整", PlanKind.SPECIAL, PROVINCE, YEAR, STARTS, document="江政发〔2026〕3号"
    )
    plan = drafting.begin(session, draft=draft, actor=scene.drafter, at=NOW)
    for name, value in NUMBERS.items():
        drafting.fill(
            session,
            plan_id=plan.id,
            parameter=name,
            text=value,
            source="江医保〔2026〕9号",
            actor=scene.drafter,
            at=NOW,
        )
    return plan


def raised(session: Session, scene: Province, plan: AdjustmentPlan, by: str = "1.00", items: int = 4) -> None:
    """Raise the first items in every grade."""
    rows = [NewLine(one, grade, price + Decimal(by)) for one in scene.items[:items] for grade, price in PRICES.items()]
    drafting.set_lines(session, plan_id=plan.id, rows=rows, actor=scene.drafter, at=NOW)


def to_vote(session: Session, scene: Province, plan: AdjustmentPlan) -> None:
    """Bring a plan to the collective decision."""
    given = {"plan_id": plan.id, "actor": scene.drafter, "at": NOW}
    steps.survey(session, **given)
    steps.ask(session, text="成本调查报告", due_at=NOW + timedelta(days=5), **given)  # type: ignore[arg-type]  # a dict of many
    plan.opinions_due_at = NOW - timedelta(days=400)  # the time is over by any clock
    session.flush()
    steps.convene(session, text="无不同意见", **given)  # type: ignore[arg-type]  # a dict of many
    steps.propose(session, text="专家一致同意", **given)  # type: ignore[arg-type]  # a dict of many
