"""What may be seen of boxes and bids. Contents come through bids.sealing, and only to the company they belong to."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.drugs.models import Product
from catalogue.drugs.rules.codes import Part
from catalogue.drugs.rules.forms import chinese_name
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import DomainError, Issue, NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from procurement.bids import rules
from procurement.bids.flow import BidState, BoxState, settled
from procurement.bids.models import Bid, Box, OpenedLine
from procurement.bids.rules import Place
from procurement.bids.sealing import services as sealing
from procurement.demand.models import Lot, LotSpecification

SHOWN = (BoxState.RECEIVING, BoxState.CLOSED, BoxState.OPENED)


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A specification of a lot as a company may bid it."""

    specification_id: int
    text: str
    form: str
    unit: str
    cap: Decimal | None
    price_factor: Decimal
    is_reference: bool
    products: tuple[Product, ...]
    part: Part = Part.PRODUCT

    @property
    def product(self) -> Product | None:
        """Return the company's product, the first where it has several packs."""
        return self.products[0] if self.products else None


@dataclass(frozen=True, slots=True)
class OfferLot:
    """A lot with its specifications, the reference first."""

    id: int
    number: int
    name: str
    lines: tuple[OfferLine, ...]
    consumable: bool = False

    @property
    def system(self) -> bool:
        """Say whether the lines are components that add up to one price."""
        return any(line.part is Part.COMPONENT for line in self.lines)

    @property
    def own(self) -> tuple[OfferLine, ...]:
        """Return what the company bids: what it has a product of, and with it components and the service."""
        bids = any(line.products for line in self.lines)
        return tuple(line for line in self.lines if line.products or (bids and line.part is not Part.PRODUCT))

    @property
    def main(self) -> OfferLine | None:
        """Return what the company bids first: the reference specification, or the first it has."""
        return self.own[0] if self.own else None

    def label(self, line: OfferLine) -> str:
        """Return the specification's name, with its form where the text alone stands twice in the lot."""
        twice = Counter(each.text for each in self.lines)[line.text] > 1
        return f"{line.form} {line.text}" if twice else line.text


def visible_boxes(actor: Actor) -> Select[Box]:
    """Return the boxes an actor may know of: announced ones, and all of them for those who run the platform."""
    query = select(Box)
    if not actor.runs_platform:
        query = query.where(Box.state.in_(SHOWN))
    return query.order_by(Box.deadline.desc(), Box.id.desc())


def box(session: Session, box_id: int, actor: Actor) -> Box:
    """Return a box, or NotFound."""
    found = known_box(session, box_id, actor)
    if found is None:
        raise NotFound(box=box_id)
    return found


def known_box(session: Session, box_id: int, actor: Actor) -> Box | None:
    """Return a box, or None outside the actor's scope."""
    return session.scalars(visible_boxes(actor).where(Box.id == box_id)).one_or_none()


def opened_box(session: Session, box_id: int, actor: Actor) -> Box:
    """Return a box whose bids were opened, for those who run or oversee rounds; NotFound before the opening."""
    found = box(session, box_id, actor)
    if not actor.runs_platform or found.state is not BoxState.OPENED:
        raise NotFound(box=box_id)
    return found


def opened_lines(session: Session, box_id: int, *, whole: bool = False) -> Sequence[OpenedLine]:
    """Return every opened price of a box, by lot, company and specification; nothing before the opening.

    `whole` also loads what the opening record prints: varieties, products and receipts.
    """
    query = (
        select(OpenedLine)
        .join(Bid, Bid.id == OpenedLine.bid_id)
        .join(Lot, Lot.id == OpenedLine.lot_id)
        .where(Bid.box_id == box_id)
        .options(
            joinedload(OpenedLine.bid).joinedload(Bid.company), joinedload(OpenedLine.bid).joinedload(Bid.lot),
            joinedload(OpenedLine.specification),
        )
        .order_by(Lot.number, OpenedLine.company_id, OpenedLine.specification_id)
    )  # fmt: skip
    if whole:
        bid = joinedload(OpenedLine.bid)
        query = query.options(
            bid.joinedload(Bid.lot).joinedload(Lot.variety),
            bid.joinedload(Bid.submission),
            joinedload(OpenedLine.product),
        )
    return session.scalars(query).all()


def offer(session: Session, found: Box, company_id: int | None) -> list[OfferLot]:
    """Return all lots of a box with the products a company has of their specifications."""
    mine: dict[int, list[Product]] = defaultdict(list)
    products = select(Product).where(Product.company_id == company_id, Product.active)
    for product in session.scalars(products.order_by(Product.pack, Product.id)):
        mine[product.specification_id].append(product)
    lots = session.scalars(
        select(Lot)
        .where(Lot.call_id == found.call_id)
        .options(selectinload(Lot.specifications).joinedload(LotSpecification.specification), joinedload(Lot.variety))
        .order_by(Lot.number)
    ).unique()
    return [OfferLot(lot.id, lot.number, lot.variety.name, _offer_lines(lot, mine), lot.variety.is_consumable)
            for lot in lots]  # fmt: skip


