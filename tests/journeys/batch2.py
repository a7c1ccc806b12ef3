"""Batch 2 of the national procurement on an empty platform: everybody in it, its demand locked, its round published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services import companies, products, varieties
from importers.demo.parties import credit_code
from kernel import clock
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.guard import actor_of
from kernel.auth.permissions import Role
from kernel.auth.services import users
from kernel.db import Database
from kernel.money import round_factor
from kernel.parties import regions
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.models import Organisation
from procurement.demand.models import Call, LotSpecification
from procurement.demand.queries import board
from procurement.demand.rules import Asked
from procurement.demand.services import base, calls, lots, reports
from procurement.rounds.services import publishing, setup
from procurement.rounds.services.setup import Calendar
from tests.factories.letters import bind
from tests.procurement.rounds.reshaped import Published

START = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
DEADLINE = START + timedelta(days=40)
REGIONS = 31


@dataclass
class Platform:
    """The database, who acts in it, and where things of the file are."""

    database: Database
    rows: list[Published]
    people: dict[str, Actor] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    hospitals: list[str] = field(default_factory=list)
    references: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    lots: dict[str, int] = field(default_factory=dict)
    call_id: int = 0
    round_id: int = 0
    box_id: int = 0
    at: datetime = START

    @contextmanager
    def later(self, **passed: float) -> Iterator[Session]:
        """Let time pass, then open a transaction."""
        self.at += timedelta(**passed)
        with clock.travel(to=self.at + timedelta(milliseconds=2)), self.database.transaction() as session:
            yield session

    def does(self, verb: Callable[..., Any], who: str = "officer", **values: Any) -> Any:
        """Let somebody act on the round, an hour later."""
        with self.later(hours=1) as session:
            return verb(session, round_id=self.round_id, actor=self.people[who], at=self.at, **values)

    def by_company(self) -> dict[str, list[Published]]:
        """Every company's bids, the company with the most first."""
        found: dict[str, list[Published]] = {}
        for row in self.rows:
            found.setdefault(row.bid.company, []).append(row)
        return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def organisations(made: Platform, session: Session) -> None:
    """31 regions with a hospital each, an agency with two officers, and every company with a bidder."""
    codes = [f"{number:02d}0000" for number in range(11, 11 + REGIONS)]
    regions.put(
        session, regions={code: (f"地区{code[:2]}", None) for code in codes}, actor=SYSTEM, at=made.at, facts={}
    )
    agency = organisation(made, session, "联合采购办公室", Kind.AGENCY, 1)
    person(made, session, "officer", agency, Role.AGENCY_OFFICER)
    person(made, session, "reviewer", agency, Role.AGENCY_REVIEWER)
    for number, code in enumerate(codes, 100):
        hospital = organisation(made, session, f"地区{code[:2]}医院", Kind.HOSPITAL, number, code)
        person(made, session, f"h{number}", hospital, Role.PHARMACIST)
        made.hospitals.append(f"h{number}")
    for number, name in enumerate(made.by_company(), 500):
        company = organisation(made, session, name, Kind.COMPANY, number)
        person(made, session, name, company, Role.MANUFACTURER, login=f"c{number}")
        bind(session, made.people[name])
        made.companies[name] = company.id


def organisation(
    made: Platform, session: Session, name: str, kind: Kind, number: int, region: str = ""
) -> Organisation:
    draft = companies.OrganisationDraft(name=name, code=credit_code(number), region_code=region)
    found = companies.create_company(session, draft=draft, kind=kind, actor=SYSTEM, at=made.at)
    session.flush()
    return found


def person(
    made: Platform, session: Session, name: str, organisation: Organisation, role: Role, login: str = ""
) -> None:
    user = users.create(
        session, organisation=organisation, login=login or name, name=f"{name}经办", roles={role}, actor=SYSTEM,
        at=made.at,
    )  # fmt: skip
    made.people[name] = actor_of(user)


