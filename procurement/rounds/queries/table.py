"""A round's bids as the flat table that the rules read, on the platform and on the command line alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from catalogue.drugs.queries import companies as related
from catalogue.drugs.rules.forms import chinese_name
from kernel.clock import today
from kernel.parties.models import Organisation
from procurement.bids import queries as bids
from procurement.bids.joints import queries as joints
from procurement.bids.joints.rules import added_up, one_bidder
from procurement.bids.models import OpenedLine
from procurement.demand.models import Lot, LotSpecification
from procurement.demand.queries import base
from procurement.rounds.models.evaluations import Draw
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts, parts, rounds, rulesets, units
from procurement.rounds.revivals import queries as revivals
from procurement.rounds.revivals.queries import Acceptance
from procurement.rounds.rules.columns import Column, Item, columns_of
from procurement.rounds.rules.model import BidRow, Extra, Form
from procurement.rounds.statements import queries as statements
from procurement.rounds.voids import queries as voids

Leads = Mapping[int, Mapping[int, int]]
"""By lot, the lead for each company of a joint."""


@dataclass(frozen=True, slots=True)
class BidTable:
    """Bid rows, and what their texts stand for: lots by variety, ids by company, (lot, specification) by texts.

    Where the rules add components up to a system, a row names no specification and the system stands under the lot's
    reference specification. `asked` are the rows that bear facts of their own, with the columns asked of them.
    """

    rows: list[BidRow]
    lots: Mapping[str, Lot]
    companies: Mapping[str, int]
    specifications: Mapping[tuple[str, str], int]
    typed: Mapping[tuple[int, int, int], str]
    draws: Mapping[str, Sequence[str]]
    extra: Sequence[str]
    asked: Sequence[tuple[Sequence[BidRow], Sequence[Column]]]
    regions: int


@dataclass(slots=True)
class _Reading:
    """What is looked up once for all rows."""

    lots: dict[int, Lot]
    names: dict[int, str]
    texts: dict[tuple[int, int], str]
    groups: Mapping[int, Mapping[int, str]]
    demand: Mapping[tuple[int, int], Decimal]
    statements: Mapping[tuple[int, int], str]
    accepted: Mapping[tuple[int, int], Sequence[Acceptance]]
    reference: set[int]
    columns: Sequence[Column]
    intended: Mapping[facts.Place, Decimal]
    facts: Mapping[facts.Place, Mapping[str, Extra]]
    provided: Mapping[int, frozenset[str]]
    fees: Mapping[tuple[int, int], Decimal | None]
    places: dict[tuple[int, int], LotSpecification] = field(default_factory=dict)


def bid_table(session: Session, round_: Round) -> BidTable:
    """Return the opened bids of a round with everything the rules read beside them. Void lots are left out."""
    void = voids.lot_ids(session, round_.id)
    lines = [line for line in bids.opened_lines(session, round_.box_id) if line.lot_id not in void]
    reading = _reading(session, round_, lines)
    own = [(line, _row(reading, line)) for line in lines if _systems(reading) or not parts.is_service(line)]
    declared = [one for one in facts.declared(session, round_) if one[0] in reading.lots]
    bare = _without_price(reading, declared, declared=True)
    bid = {(line.lot_id, line.company_id) for line in lines}
    rows, bearing = [row for _line, row in own] + bare, [row for line, row in own if parts.bears(line)]
    rows += _without_price(reading, set(reading.demand) - bid - set(declared), declared=False)
    rows.sort(key=lambda row: (row.variety, row.company, row.spec))
    by_variety = {variety_key(lot): lot for lot in reading.lots.values()}
    return BidTable(
        rows=rows,
        lots=by_variety,
        companies={name: company for company, name in reading.names.items()},
        specifications=_specifications(reading),
        typed=_typed(reading, lines),
        draws=_draws(session, round_, reading),
        extra=[column.name for column in reading.columns],
        asked=[([row], _asked(reading, by_variety[row.variety])) for row in [*bearing, *bare]],
        regions=len(rounds.region_codes(session, round_)),
    )


def _asked(reading: _Reading, lot: Lot) -> list[Column]:
    return [column for column in reading.columns if column.name not in reading.provided[lot.id]]


def variety_key(lot: Lot) -> str:
    """Return how the table names a lot: its number first, so that it sorts and never stands twice."""
    return f"{lot.number:02d} {lot.variety.name}"


def _reading(session: Session, round_: Round, lines: Sequence[OpenedLine]) -> _Reading:
    void = voids.lot_ids(session, round_.id)
    lots = {lot.id: lot for lot in rounds.lots(session, round_) if lot.id not in void}
    leads = joints.leads(session, round_.box_id)
    demand = {key: total for key, total in _demand(session, round_, leads).items() if key[0] in lots}
    companies = {line.company_id for line in lines} | {company for _, company in demand}
    companies |= {company for _, company in facts.declared(session, round_)}
    products = [line.product_id for line in lines if line.product_id is not None]
    references = select(Product.id).where(Product.is_reference_preparation, Product.id.in_(products))
    columns, systems = columns_of(rulesets.in_force(round_)), parts.summed(round_)
    return _Reading(
        lots=lots,
        names=_names(session, companies),
        texts=texts(lots.values()),
        groups=_groups(session, round_, companies, leads, lots),
        demand=demand,
        statements=statements.lacking(session, round_),
        accepted=revivals.accepted(session, round_),
        reference=set(session.scalars(references)) if products else set(),
        columns=columns,
        facts=facts.values(session, round_, columns),
        provided=facts.provided(session, round_),
        intended=units.intended(session, round_, lines, lots.values(), leads, columns),
        fees={}
        if systems
        else {(line.lot_id, line.company_id): parts.price_of(line) for line in lines if parts.is_service(line)},
        places={(each.lot_id, each.specification_id): each for lot in lots.values() for each in lot.specifications},
    )


def _demand(session: Session, round_: Round, leads: Leads) -> dict[tuple[int, int], Decimal]:
    """Return the brand demand by lot and company; what was reported for a joint's members is its lead's."""
    by_lot: dict[int, dict[int, Decimal]] = {}
    for (lot, company), quantity in base.brand_demand(session, round_.call_id).items():
        by_lot.setdefault(lot, {})[company] = quantity
    return {
        (lot, company): quantity
        for lot, found in by_lot.items()
        for company, quantity in added_up(found, leads.get(lot, {})).items()
    }


def _groups(
    session: Session, round_: Round, companies: set[int], leads: Leads, lots: Iterable[int]
) -> dict[int, dict[int, str]]:
    """Return, by lot, the key under which related companies and joints count as one bidder."""
    members = {company for found in leads.values() for company in found}
    keys = related.group_keys(session, company_ids=companies | members, day=_day(round_))
    found: dict[int, dict[int, str]] = {}
    for lot in lots:
        joined: dict[int, list[int]] = {}
        for company, lead in leads.get(lot, {}).items():
            joined.setdefault(lead, []).append(company)
        found[lot] = one_bidder(keys, joined.values())
    return found


def _day(round_: Round) -> date:
    """Related companies are judged as they stood at the deadline."""
    return today(round_.box.deadline or round_.created_at)


def _names(session: Session, companies: set[int]) -> dict[int, str]:
    """Return a text per company that no other company of the round has."""
    query = select(Organisation.id, Organisation.name, Organisation.code).where(Organisation.id.in_(companies))
    found = [(company, name, code) for company, name, code in session.execute(query)]
    often = Counter(name for _, name, _ in found)
    return {company: f"{name} {code}" if often[name] > 1 else name for company, name, code in found}


def texts(lots: Iterable[Lot]) -> dict[tuple[int, int], str]:
    """Return a text per (lot, specification) that no other of the lot has."""
    found: dict[tuple[int, int], str] = {}
    for lot in lots:
        often = Counter(each.specification.text for each in lot.specifications)
        for each in lot.specifications:
            text = each.specification.text
            twice = often[text] > 1
            found[lot.id, each.specification_id] = f"{chinese_name(each.specification.form)} {text}" if twice else text
    return found


def _systems(reading: _Reading) -> bool:
    """Say whether a company's bids of a lot are the components of one system."""
    return any(column.name == Item.COMPONENT for column in reading.columns)


