"""A province-size round, written by the bulk paths: 65 lots, 900 bids, 31 regions with a hospital each."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Specification, Variety
from catalogue.drugs.rules.codes import VarietyKind, VolumeClass
from catalogue.drugs.rules.forms import Form, FormKind
from importers.demo.parties import PASSWORD, credit_code
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.auth.services.passwords import hashed
from kernel.db import insert_rows
from kernel.money import round_price
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.codes import OrganisationState
from kernel.parties.models import Organisation, Region
from procurement.bids.flow import BidState, BoxState
from procurement.bids.models import Bid, Box, OpenedLine, Submission
from procurement.demand.flow import CallState
from procurement.demand.models import BaseVolume, Call, Lot, LotSpecification
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.rules.freezing import frozen
from procurement.rounds.rules.ruleset import load_rule_set

LOTS, COMPANIES, BIDS, REGIONS = 65, 120, 900, 31


def build(session: Session, at: datetime, *, rules: str = "batch-9", consumable: bool = False) -> int:
    """Write the round as it stands right after its opening; return its id."""
    chance = random.Random(65)
    for number in range(REGIONS):
        session.add(Region(code=f"{11 + number}0000", name=f"地区{number + 1:02}"))
    session.flush()
    agency = organisation(session, at, 1, Kind.AGENCY, "集采机构")
    user = User(login="bench", name="经办", organisation_id=agency.id, password_hash=hashed(PASSWORD), created_at=at)
    user.roles = [UserRole(role=Role.AGENCY_OFFICER)]
    session.add(user)
    companies = [organisation(session, at, 100 + n, Kind.COMPANY, f"企业{n + 1:03}") for n in range(COMPANIES)]
    call = Call(code="BENCH", title="压测", year=2027, state=CallState.LOCKED, deadline=at, created_at=at, locked_at=at)
    session.add(call)
    lots = [_lot(session, call, number, chance, consumable) for number in range(1, LOTS + 1)]
    session.flush()
    box = Box(
        call_id=call.id,
        code="BENCH",
        title="压测",
        state=BoxState.OPENED,
        receives_from=at - timedelta(days=9),
        deadline=at - timedelta(hours=1),
        opened_at=at,
    )
    session.add(box)
    session.flush()
    _bids(session, box, lots, companies, user, chance, at)
    _bases(session, lots, chance)
    text = frozen(load_rule_set(rules))
    round_ = Round(
        code="BENCH",
        title="压测",
        state=RoundState.OPENED,
        call_id=call.id,
        box_id=box.id,
        rule_set_id=rules,
        rule_set_text=text,
        created_at=at,
        published_at=at - timedelta(days=10),
    )
    session.add(round_)
    session.flush()
    return round_.id


def organisation(session: Session, at: datetime, number: int, kind: Kind, name: str) -> Organisation:
    """Add an organisation that is accepted."""
    made = Organisation(kind=kind, name=name, code=credit_code(number), state=OrganisationState.ACTIVE, created_at=at)
    session.add(made)
    session.flush()
    return made


def _lot(session: Session, call: Call, number: int, chance: random.Random, consumable: bool) -> Lot:
    group = FormGroup(name=f"口服常释剂型{number}", kind=FormKind.ORAL_SOLID)
    variety = Variety(
        code=f"B{number:03}",
        generic_name=GenericName(name=f"品种{number:02}"),
        form_group=group,
        volume_class=VolumeClass.GENERAL,
        kind=VarietyKind.CONSUMABLE if consumable else VarietyKind.DRUG,
    )
    specification = Specification(
        text="10mg",
        form=Form.DEVICE if consumable else Form.TABLET,
        content=Decimal(10),
        content_unit="mg",
        is_reference=True,
        price_factor=Decimal(1),
        volume_factor=Decimal(1),
        variety=variety,
    )
    lot = Lot(
        call=call, number=number, variety=variety, volume_class=VolumeClass.GENERAL, form_kind=FormKind.ORAL_SOLID
    )
    session.add_all([variety, specification, lot])
    session.flush()
    cap = Decimal(chance.randint(500, 90_000)).scaleb(-4)
    session.add(
        LotSpecification(
            lot_id=lot.id,
            specification_id=specification.id,
            cap=cap,
            price_factor=Decimal(1),
            volume_factor=Decimal(1),
            is_reference=True,
        )
    )
    return lot


def _bids(
    session: Session,
    box: Box,
    lots: list[Lot],
    companies: list[Organisation],
    user: User,
    chance: random.Random,
    at: datetime,
) -> None:
    caps = {lot.id: (one.specification_id, one.cap) for lot in lots for one in lot.specifications}
    places = [(lot, company) for lot in lots for company in chance.sample(companies, 14)][:BIDS]
    for number, company in enumerate(companies, start=1):
        session.add(
            Submission(
                id=number,
                box_id=box.id,
                company_id=company.id,
                number=number,
                receipt=f"R{number}",
                lots=1,
                digest="0" * 64,
                user_id=user.id,
                at=at,
            )
        )
    session.flush()
    of_company = {company.id: number for number, company in enumerate(companies, start=1)}
    ids, count = list(range(1, len(places) + 1)), len(places)
    insert_rows(
        session,
        Bid.__table__,
        columns={
            "id": ids,
            "box_id": [box.id] * count,
            "lot_id": [lot.id for lot, _ in places],
            "company_id": [company.id for _, company in places],
            "state": [BidState.OPENED] * count,
            "revision": [1] * count,
            "submission_id": [of_company[company.id] for _, company in places],
            "digest": ["0" * 64] * count,
            "at": [at] * count,
        },
    )
    prices = [round_price((caps[lot.id][1] or Decimal(1)) * chance.randint(8, 99) / 100) for lot, _ in places]
    insert_rows(
        session,
        OpenedLine.__table__,
        columns={
            "bid_id": ids,
            "lot_id": [lot.id for lot, _ in places],
            "company_id": [company.id for _, company in places],
            "specification_id": [caps[lot.id][0] for lot, _ in places],
            "typed": [format(price, "f") for price in prices],
            "unit_price": prices,
        },
    )


def _bases(session: Session, lots: list[Lot], chance: random.Random) -> None:
    rows = [(lot, region) for lot in lots for region in range(REGIONS)]
    insert_rows(
        session,
        BaseVolume.__table__,
        columns={
            "lot_id": [lot.id for lot, _ in rows],
            "specification_id": [lot.specifications[0].specification_id for lot, _ in rows],
            "region_code": [f"{11 + region}0000" for _, region in rows],
            "quantity": [Decimal(chance.randint(10_000, 900_000)) for _ in rows],
        },
    )
