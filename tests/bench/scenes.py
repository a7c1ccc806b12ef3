"""A collection with a grid of 2 000 rows, and a board of many rounds, written by bare models."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Specification, Variety
from catalogue.drugs.rules.forms import Form, FormKind
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.auth.services.passwords import hashed
from kernel.db import Database
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.models import Organisation, Region
from procurement.bids.flow import BoxState
from procurement.bids.models import Box
from procurement.demand.flow import CallState, ReportState
from procurement.demand.models import Call, Lot, LotSpecification, Report
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.rules.freezing import frozen
from procurement.rounds.rules.ruleset import load_rule_set
from tests.bench.province import PASSWORD, organisation

LOTS, EACH, ROUNDS = 400, 5, 40
STATES = (RoundState.DRAFT, RoundState.PUBLISHED, RoundState.OPENED, RoundState.EVALUATED, RoundState.ANNOUNCED)


def person(session: Session, at: datetime, works_at: Organisation, role: Role) -> User:
    """Add the one who signs in."""
    user = User(login="bench", name="经办", organisation_id=works_at.id, password_hash=hashed(PASSWORD), created_at=at)
    user.roles = [UserRole(role=role)]
    session.add(user)
    session.flush()
    return user


def collection(session: Session, at: datetime) -> tuple[int, int, list[tuple[int, int]]]:
    """Add a collection that runs and a hospital's empty draft; return both ids and the places (lot, specification)."""
    session.add(Region(code="110000", name="地区01"))
    session.flush()
    hospital = organisation(session, at, 1, Kind.HOSPITAL, "第一医院")
    hospital.region_code = "110000"
    person(session, at, hospital, Role.PHARMACIST)
    call = Call(
        code="GRID", title="压测", year=2027, state=CallState.COLLECTING, deadline=at + timedelta(days=9), created_at=at
    )
    report = Report(call=call, hospital_id=hospital.id, state=ReportState.DRAFT, saved_at=at)
    session.add_all([call, report])
    made = [_lot(call, number) for number in range(1, LOTS + 1)]
    session.add_all(made)
    session.flush()
    return call.id, report.id, [(lot.id, one.specification_id) for lot in made for one in lot.specifications]


def _lot(call: Call, number: int) -> Lot:
    variety = Variety(
        code=f"G{number:03}", generic_name=GenericName(name=f"品种{number:03}"),
        form_group=FormGroup(name=f"口服常释剂型{number}", kind=FormKind.ORAL_SOLID),
    )  # fmt: skip
    lot = Lot(call=call, number=number, variety=variety, form_kind=FormKind.ORAL_SOLID)
    for place in range(EACH):
        factor, first = Decimal(place + 1), place == 0
        specification = Specification(
            text=f"{10 * (place + 1)}mg", form=Form.TABLET, content=10 * factor, content_unit="mg", is_reference=first,
            price_factor=factor, volume_factor=factor, unit="片", variety=variety,
        )  # fmt: skip
        lot.specifications.append(
            LotSpecification(
                specification=specification, price_factor=factor, volume_factor=factor, is_reference=first
            )
        )  # fmt: skip
    return lot


def many_rounds(session: Session, at: datetime) -> list[int]:
    """Add rounds of every stage; return their ids."""
    agency = organisation(session, at, 1, Kind.AGENCY, "集采机构")
    person(session, at, agency, Role.AGENCY_OFFICER)
    text = frozen(load_rule_set("batch-11"))
    made = [_round(at, number, text) for number in range(ROUNDS)]
    session.add_all(made)
    session.flush()
    return [round_.id for round_ in made]


def _round(at: datetime, number: int, text: str) -> Round:
    state = STATES[number % len(STATES)]
    call = Call(code=f"B{number}", title="压测", year=2027, state=CallState.LOCKED, deadline=at, created_at=at)
    opened = state not in STATES[:2]
    box = Box(
        call=call, code=f"B{number}", title="压测", state=BoxState.OPENED if opened else BoxState.RECEIVING,
        receives_from=at - timedelta(days=1), deadline=at - timedelta(hours=1) if opened else at + timedelta(days=9),
        opened_at=at if opened else None,
    )  # fmt: skip
    return Round(
        code=f"B{number}", title=f"第{number}批", state=state, call=call, box=box, rule_set_id="batch-11",
        rule_set_text=text, created_at=at, publicity_ends=at + timedelta(days=3) if state is STATES[-1] else None,
        published_at=at if state is not RoundState.DRAFT else None,
    )  # fmt: skip


def touch(database: Database, model: Any) -> None:
    """Change one opened price by a step, so that the next evaluation has something new to decide."""
    with database.transaction() as session:
        line = session.scalars(select(model).order_by(model.id).limit(1)).one()
        line.unit_price += Decimal("0.0001")