def _offer_lines(lot: Lot, mine: dict[int, list[Product]]) -> tuple[OfferLine, ...]:
    ordered = sorted(lot.specifications, key=_place_in_lot)
    return tuple(
        OfferLine(
            each.specification_id, each.specification.text,
            "" if lot.variety.is_consumable else chinese_name(each.specification.form),
            each.specification.unit, each.cap, each.price_factor, each.is_reference,
            tuple(mine.get(each.specification_id, ())), each.specification.part,
        )
        for each in ordered
    )  # fmt: skip


def _place_in_lot(each: LotSpecification) -> tuple[bool, bool, Decimal, int]:
    return not each.is_reference, each.specification.part is Part.SERVICE, each.volume_factor, each.id


def places(lots: Iterable[OfferLot]) -> list[Place]:
    """Return the lots as the rules need them."""
    return [_rule_place(lot, line) for lot in lots for line in lot.lines]


def _rule_place(lot: OfferLot, line: OfferLine) -> Place:
    whole, service = line.part is not Part.PRODUCT, line.part is Part.SERVICE
    products, text = tuple(each.id for each in line.products), lot.label(line)
    return Place(lot.id, lot.number, line.specification_id, line.cap, products, text, whole, service)


def own_bids(session: Session, box_id: int, actor: Actor) -> dict[int, Bid]:
    """Return the bids of the actor's company in a box, by lot."""
    query = select(Bid).where(Bid.box_id == box_id, Bid.company_id == actor.organisation_id)
    return {bid.lot_id: bid for bid in session.scalars(query.options(joinedload(Bid.submission)))}


@dataclass(frozen=True, slots=True)
class MyBid:
    """A lot as the actor's company bid it, or may: `typed` are its own prices by specification, once it has bid."""

    lot: OfferLot
    bid: Bid | None
    typed: Mapping[int, str]
    products: Mapping[int, int | None]

    @property
    def state(self) -> BidState | None:
        """Return the bid's state; None is 未报价."""
        return self.bid.state if self.bid else None

    @property
    def total(self) -> Decimal | None:
        """Return the sum of a system's own prices, None before every one of them can be read."""
        prices = [rules.read_price(self.typed.get(line.specification_id, "")).price for line in self.lot.own]
        return sum((price for price in prices if price is not None), Decimal(0)) if None not in prices else None

    def invalid(self, line: OfferLine) -> Issue | None:
        """Say why the price that is sealed can't win, where the round takes such prices and marks them."""
        typed = self.typed.get(line.specification_id)
        read = rules.read_price(typed, line.cap) if typed is not None else None
        return Issue(read.code, value=typed or "", facts=dict(read.facts)) if read and read.code else None


def my_bids(session: Session, found: Box, actor: Actor) -> list[MyBid]:
    """Return the lots in which the actor's company has products or has bid, with its own prices."""
    bids = own_bids(session, found.id, actor)
    refs = [bid.sealed_id for bid in bids.values() if bid.sealed_id is not None]
    contents = sealing.read_own(session, refs=refs, actor=actor)
    mine = []
    for lot in offer(session, found, actor.organisation_id):
        bid = bids.get(lot.id)
        if bid or lot.own:
            content = contents.get(bid.sealed_id or 0) if bid else None
            lines = json.loads(content.content)["lines"] if content else []
            typed = {line["specification_id"]: line["typed"] for line in lines}
            mine.append(MyBid(lot, bid, typed, {line["specification_id"]: line["product_id"] for line in lines}))
    return mine


def follows(mine: MyBid, form: Mapping[str, str]) -> dict[int, rules.Following]:
    """Return what each other specification's price is by the ratio rules from the main one, as typed or as sealed."""
    main = mine.lot.main
    if main is None:
        return {}
    typed = form.get(f"price-{main.specification_id}", mine.typed.get(main.specification_id, ""))
    price = rules.read_price(typed).price
    if not price:
        return {}
    return {
        line.specification_id: rules.following(price, main=main.price_factor, factor=line.price_factor, cap=line.cap)
        for line in mine.lot.own[1:]
    }


def my_bid(bids: Iterable[MyBid], lot_id: int) -> MyBid:
    """Pick one lot, or NotFound."""
    mine = next((each for each in bids if each.lot.id == lot_id), None)
    if mine is None:
        raise NotFound(lot=lot_id)
    return mine


def is_receiving(found: Box, at: datetime) -> bool:
    """Say whether a box takes bids at an instant; the submission itself asks again under the lock."""
    state = settled(found.state, found.deadline, at)
    return state is BoxState.RECEIVING and found.receives_from is not None and found.receives_from <= at


def bidder(session: Session, actor: Actor) -> Organisation:
    """Return the actor's company if it may bid; Forbidden, NotFound or `company-not-active` otherwise."""
    actor.must(P.BID_SUBMIT)
    company = company_of(session, actor)
    if company.kind is not OrganisationKind.COMPANY or company.state is not OrganisationState.ACTIVE:
        raise DomainError("company-not-active", company=company.name)
    return company


def company_of(session: Session, actor: Actor) -> Organisation:
    """Return the actor's organisation, or NotFound."""
    found = session.get(Organisation, actor.organisation_id) if actor.organisation_id is not None else None
    if found is None:
        raise NotFound(organisation=actor.organisation_id)
    return found
