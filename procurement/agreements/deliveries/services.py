"""Name deliverers, answer, exempt from the two-invoice rule, end, choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.errors import Forbidden, Invalid, Issue, NotFound
from kernel.files.services import keep
from kernel.notices.services import notify
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation, Region
from procurement.agreements.deliveries import queries
from procurement.agreements.deliveries.flow import (
    CURRENT,
    DELIVERY_FLOW,
    DeliveryAction,
    DeliveryState,
    Exemption,
    Via,
)
from procurement.agreements.deliveries.models import DeliveryChoice, DeliveryRelation
from procurement.agreements.deliveries.rules import needs_exemption
from procurement.tags import Tag

URL = "/procurement/deliveries"


@dataclass(frozen=True, slots=True)
class Chain:
    """Who stands between producer and deliverer, the ground of an exemption, and the document that proves it."""

    via: Via = Via.DIRECT
    via_name: str = ""
    exemption: Exemption | None = None
    reason: str = ""
    document: tuple[str, bytes] | None = None


def name(
    session: Session, *, product_ids: Sequence[int], region_code: str, deliverer_id: int, chain: Chain, actor: Actor,
    at: datetime,
) -> list[DeliveryRelation]:  # fmt: skip
    """Let a distributor deliver products in a region, once it accepts, and the agency exempts where that is needed.

    Products it was named for already are left as they are. Raises Invalid with everything that is wrong.
    """
    if actor.organisation_kind is not OrganisationKind.COMPANY or actor.organisation_id is None:
        raise Forbidden
    products = _products(session, product_ids, actor)
    deliverer = session.get(Organisation, deliverer_id)
    _must_be_whole(session, products, region_code, deliverer, chain)
    known = _named(session, products, region_code, deliverer_id)
    fresh = [one for one in products if one.id not in known]
    if not fresh and deliverer is not None:
        raise Invalid({"deliverer": Issue("delivery-named-already", facts={"deliverer": deliverer.name})})
    state = DeliveryState.ASKED if needs_exemption(chain.via) else DeliveryState.NAMED
    return [_made(session, one, region_code, deliverer_id, state, chain, actor, at) for one in fresh]


def _products(session: Session, ids: Sequence[int], actor: Actor) -> list[Product]:
    query = select(Product).where(Product.id.in_(ids), Product.company_id == actor.organisation_id)
    return list(session.scalars(query.order_by(Product.id)).unique())


def _must_be_whole(
    session: Session, products: Sequence[Product], region_code: str, deliverer: Organisation | None, chain: Chain
) -> None:
    wrong: dict[str, Issue] = {}
    if not products:
        wrong["product"] = Issue("delivery-not-own")
    if session.get(Region, region_code) is None:
        wrong["region"] = Issue("needed")
    if deliverer is None or deliverer not in queries.distributors(session):
        wrong["deliverer"] = Issue("delivery-not-a-distributor")
    if chain.via is not Via.DIRECT:
        if not chain.via_name.strip():
            wrong["via_name"] = Issue("delivery-via-needed")
        if chain.document is None:
            wrong["file"] = Issue("delivery-document-needed")
    if needs_exemption(chain.via):
        if chain.exemption is None:
            wrong["exemption"] = Issue("delivery-exemption-needed")
        if not chain.reason.strip():
            wrong["reason"] = Issue("needed")
    if wrong:
        raise Invalid(wrong)


def _named(session: Session, products: Sequence[Product], region_code: str, deliverer_id: int) -> set[int]:
    query = select(DeliveryRelation.product_id).where(
        DeliveryRelation.product_id.in_([one.id for one in products]), DeliveryRelation.region_code == region_code,
        DeliveryRelation.deliverer_id == deliverer_id, DeliveryRelation.state.in_(CURRENT),
    )  # fmt: skip
    return set(session.scalars(query))


def _made(
    session: Session, product: Product, region_code: str, deliverer_id: int, state: DeliveryState, chain: Chain,
    actor: Actor, at: datetime,
) -> DeliveryRelation:  # fmt: skip
    asked = state is DeliveryState.ASKED
    made = DeliveryRelation(
        company_id=product.company_id, deliverer_id=deliverer_id, product_id=product.id, region_code=region_code,
        state=state, via=chain.via, via_name=chain.via_name.strip(), named_by_id=actor.user_id, named_at=at,
        exemption=chain.exemption if asked else None, reason=chain.reason.strip(),
    )  # fmt: skip
    session.add(made)
    session.flush()  # the document and the event name its id
    if chain.document is not None:
        file, content = chain.document
        keep(session, parent_kind=made.__tablename__, parent_id=made.id, name=file, content=content, actor=actor, at=at)
    facts = {"product": product.registered_name, "deliverer": made.deliverer.name, "region": region_code,
             "via": made.via, "exemption": made.exemption, "reason": made.reason}  # fmt: skip
    record(session, Tag.DELIVERY_NAMED, made, actor, at, facts)
    _tell(session, made, "delivery-asked" if asked else "delivery-named", at)
    return made


def decide(
    session: Session, *, relation_id: int, granted: bool, note: str = "", actor: Actor, at: datetime
) -> DeliveryRelation:
    """The agency grants or refuses an exemption from the two-invoice rule; a refusal says why."""
    found = queries.one(session, relation_id, actor, lock=True)
    state = DELIVERY_FLOW.after(found.state, DeliveryAction.GRANT if granted else DeliveryAction.REFUSE)
    if not granted and not note.strip():
        raise Invalid({"note": Issue("needed")})
    found.state, found.note, found.decided_by_id, found.decided_at = state, note.strip(), actor.user_id, at
    record(session, Tag.DELIVERY_DECIDED, found, actor, at, {"granted": granted, "note": found.note})
    _tell(session, found, "delivery-decided", at)
    if granted:
        _tell(session, found, "delivery-named", at)
    return found


def answer(
    session: Session, *, relation_id: int, accepted: bool, note: str = "", actor: Actor, at: datetime
) -> DeliveryRelation:
    """The named distributor accepts or declines."""
    found = queries.one(session, relation_id, actor, lock=True)
    if found.deliverer_id != actor.organisation_id:
        raise Forbidden
    found.state = DELIVERY_FLOW.after(found.state, DeliveryAction.ACCEPT if accepted else DeliveryAction.DECLINE)
    found.note, found.answered_by_id, found.answered_at = note.strip(), actor.user_id, at
    record(session, Tag.DELIVERY_ANSWERED, found, actor, at, {"granted": accepted, "note": found.note})
    _tell(session, found, "delivery-answered", at)
    return found


def end(session: Session, *, relation_id: int, actor: Actor, at: datetime) -> DeliveryRelation:
    """The producer ends a relationship; orders that are placed stay with their deliverer."""
    found = queries.one(session, relation_id, actor, lock=True)
    if found.company_id != actor.organisation_id:
        raise Forbidden
    found.state, found.ended_at = DELIVERY_FLOW.after(found.state, DeliveryAction.END), at
    record(session, Tag.DELIVERY_ENDED, found, actor, at, {"deliverer": found.deliverer.name})
    return found


def choose(session: Session, *, company_id: int, deliverer_id: int | None, actor: Actor, at: datetime) -> None:
    """A hospital chooses whom it is delivered by, of those a company named in its region; None: no choice."""
    hospital = actor.organisation_id
    if hospital is None or not actor.buys:
        raise Forbidden
    offered = {company.id: (company, others) for company, others in queries.offered(session, actor)}
    if company_id not in offered:
        raise NotFound(company=company_id)
    company, others = offered[company_id]
    if deliverer_id is not None and deliverer_id not in {one.id for one in others}:
        raise Invalid({"deliverer": Issue("delivery-choice-not-named", facts={"deliverer": str(deliverer_id)})})
    own = (DeliveryChoice.hospital_id == hospital) & (DeliveryChoice.company_id == company_id)
    held = session.scalars(select(DeliveryChoice).where(own).with_for_update()).one_or_none()
    if deliverer_id is None:
        if held is not None:
            session.delete(held)
    elif held is None:
        session.add(DeliveryChoice(hospital_id=hospital, company_id=company_id, deliverer_id=deliverer_id,
                                   chosen_by_id=actor.user_id, chosen_at=at))  # fmt: skip
    else:
        held.deliverer_id, held.chosen_by_id, held.chosen_at = deliverer_id, actor.user_id, at
    names = {one.id: one.name for one in others}
    record(session, Tag.DELIVERY_CHOSEN, company, actor, at, {"deliverer": names.get(deliverer_id or 0)})


def _tell(session: Session, found: DeliveryRelation, code: str, at: datetime) -> None:
    facts = {"company": found.company.name, "deliverer": found.deliverer.name,
             "product": found.product.registered_name, "region": found.region.name}  # fmt: skip
    if code == "delivery-asked":
        notify(session, code=code, facts=facts, roles=(Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER), url=URL, at=at)
    else:
        whom = found.deliverer_id if code == "delivery-named" else found.company_id
        notify(session, code=code, facts=facts, organisations=[whom], url=URL, at=at)
