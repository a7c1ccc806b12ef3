"""Regions, organisations and people of the demo."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from stdnum.cn.uscc import calc_check_digit

from catalogue.drugs.services import companies as organisations
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.auth.queries import actor_of
from kernel.auth.services import passwords, users
from kernel.parties import regions
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.models import Organisation

HERE = Path(__file__).parent
PASSWORD = "demo-jicai-2026"  # noqa: S105 - printed at every start; such accounts refuse production


@dataclass(slots=True)
class Cast:
    """Who there is: organisations in the order of the file, users by login."""

    hospitals: list[Organisation] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    companies: list[Organisation] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """Return the actor of a demo account."""
        return actor_of(self.users[login])


def read(name: str) -> dict[str, Any]:
    """Read one of the demo's own files."""
    return tomllib.loads((HERE / name).read_text("utf-8"))


def credit_code(number: int, *, kind: str = "91", region: str = "980100") -> str:
    """Return an invented unified social credit code whose check character is right.

    >>> len(credit_code(1))
    18
    """
    stem = f"{kind}{region}MA{number:07d}"
    return stem + str(calc_check_digit(stem))


def build(session: Session, at: datetime) -> Cast:
    """Make regions, organisations and accounts."""
    plan, cast = read("province.toml"), Cast()
    rows = {row["code"]: (row["name"], None if row["code"].endswith("0000") else "980000") for row in plan["region"]}
    regions.put(session, regions=rows, actor=SYSTEM, at=at, facts={"source": "demo"})
    offices = [
        _organisation(session, at, plan[key], kind, number, "12")
        for number, (key, kind) in enumerate(
            (("operator", Kind.OPERATOR), ("agency", Kind.AGENCY), ("bureau", Kind.BUREAU)), start=1
        )
    ]
    for number, (name, short, city, grade, size) in enumerate(plan["hospitals"]["rows"], start=100):
        facts = {"name": name, "short": short, "region": city, "grade": grade}
        cast.hospitals.append(_organisation(session, at, facts, Kind.HOSPITAL, number, "12"))
        cast.sizes.append(size)
    for number, (name, short, person) in enumerate(plan["companies"]["rows"], start=500):
        facts = {"name": name, "short": short, "person": person}
        cast.companies.append(_organisation(session, at, facts, Kind.COMPANY, number, "91"))
    _related(session, at, cast)
    _people(session, at, cast, *offices)
    city = _organisation(session, at, plan["city"], Kind.BUREAU, 4, "12")
    officers = (
        ("bureau2", "周岚", offices[2]),
        ("bureau3", "沈砚", offices[2]),
        ("city", "林川", city),
        ("city2", "白露", city),
    )
    _accounts(session, at, cast, [(login, name, office, {Role.PRICE_OFFICER}) for login, name, office in officers])
    return cast


def _organisation(
    session: Session, at: datetime, facts: dict[str, Any], kind: Kind, number: int, prefix: str
) -> Organisation:
    region = facts.get("region", "980100")
    draft = organisations.OrganisationDraft(
        name=facts["name"], short_name=facts["short"], code=credit_code(number, kind=prefix, region=region),
        ownership="public" if kind is Kind.HOSPITAL else "", region_code=region,
        grade=facts.get("grade", ""), legal_person=facts.get("person", ""),
    )  # fmt: skip
    return organisations.create_company(session, draft=draft, kind=kind, actor=SYSTEM, at=at)


def _related(session: Session, at: datetime, cast: Cast) -> None:
    group = organisations.create_group(session, name="华辰系", reason="同一法定代表人", actor=SYSTEM, at=at)
    session.flush()
    for company in cast.companies[2:4]:
        organisations.add_member(
            session, group_id=group.id, company_id=company.id, since=date(at.year - 3, 1, 1), reason="法定代表人周启辰",
            actor=SYSTEM, at=at,
        )  # fmt: skip


def _people(
    session: Session, at: datetime, cast: Cast, operator: Organisation, agency: Organisation, bureau: Organisation
) -> None:
    accounts: list[tuple[str, str, Organisation, set[Role]]] = [
        ("agency", "何敏", agency, {Role.AGENCY_OFFICER}),
        ("reviewer", "顾远", agency, {Role.AGENCY_REVIEWER}),
        ("opener", "程岚", agency, {Role.OPENING_OFFICER}),
        ("bureau", "许静", bureau, {Role.PRICE_OFFICER}),
        ("supervisor", "严正", bureau, {Role.SUPERVISOR}),
        ("system", "管一", operator, {Role.SYSTEM_ADMIN}),
        ("security", "管二", operator, {Role.SECURITY_ADMIN}),
        ("audit", "管三", operator, {Role.AUDIT_ADMIN}),
        ("finance", "钱悦", cast.hospitals[0], {Role.HOSPITAL_FINANCE}),
    ]
    for number, hospital in enumerate(cast.hospitals, start=1):
        login = "hospital" if number == 1 else f"hospital{number}"
        accounts.append((login, f"{hospital.shown_name}药剂科", hospital, {Role.PHARMACIST, Role.ORGANISATION_ADMIN}))
    for number, company in enumerate(cast.companies, start=1):
        login = "company" if number == 1 else f"company{number}"
        accounts.append((login, f"{company.shown_name}投标专员", company, {Role.MANUFACTURER, Role.ORGANISATION_ADMIN}))
    names = ("宋知远", "陆文清", "方以安")
    for number, (name, hospital) in enumerate(zip(names, cast.hospitals[1:], strict=False), start=1):
        accounts.append(("expert" if number == 1 else f"expert{number}", name, hospital, {Role.EXPERT}))
    _accounts(session, at, cast, accounts)


def _accounts(
    session: Session, at: datetime, cast: Cast, accounts: list[tuple[str, str, Organisation, set[Role]]]
) -> None:
    secret = passwords.hashed(PASSWORD)  # one hash for all: sixty slow ones would only make the demo's start slow
    for login, name, organisation, roles in accounts:
        user = users.create(
            session, organisation=organisation, login=login, name=name, roles=roles, actor=SYSTEM, at=at
        )
        user.password_hash, user.password_set_at, user.demo = secret, at, True
        cast.users[login] = user
