"""Form a joint, answer to it, end it. All of it under the box's lock, before its deadline.

Audit events are about the acting company's own membership and hold no facts: before the opening only the members know
with whom, for which lot and in which shares they bid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.errors import Conflict, Invalid, NotFound
from kernel.files import rules as files
from kernel.files.services import keep
from kernel.money import round_ratio
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from procurement.bids import queries as bids
from procurement.bids.boxes.services import locked
from procurement.bids.flow import BoxState
from procurement.bids.joints import queries, rules
from procurement.bids.joints.flow import (
    JOINT_FLOW,
    LIVE,
    MEMBER_FLOW,
    JointAction,
    JointState,
    MemberAction,
    MemberState,
)
from procurement.bids.joints.models import Joint, JointMember
from procurement.bids.joints.rules import Part
from procurement.bids.models import Box
from procurement.tags import Tag

AGREEMENT = "联合体协议"
"""What the agreement file is called, whatever its own name said: file names stand in the audit trail."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The file in which the members agree on the joint."""

    name: str
    content: bytes


def propose(
    session: Session, *, box_id: int, lot_id: int, own_share: str, members: Sequence[Part], agreement: Agreement,
    actor: Actor, at: datetime,
) -> Joint:  # fmt: skip
    """Propose a joint for a lot: the lead is bound at once, each member is asked. Raises Invalid with every mistake."""
    lead = bids.bidder(session, actor)
    box, now = _receiving(session, box_id, actor)
    if not box.joint_most:
        raise Conflict("joint-not-allowed")
    own = Part(lead.id, own_share)
    able = queries.able(session, lot_id) if _in_box(session, box, lot_id) else {}
    wrong = rules.faults(own, members, able, box.joint_most)
    problem = files.fault(agreement.name, agreement.content)
    if wrong or problem:
        raise Invalid(wrong | ({"agreement": problem} if problem else {}))
    _must_be_free(session, box, lot_id, lead)
    joint = Joint(box_id=box.id, lot_id=lot_id, lead_id=lead.id, proposed_by_id=actor.user_id, proposed_at=now)
    joint.members = [_member(box, lot_id, part) for part in (own, *members)]
    _answer(joint.members[0], MemberAction.CONFIRM, actor, now)
    session.add(joint)
    session.flush()  # the file and the notices name the id
    name = f"{AGREEMENT}{files.suffix(agreement.name)}"
    keep(
        session, parent_kind=queries.PARENT, parent_id=joint.id, name=name, content=agreement.content, actor=actor,
        at=at, field="agreement",
    )  # fmt: skip
    record(session, Tag.JOINT_PROPOSED, joint.members[0], actor, at, {})
    _tell(session, joint, "joint-asked", at, but=lead.id)
    return joint


def confirm(session: Session, *, joint_id: int, actor: Actor, at: datetime) -> Joint:
    """Join: from now on the company is bound for the lot. The last one to confirm makes the joint ready to bid."""
    company = bids.bidder(session, actor)
    joint, mine, box, now = _locked(session, joint_id, company, actor)
    if joint.state is not JointState.PROPOSED:
        raise Conflict("joint-over")
    MEMBER_FLOW.after(mine.state, MemberAction.CONFIRM)
    _must_be_free(session, box, joint.lot_id, company)
    _answer(mine, MemberAction.CONFIRM, actor, now)
    if all(each.state is MemberState.BOUND for each in joint.members):
        joint.state = JOINT_FLOW.after(joint.state, JointAction.AGREE)
        _tell(session, joint, "joint-agreed", at)
    session.flush()  # a company that two joints would bind is refused here
    record(session, Tag.JOINT_CONFIRMED, mine, actor, at, {})
    return joint


def decline(session: Session, *, joint_id: int, actor: Actor, at: datetime) -> Joint:
    """Decline a joint, or leave it before its bid is sealed. The shares no longer add up: the joint ends for all."""
    company = bids.bidder(session, actor)
    joint, mine, _box, now = _locked(session, joint_id, company, actor)
    if company.id == joint.lead_id:
        raise Conflict("joint-lead-dissolves")
    _end(session, joint, JointAction.DECLINE, now)
    _answer(mine, MemberAction.REFUSE, actor, now)
    _free(joint)
    record(session, Tag.JOINT_DECLINED, mine, actor, at, {})
    _tell(session, joint, "joint-declined", at, but=company.id, company=company.name)
    return joint