def _specifications(reading: _Reading) -> dict[tuple[str, str], int]:
    found = {(variety_key(reading.lots[lot]), text): spec for (lot, spec), text in reading.texts.items()}
    if _systems(reading):
        whole = {variety_key(lot): facts.reference(lot) for lot in reading.lots.values()}
        found |= {(name, ""): place.specification_id for name, place in whole.items() if place is not None}
    return found


def _typed(reading: _Reading, lines: Sequence[OpenedLine]) -> dict[tuple[int, int, int], str]:
    """What was typed, by lot, company and specification; of a system all its components' prices."""
    found = {(line.lot_id, line.company_id, line.specification_id): line.typed for line in lines}
    if _systems(reading):
        whole: dict[tuple[int, int], list[str]] = {}
        for line in lines:
            whole.setdefault((line.lot_id, line.company_id), []).append(line.typed)
        for (lot, company), typed in whole.items():
            place = facts.reference(reading.lots[lot])
            if place is not None:
                found[lot, company, place.specification_id] = " + ".join(typed)
    return found


def _row(reading: _Reading, line: OpenedLine) -> BidRow:
    place = reading.places[line.lot_id, line.specification_id]
    return _bid(
        reading,
        place,
        line.company_id,
        price=parts.price_of(line),
        is_reference=line.product_id in reading.reference,
        accepted=_accepted(reading, line),
    )


