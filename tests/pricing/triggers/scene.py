"""Two price officers, a hospital's finance, and a province whose year is being evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Region
from kernel.rulebooks import queries as sets
from pricing.triggers.models import TriggerRuleVersion, TriggerYear
from pricing.triggers.services import years
from pricing.triggers.services.years import Given
from pricing.triggers.sets.services import BOOK
from tests.factories.people import organisation, user
from tests.pricing.scene import NOW, PROVINCE, acting
from tests.pricing.triggers.test_triggers import GOLDEN

YEAR, OWN = 2025, "jianghai-2026"


@dataclass(slots=True)
class Bureau:
    """Who is there, and the year's id."""

    officer: Actor
    second: Actor
    users: dict[str, User]
    year_id: int


def populate(session: Session, at: datetime = NOW) -> Bureau:
    """Give the province rules of its own whose thresholds are filled in, and begin its year."""
    if session.get(Region, PROVINCE) is None:
        session.add(Region(code=PROVINCE, name="江海省"))
        session.flush()
    bureau = organisation(session, OrganisationKind.BUREAU, name="江海省医疗保障局")
    first, second = (user(session, bureau, Role.PRICE_OFFICER, login=name) for name in ("price-1", "price-2"))
    hospital = organisation(session, OrganisationKind.HOSPITAL, name="江州市人民医院")
    finance = user(session, hospital, Role.HOSPITAL_FINANCE)
    officer, other = acting(first, Role.PRICE_OFFICER), acting(second, Role.PRICE_OFFICER)
    rules = own_rules(session, officer, other, at)
    year = years.open_year(
        session, region_code=PROVINCE, year=at.year - 1, rules_id=rules.id, data_due_at=at + timedelta(days=10),
        due_at=at + timedelta(days=40), actor=officer, at=at,
    )  # fmt: skip
    return Bureau(officer, other, {"first": first, "second": second, "finance": finance}, year.id)


def own_rules(session: Session, officer: Actor, other: Actor, at: datetime = NOW) -> TriggerRuleVersion:
    """Copy Hunan's rules and say what a large wage change is."""
    BOOK.take_over(session, actor=officer, at=at)
    base = next(one for one in sets.latest(session, TriggerRuleVersion) if one.code == "hunan-2021")
    BOOK.copy(session, rules_id=base.id, code=OWN, title="江海 2026", actor=officer, at=at)
    BOOK.change(
        session, code=OWN, parameter="wage-change", text="0.08", source="江医保发〔2026〕1号", reason="明确阈值",
        actor=officer, at=at,
    )  # fmt: skip
    return BOOK.approve(session, code=OWN, actor=other, at=at)


def enter(session: Session, scene: Bureau, *, without: tuple[str, ...] = (), **other: str) -> TriggerYear:
    """Enter the golden's figures."""
    given = {name: Decimal(value) for name, value in GOLDEN["hunan-2021"].items()}
    given |= {name: Decimal(value) for name, value in other.items()}
    rows = [
        Given(name, None, "", "统计年鉴尚未发布") if name in without else Given(name, value, "2025年统计年报")
        for name, value in given.items()
    ]
    years.enter(session, year_id=scene.year_id, rows=rows, actor=scene.officer, at=NOW)
    return session.get_one(TriggerYear, scene.year_id)
