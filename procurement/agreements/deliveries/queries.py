"""Delivery relationships as their parties may see them, and who delivers a plan's products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product, Specification
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation, Region
from kernel.sets import among
from procurement.agreements.deliveries.flow import DeliveryState
from procurement.agreements.deliveries.models import DeliveryChoice, DeliveryRelation
from procurement.agreements.deliveries.rules import deliverer, within


def visible(actor: Actor) -> Select[DeliveryRelation]:
    """Return the relationships the actor may see: a hospital those that deliver in its region."""
    query = select(DeliveryRelation)
    own = actor.organisation_id
    if actor.runs_platform:
        return query
    if actor.organisation_kind is OrganisationKind.COMPANY:
        return query.where(DeliveryRelation.company_id == own)
    if actor.organisation_kind is OrganisationKind.DISTRIBUTOR:
        return query.where(DeliveryRelation.deliverer_id == own, DeliveryRelation.state != DeliveryState.ASKED)
    if actor.buys and actor.region:
        return query.where(
            DeliveryRelation.state == DeliveryState.ACCEPTED, DeliveryRelation.region_code.in_(within(actor.region))
        )  # fmt: skip
    return query.where(false())


def listing(actor: Actor, *, state: str = "", text: str = "") -> Select[DeliveryRelation]:
    """Return the query of the list page: in a state, or whose product, company or deliverer holds the text."""
    one = DeliveryRelation
    query = visible(actor).join(Product, Product.id == one.product_id).options(
        joinedload(one.company), joinedload(one.deliverer), joinedload(one.region),
        joinedload(one.product).joinedload(Product.specification).joinedload(Specification.variety),
    )  # fmt: skip
    if state in set(DeliveryState):
        query = query.where(one.state == DeliveryState(state))
    if text:
        named = select(Organisation.id).where(Organisation.name.contains(text, autoescape=True))
        held = Product.registered_name.contains(text, autoescape=True)
        query = query.where(held | one.company_id.in_(named) | one.deliverer_id.in_(named))
    return query.order_by(one.id.desc())


def one(session: Session, relation_id: int, actor: Actor, *, lock: bool = False) -> DeliveryRelation:
    """Return a relationship, its row locked and read anew where asked, or NotFound."""
    query = visible(actor).where(DeliveryRelation.id == relation_id)
    if lock:
        query = query.with_for_update(of=DeliveryRelation).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(delivery=relation_id)
    return found


def waiting(session: Session, actor: Actor) -> int:
    """Count what waits for the actor: a deliverer's answers, the agency's exemptions."""
    state = DeliveryState.NAMED if actor.organisation_kind is OrganisationKind.DISTRIBUTOR else DeliveryState.ASKED
    query = visible(actor).where(DeliveryRelation.state == state)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def distributors(session: Session) -> Sequence[Organisation]:
    """Return the distributors that can be named."""
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.DISTRIBUTOR, Organisation.state == OrganisationState.ACTIVE
    )
    return session.scalars(query.order_by(Organisation.name)).all()


def own_products(session: Session, actor: Actor) -> Sequence[Product]:
    """Return the products of the actor's company that are sold."""
    query = select(Product).where(Product.company_id == actor.organisation_id, Product.active)
    return session.scalars(query.order_by(Product.registered_name, Product.id)).unique().all()


def regions(session: Session) -> Sequence[Region]:
    """Return the regions by code."""
    return session.scalars(select(Region).order_by(Region.code)).all()


def named(session: Session, *, region_code: str, product_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return, by product, who delivers it in a region."""
    query = select(DeliveryRelation.product_id, DeliveryRelation.deliverer_id).where(
        among(DeliveryRelation.product_id, product_ids), DeliveryRelation.region_code.in_(within(region_code)),
        DeliveryRelation.state == DeliveryState.ACCEPTED,
    )  # fmt: skip
    found: dict[int, set[int]] = defaultdict(set)
    for product, organisation in session.execute(query):
        found[product].add(organisation)
    return found


def choices(session: Session, hospital_id: int) -> dict[int, int]:
    """Return, by company, whom a hospital chose to be delivered by."""
    query = select(DeliveryChoice.company_id, DeliveryChoice.deliverer_id)
    return dict(session.execute(query.where(DeliveryChoice.hospital_id == hospital_id)).all())


def deliverers(
    session: Session, *, hospital_id: int, region_code: str, products: Mapping[int, Product]
) -> dict[int, int]:
    """Return, by product, who delivers to a hospital: its choice among the named, the one named alone, the producer."""
    by_product = named(session, region_code=region_code, product_ids=sorted(products))
    chosen = choices(session, hospital_id)
    return {
        key: deliverer(producer=one.company_id, named=by_product.get(key, set()), chosen=chosen.get(one.company_id))
        for key, one in products.items()
    }


def offered(session: Session, actor: Actor) -> list[tuple[Organisation, list[Organisation]]]:
    """Return, for the actor's hospital, the companies with the deliverers they named in its region."""
    pairs = visible(actor).with_only_columns(DeliveryRelation.company_id, DeliveryRelation.deliverer_id).distinct()
    by_company: dict[int, set[int]] = defaultdict(set)
    for company, organisation in session.execute(pairs):
        by_company[company].add(organisation)
    ids = {*by_company, *(each for others in by_company.values() for each in others)}
    known = {each.id: each for each in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    found = [(known[key], sorted((known[each] for each in others), key=_name)) for key, others in by_company.items()]
    return sorted(found, key=lambda row: row[0].name)


def _name(one: Organisation) -> str:
    return one.name