def dissolve(session: Session, *, joint_id: int, actor: Actor, at: datetime) -> Joint:
    """End a joint whose bid is not sealed; everybody is free again. The lead's act."""
    company = bids.bidder(session, actor)
    joint, mine, _box, now = _locked(session, joint_id, company, actor)
    if company.id != joint.lead_id:
        raise Conflict("joint-only-lead")
    _end(session, joint, JointAction.DISSOLVE, now)
    _free(joint)
    record(session, Tag.JOINT_DISSOLVED, mine, actor, at, {})
    _tell(session, joint, "joint-dissolved", at, but=company.id)
    return joint


def must_not_bind(session: Session, *, box_id: int, company_id: int, lot_ids: Sequence[int]) -> list[Joint]:
    """Refuse a bid of a company that a joint binds, unless it leads an agreed one. Asked under the box's lock.

    Return the joints that bid by it.
    """
    bonds = queries.bonds(session, box_id, company_id)
    led = [bonds[lot_id] for lot_id in lot_ids if lot_id in bonds]
    for joint in led:
        if joint.lead_id != company_id:
            raise Conflict("joint-binds", lot=joint.lot.number, lead=joint.lead.name)
        if joint.state is not JointState.AGREED:
            raise Conflict("joint-not-agreed", lot=joint.lot.number)
    return led


def _receiving(session: Session, box_id: int, actor: Actor) -> tuple[Box, datetime]:
    """Lock the box, then read the clock: joints are formed and ended until the deadline, to the second."""
    box = locked(session, bids.box(session, box_id, actor).id)
    now = clock.after_lock(session)
    if box.state is not BoxState.RECEIVING:
        raise Conflict("box-not-receiving")
    if box.deadline is None or now >= box.deadline:
        raise Conflict("box-deadline-passed", deadline=box.deadline)
    return box, now


def _locked(
    session: Session, joint_id: int, company: Organisation, actor: Actor
) -> tuple[Joint, JointMember, Box, datetime]:
    """Return a joint of the company read afresh under its box's lock, or NotFound."""
    seen = queries.one(session, joint_id, actor)
    box, now = _receiving(session, seen.box_id, actor)
    members = select(JointMember).where(JointMember.joint_id == joint_id).order_by(JointMember.id)
    fresh = session.scalars(members.execution_options(populate_existing=True)).all()
    session.refresh(seen, ["state", "ended_at"])
    mine = next((each for each in fresh if each.company_id == company.id), None)
    if mine is None:
        raise NotFound(joint=joint_id)
    return seen, mine, box, now


def _in_box(session: Session, box: Box, lot_id: int) -> bool:
    return lot_id in {lot.id for lot in bids.offer(session, box, None)}


def _must_be_free(session: Session, box: Box, lot_id: int, company: Organisation) -> None:
    """Refuse a company that another joint binds, or that has a bid of its own for the lot."""
    if lot_id in queries.bonds(session, box.id, company.id):
        raise Conflict("joint-bound-already")
    if queries.has_bid(session, box.id, lot_id, company.id):
        raise Conflict("joint-own-bid")


def _member(box: Box, lot_id: int, part: Part) -> JointMember:
    share = rules.share_of(part)
    if share is None:
        raise Invalid({})
    whole = round_ratio(share / rules.WHOLE)
    return JointMember(box_id=box.id, lot_id=lot_id, company_id=part.company_id, share=whole, state=MemberState.ASKED)


def _answer(member: JointMember, action: MemberAction, actor: Actor, now: datetime) -> None:
    member.state = MEMBER_FLOW.after(member.state, action)
    member.answered_by_id, member.answered_at = actor.user_id, now


def _end(session: Session, joint: Joint, action: JointAction, now: datetime) -> None:
    if joint.state not in LIVE:
        raise Conflict("joint-over")
    if queries.has_bid(session, joint.box_id, joint.lot_id, joint.lead_id):
        raise Conflict("joint-bid-sealed", lead=joint.lead.name)
    joint.state, joint.ended_at = JOINT_FLOW.after(joint.state, action), now


def _free(joint: Joint) -> None:
    for each in joint.members:
        if MEMBER_FLOW.allows(each.state, MemberAction.FREE):
            each.state = MEMBER_FLOW.after(each.state, MemberAction.FREE)


def _tell(session: Session, joint: Joint, code: str, at: datetime, *, but: int | None = None, **facts: str) -> None:
    """Tell the joint's companies, and nobody else."""
    told = sorted({each.company_id for each in joint.members} - {but})
    known = {"box": joint.box.title, "lead": joint.lead.name, "lot": joint.lot.number, **facts}
    url = f"/procurement/joints/{joint.id}"
    notify(session, code=code, facts=known, at=at, url=url, organisations=told, roles=[Role.MANUFACTURER])