def catalogue(made: Platform, session: Session) -> None:
    """The file's varieties and specifications with its own factors, and a product for everyone who bid."""
    officer = made.people["officer"]
    for number, name in enumerate(dict.fromkeys(row.bid.variety for row in made.rows), 1):
        variety = varieties.create_variety(
            session, code=f"V{number:03d}", generic_name=name, form_group=f"剂型{number}", form_kind=FormKind.OTHER,
            actor=officer, at=made.at,
        )  # fmt: skip
        own = [row for row in made.rows if row.bid.variety == name]
        factors = {row.bid.spec: row.bid.price_factor for row in own}
        for text in sorted(factors, key=lambda each: (abs(factors[each] - 1), each)):
            found = specification(made, session, variety.id, text, factors[text])
            made.places[name, text] = found.id
            made.references.setdefault(name, found.id)
        for place, row in enumerate(own):
            draft = products.ProductDraft(
                registered_name=name, approval_number=f"国药准字H{20190000 + number * 100 + place}", pack=10,
                is_reference_preparation=row.bid.is_reference,
            )  # fmt: skip
            products.create_product(
                session, company_id=made.companies[row.bid.company], draft=draft, actor=officer, at=made.at,
                specification_id=made.places[name, row.bid.spec],
            )  # fmt: skip


def specification(made: Platform, session: Session, variety_id: int, text: str, factor: Decimal) -> Specification:
    stated = {} if factor == 1 else {"price_factor": round_factor(factor), "volume_factor": round_factor(factor)}
    draft = SpecificationDraft(text=text, form=Form.TABLET, is_reference=factor == 1, **stated)
    return varieties.add_specification(
        session, variety_id=variety_id, draft=draft, actor=made.people["officer"], at=made.at
    )


def demand(made: Platform) -> None:
    """A collection with every variety as a lot: each region's hospital reports, the agency accepts and locks."""
    officer = made.people["officer"]
    with made.later(hours=1) as session:
        call = calls.create_call(
            session, code="XQ-2020", title="第二批需求", year=2020, deadline=made.at + timedelta(days=5), actor=officer,
            at=made.at,
        )  # fmt: skip
        ids = {session.get_one(Specification, found).variety_id: name for name, found in made.references.items()}
        drafts = [lots.LotDraft(variety_id=variety) for variety in ids]
        for lot in lots.add_lots(session, call_id=call.id, drafts=drafts, actor=officer, at=made.at):
            made.lots[ids[lot.variety_id]] = lot.id
        calls.start(session, call_id=call.id, actor=officer, at=made.at)
        made.call_id = call.id
    for number, login in enumerate(made.hospitals, 1):
        asked = [Asked(found, None, Decimal(1000 * number)) for found in made.references.values()]
        with made.later(minutes=1) as session:
            who = {"call_id": call.id, "actor": made.people[login], "at": made.at}
            reports.save_report(session, lines=asked, **who)
            reports.submit(session, confirmed=True, **who)
    with made.later(days=6) as session:
        for row in board.board(session, call=session.get_one(Call, made.call_id)):
            assert row.report is not None
            reports.accept(session, report_id=row.report.id, actor=officer, at=made.at)
    with made.later(hours=1) as session:
        base.lock(session, call_id=made.call_id, actor=made.people["reviewer"], at=made.at)


def publish(made: Platform) -> None:
    """The round under batch-2, with the file's caps, drafted by one person and published by another."""
    officer = made.people["officer"]
    with made.later(hours=1) as session:
        round_ = setup.create(
            session, call_id=made.call_id, code="GY-YD2019-2", title="第二批国家组织药品集中采购",
            rule_set_id="batch-2", actor=officer, at=made.at,
        )  # fmt: skip
        made.round_id, made.box_id = round_.id, round_.box.id
        caps = {(row.bid.variety, row.bid.spec): row.bid.cap for row in made.rows}
        by_place = {made.places[place]: cap for place, cap in caps.items()}
        rows = session.scalars(select(LotSpecification)).all()
        own = {row.id: by_place.get(row.specification_id, Decimal(9999)) for row in rows}
        setup.set_caps(session, round_id=round_.id, caps=own, actor=officer, at=made.at)
        calendar = Calendar(receives_from=made.at + timedelta(days=1), deadline=DEADLINE, publicity_days=3)
        setup.set_calendar(session, round_id=round_.id, calendar=calendar, actor=officer, at=made.at)
    made.does(publishing.publish, "reviewer")
