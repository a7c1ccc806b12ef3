"""Review facts (评审资料): what a round's rules ask about each opened bid beside its price, and what stands there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from catalogue.drugs.models import Specification
from catalogue.drugs.rules.codes import Part
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties.models import Organisation
from procurement.bids.declarations import queries as declarations
from procurement.bids.declarations.models import Declaration
from procurement.bids.joints import queries as joints
from procurement.bids.models import Bid, OpenedLine
from procurement.demand.models import BaseVolume, Lot, LotSpecification
from procurement.rounds.flow import ROUND_FLOW, RoundAction
from procurement.rounds.models.evaluations import ReviewFact
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rulesets
from procurement.rounds.rules import cells
from procurement.rounds.rules.columns import Column, Item, columns_of
from procurement.rounds.rules.model import Extra
from procurement.rounds.rules.ruleset import RuleSet
from procurement.rounds.voids import queries as voids

PROVIDED = (Item.CLASS.value, Item.REPORTED_VOLUME.value, Item.COMPONENT.value, Item.STATEMENT.value)
"""Columns that the platform knows by itself in every round."""
Place = tuple[int, int, int]
Key = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the facts of a round or lot are: what is asked, how many must be there, how many of them are not."""

    asked: tuple[Column, ...]
    bids: int
    needed: int
    missing: int
    entered: int


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A declaration beside which no price stands, in an opened line's place."""

    lot_id: int
    company_id: int
    specification_id: int
    company: Organisation
    typed: str = ""

    @property
    def bid(self) -> Unpriced:
        """Return what a line's bid would say: whose it is."""
        return self


def reference(lot: Lot) -> LotSpecification | None:
    """Return the specification that stands for a lot."""
    return next((each for each in lot.specifications if each.is_reference), next(iter(lot.specifications), None))


def declared(session: Session, round_: Round) -> list[tuple[int, int]]:
    """Return (lot, company) of every declaration beside which no price was opened."""
    return [(one.lot_id, one.company_id) for one in _bare(session, round_)]


def _bare(session: Session, round_: Round) -> list[Declaration]:
    """Return the declarations without a price; a member of a joint bid takes part through its lead."""
    leads = joints.leads(session, round_.box_id)
    found = [one.declaration for one in declarations.opened(session, round_.box_id) if not one.priced]
    return [one for one in found if leads.get(one.lot_id, {}).get(one.company_id, one.company_id) == one.company_id]


def unpriced(session: Session, round_: Round) -> list[Unpriced]:
    """Return the declarations without a price of which the rules ask among whom their companies count."""
    if not any(column.parts for column in asked_of(round_)):
        return []
    found = _bare(session, round_)
    places = [(one, reference(one.lot)) for one in found]
    return [
        Unpriced(one.lot_id, one.company_id, place.specification_id, one.company)
        for one, place in places
        if place is not None
    ]


def asked(rule_set: RuleSet) -> tuple[Column, ...]:
    """Return the columns that a rule set reads and the platform does not know by itself."""
    return tuple(column for column in columns_of(rule_set) if column.name not in PROVIDED)


def asked_of(round_: Round) -> tuple[Column, ...]:
    """Return the columns that a round's rules ask the agency for."""
    return asked(rulesets.in_force(round_))


def provided(session: Session, round_: Round) -> dict[int, frozenset[str]]:
    """Return, by lot, what else the platform knows: intended volumes from reports by brand, fees that were bid."""
    lots = select(Lot.id).where(Lot.call_id == round_.call_id)
    reported = select(BaseVolume.lot_id).where(BaseVolume.lot_id.in_(lots), BaseVolume.company_id.is_not(None))
    services = (
        select(LotSpecification.lot_id)
        .join(Specification, Specification.id == LotSpecification.specification_id)
        .where(LotSpecification.lot_id.in_(lots), Specification.part == Part.SERVICE)
    )
    by_brand, with_fee = set(session.scalars(reported)), set(session.scalars(services))
    return {
        lot_id: frozenset(PROVIDED)
        | ({Item.INTENDED_VOLUME.value} if lot_id in by_brand else frozenset())
        | ({Item.SERVICE_FEE.value} if lot_id in with_fee else frozenset())
        for lot_id in session.scalars(lots)
    }


def asked_by_lot(session: Session, round_: Round) -> dict[int, tuple[Column, ...]]:
    """Return, by lot, the columns that the agency has to enter."""
    columns = asked_of(round_)
    return {
        lot_id: tuple(column for column in columns if column.name not in known)
        for lot_id, known in provided(session, round_).items()
    }


def bears_facts() -> ColumnElement[bool]:
    """Say which opened prices carry facts: of a system the one that stands for it, never a service."""
    return or_(
        Specification.part == Part.PRODUCT, (Specification.part == Part.COMPONENT) & Specification.is_reference
    )  # fmt: skip


