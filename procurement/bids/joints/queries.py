"""Joints as their companies see them; everybody else learns of one after the opening, and only if it bid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from procurement.bids.flow import BidState, BoxState
from procurement.bids.joints.flow import LIVE, JointState, MemberState, settled
from procurement.bids.joints.models import Joint, JointMember
from procurement.bids.models import Bid, Box
from procurement.demand.models import Lot, LotSpecification

PARENT = "joint_bid"
"""The parent kind of a joint's agreement file."""


def _whole(query: Select[Joint]) -> Select[Joint]:
    return query.options(
        joinedload(Joint.lead), joinedload(Joint.box), joinedload(Joint.lot).joinedload(Lot.variety),
        selectinload(Joint.members).joinedload(JointMember.company),
    )  # fmt: skip


def _stands() -> Select[Joint]:
    """Return the joints that bid: agreed ones whose lead's bid was opened."""
    bid = exists().where(
        Bid.box_id == Joint.box_id, Bid.lot_id == Joint.lot_id, Bid.company_id == Joint.lead_id,
        Bid.state == BidState.OPENED,
    )  # fmt: skip
    opened = exists().where(Box.id == Joint.box_id, Box.state == BoxState.OPENED)
    return select(Joint).where(Joint.state == JointState.AGREED, bid, opened)


def visible(actor: Actor) -> Select[Joint]:
    """Return the joints an actor may know of: its own company's, and those that bid for who runs the platform."""
    mine = exists().where(JointMember.joint_id == Joint.id, JointMember.company_id == (actor.organisation_id or 0))
    if not actor.runs_platform:
        return select(Joint).where(mine)
    return select(Joint).where(or_(mine, Joint.id.in_(_stands().with_only_columns(Joint.id))))


def one(session: Session, joint_id: int, actor: Actor) -> Joint:
    """Return a joint with its members, or NotFound."""
    found = session.scalars(_whole(visible(actor).where(Joint.id == joint_id))).unique().one_or_none()
    if found is None:
        raise NotFound(joint=joint_id)
    return found


def own(session: Session, box_id: int, actor: Actor) -> Sequence[Joint]:
    """Return the joints of a box in which the actor's company is or was, newest first."""
    mine = select(JointMember.joint_id).where(JointMember.company_id == (actor.organisation_id or 0))
    query = select(Joint).where(Joint.box_id == box_id, Joint.id.in_(mine)).order_by(Joint.id.desc())
    return session.scalars(_whole(query)).unique().all()


def bonds(session: Session, box_id: int, company_id: int | None) -> dict[int, Joint]:
    """Return, by lot, the live joint that binds a company."""
    query = (
        select(Joint)
        .join(JointMember, JointMember.joint_id == Joint.id)
        .where(
            Joint.box_id == box_id, JointMember.company_id == company_id, JointMember.state == MemberState.BOUND,
            Joint.state.in_(LIVE),
        )
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return {joint.lot_id: joint for joint in session.scalars(_whole(query)).unique()}


def led_by_others(
    box_id: int | InstrumentedAttribute[int], company: int | InstrumentedAttribute[int] | None
) -> Select[int]:
    """Return the lots of a box for which a company is bound and another one leads: it bids for none of them itself."""
    return (
        select(JointMember.lot_id)
        .join(Joint, Joint.id == JointMember.joint_id)
        .where(
            JointMember.box_id == box_id, JointMember.company_id == company, JointMember.state == MemberState.BOUND,
            Joint.lead_id != JointMember.company_id, Joint.state.in_(LIVE),
        )
    )  # fmt: skip


def asked(session: Session, actor: Actor, at: datetime) -> list[Joint]:
    """Return the joints that wait for the answer of the actor's company, nearest deadline first."""
    query = (
        select(Joint)
        .join(JointMember, JointMember.joint_id == Joint.id)
        .join(Box, Box.id == Joint.box_id)
        .where(
            JointMember.company_id == (actor.organisation_id or 0), JointMember.state == MemberState.ASKED,
            Joint.state == JointState.PROPOSED, Box.state == BoxState.RECEIVING,
        )
        .order_by(Box.deadline, Joint.id)
    )  # fmt: skip
    found = session.scalars(_whole(query)).unique().all()
    return [each for each in found if settled(each.state, each.box.deadline, at) is JointState.PROPOSED]


def able(session: Session, lot_id: int) -> dict[int, Organisation]:
    """Return the active companies that have a product of the lot, by id: who may be in a joint for it."""
    makers = (
        select(Product.company_id)
        .join(LotSpecification, LotSpecification.specification_id == Product.specification_id)
        .where(LotSpecification.lot_id == lot_id, Product.active)
    )
    query = select(Organisation).where(
        Organisation.id.in_(makers), Organisation.kind == OrganisationKind.COMPANY,
        Organisation.state == OrganisationState.ACTIVE,
    )  # fmt: skip
    return {each.id: each for each in session.scalars(query.order_by(Organisation.name, Organisation.id))}


def has_bid(session: Session, box_id: int, lot_id: int, company_id: int) -> bool:
    """Say whether a company has a live bid of its own for a lot."""
    query = select(Bid.id).where(
        Bid.box_id == box_id, Bid.lot_id == lot_id, Bid.company_id == company_id, Bid.state == BidState.SUBMITTED
    )
    return session.scalar(query) is not None


def standing(session: Session, *box_ids: int) -> dict[tuple[int, int], Joint]:
    """Return the joints that bid in opened boxes, by lot and lead; nothing before the opening.

    Whoever shows them asks first whether the reader may see the round's bids or results.
    """
    found = session.scalars(_whole(_stands().where(Joint.box_id.in_(box_ids)).order_by(Joint.id))).unique()
    return {(joint.lot_id, joint.lead_id): joint for joint in found}


def bound() -> Select[Any]:
    """Return the query of companies that bid through another one's opened bid: box, lot, company and its lead."""
    query: Any = select(Joint.box_id, Joint.lot_id, JointMember.company_id, Joint.lead_id)
    found: Select[Any] = query.join(JointMember, JointMember.joint_id == Joint.id).where(
        JointMember.company_id != Joint.lead_id, Joint.id.in_(_stands().with_only_columns(Joint.id))
    )
    return found


def leads(session: Session, box_id: int) -> dict[int, dict[int, int]]:
    """Return, by lot, the lead for each company of a joint that bid in an opened box, the lead itself included."""
    query = (
        select(JointMember.lot_id, JointMember.company_id, Joint.lead_id)
        .join(Joint, Joint.id == JointMember.joint_id)
        .where(Joint.id.in_(_stands().where(Joint.box_id == box_id).with_only_columns(Joint.id)))
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for lot_id, company_id, lead_id in session.execute(query.order_by(JointMember.id)):
        found[lot_id][company_id] = lead_id
    return dict(found)