def _bid(
    reading: _Reading, place: LotSpecification, company: int, *, price: Decimal | None, is_reference: bool = False,
    accepted: Acceptance | None = None, declared: bool = True,
) -> BidRow:  # fmt: skip
    lot, systems = reading.lots[place.lot_id], _systems(reading)
    demand, text = reading.demand.get((lot.id, company)), reading.texts[lot.id, place.specification_id]
    known_here = reading.provided[lot.id]
    values: dict[str, Extra] = {"class": lot.volume_class.value, "reported_volume": demand, "component": text}
    values["statement"] = reading.statements.get((lot.id, company))
    if Item.INTENDED_VOLUME in known_here:
        values["intended_volume"] = reading.intended.get((lot.id, company, place.specification_id), Decimal(0))
    if Item.SERVICE_FEE in known_here:
        values["service_fee"] = reading.fees.get((lot.id, company))
    known = {column.name: values[column.name] for column in reading.columns if column.name in values}
    return BidRow(
        variety=variety_key(lot),
        company=reading.names[company],
        unit_price=price,
        cap=place.cap or Decimal(0),
        spec="" if systems else text,
        group=reading.groups[lot.id].get(company, ""),
        price_factor=Decimal(1) if systems else place.price_factor,
        form=Form(lot.form_kind.value),
        declared=declared,
        is_reference=is_reference,
        brand_demand=demand,
        revival_offer=accepted is not None,
        accepted_as=accepted.kind if accepted else "",
        accepted_price=accepted.price if accepted else None,
        extra={**reading.facts.get((lot.id, company, parts.anchor(reading.lots[place.lot_id], place)), {}), **known},
    )


def _accepted(reading: _Reading, line: OpenedLine) -> Acceptance | None:
    """Return the acceptance that a line stands under: its specification's own, a system's for every component."""
    found = reading.accepted.get((line.lot_id, line.company_id), ())
    whole = _systems(reading)
    return next((one for one in found if whole or one.specification == line.specification_id), None)


def _without_price(reading: _Reading, pairs: Iterable[tuple[int, int]], *, declared: bool) -> list[BidRow]:
    """Rows of companies beside which no price stands in a lot.

    Those that declared count in N; brands that demand was reported for and that did not declare count in the mean over
    brands alone.
    """
    rows = []
    for lot_id, company in sorted(pairs):
        place = facts.reference(reading.lots[lot_id])
        if place is not None and place.cap is not None:
            rows.append(_bid(reading, place, company, price=None, declared=declared))
    return rows


def _draws(session: Session, round_: Round, reading: _Reading) -> dict[str, list[str]]:
    found = session.scalars(select(Draw).where(Draw.round_id == round_.id))
    return {
        variety_key(reading.lots[draw.lot_id]): [reading.names[company] for company in draw.company_ids]
        for draw in found
        if draw.lot_id in reading.lots and set(draw.company_ids) <= set(reading.names)
    }