def open_for(round_: Round, actor: Actor) -> bool:
    """Say whether the actor may enter facts now: whoever evaluates, as long as an evaluation may still run."""
    return actor.may(P.ROUND_EVALUATE) and ROUND_FLOW.allows(round_.state, RoundAction.EVALUATE)


def stored(session: Session, round_: Round, lot_id: int | None = None) -> dict[Key, ReviewFact]:
    """Return the facts of a round by lot, company, specification and column."""
    query = select(ReviewFact).where(ReviewFact.round_id == round_.id)
    if lot_id is not None:
        query = query.where(ReviewFact.lot_id == lot_id)
    found = session.scalars(query.execution_options(populate_existing=True))
    return {(one.lot_id, one.company_id, one.specification_id, one.column): one for one in found}


def values(session: Session, round_: Round, columns: Iterable[Column]) -> dict[Place, dict[str, Extra]]:
    """Return the facts as the rules read them, by lot, company and specification."""
    known = {column.name: column for column in columns}
    found: dict[Place, dict[str, Extra]] = {}
    for (lot, company, specification, name), one in stored(session, round_).items():
        if name in known:
            found.setdefault((lot, company, specification), {})[name] = cells.read(known[name], one.value)
    return found


def places(session: Session, round_: Round) -> set[Place]:
    """Return every opened price of a round by lot, company and specification."""
    query = (
        select(OpenedLine.lot_id, OpenedLine.company_id, OpenedLine.specification_id)
        .join(Bid, Bid.id == OpenedLine.bid_id)
        .join(Specification, Specification.id == OpenedLine.specification_id)
        .where(Bid.box_id == round_.box_id, bears_facts())
    )
    more = {(one.lot_id, one.company_id, one.specification_id) for one in unpriced(session, round_)}
    return {(row[0], row[1], row[2]) for row in session.execute(query)} | more


def lines(session: Session, round_: Round, lot: Lot) -> Sequence[OpenedLine | Unpriced]:
    """Return a lot's opened prices by company and specification, then its declarations without one."""
    query = (
        select(OpenedLine)
        .join(OpenedLine.bid)
        .join(Specification, Specification.id == OpenedLine.specification_id)
        .where(Bid.box_id == round_.box_id, OpenedLine.lot_id == lot.id, bears_facts())
        .options(contains_eager(OpenedLine.bid).joinedload(Bid.company), joinedload(OpenedLine.specification))
        .order_by(OpenedLine.company_id, OpenedLine.specification_id)
    )
    return [*session.scalars(query), *(one for one in unpriced(session, round_) if one.lot_id == lot.id)]


def by_lot(session: Session, round_: Round) -> dict[int, Progress]:
    """Return how far each lot with bids is; a void lot needs nothing more."""
    columns, asked_in = asked_of(round_), asked_by_lot(session, round_)
    counted = (
        select(OpenedLine.lot_id, func.count())
        .join(Bid, Bid.id == OpenedLine.bid_id)
        .join(Specification, Specification.id == OpenedLine.specification_id)
        .where(Bid.box_id == round_.box_id, bears_facts())
        .group_by(OpenedLine.lot_id)
    )
    entered = (
        select(ReviewFact.lot_id, ReviewFact.column, func.count())
        .where(ReviewFact.round_id == round_.id, ReviewFact.column.in_([column.name for column in columns]))
        .group_by(ReviewFact.lot_id, ReviewFact.column)
    )
    found: dict[int, dict[str, int]] = {}
    for lot, name, count in session.execute(entered):
        found.setdefault(lot, {})[name] = count
    bids, bare = {row[0]: row[1] for row in session.execute(counted)}, Counter[int]()
    bare.update(one.lot_id for one in unpriced(session, round_))
    lots = sorted((set(bids) | set(bare)) - voids.lot_ids(session, round_.id))
    return {lot: _progress(asked_in[lot], bids.get(lot, 0), bare[lot], found.get(lot, {})) for lot in lots}


def _progress(columns: tuple[Column, ...], count: int, bare: int, found: Mapping[str, int]) -> Progress:
    filled = {column.name for column in columns if column.filled}
    there = sum(number for name, number in found.items() if name in filled)
    needed = count * len(filled) + bare * sum(column.parts for column in columns)
    return Progress(columns, count + bare, needed, max(0, needed - there), sum(found.values()))


def progress(session: Session, round_: Round) -> Progress:
    """Return how far the round is."""
    lots = by_lot(session, round_).values()
    return Progress(
        asked=tuple(column for column in asked_of(round_) if any(column in one.asked for one in lots)),
        bids=sum(one.bids for one in lots),
        needed=sum(one.needed for one in lots),
        missing=sum(one.missing for one in lots),
        entered=sum(one.entered for one in lots),
    )
