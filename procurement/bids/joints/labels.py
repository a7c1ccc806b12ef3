"""Names of the codes of joint bids, and the sentences of their refusals, notices and events."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.bids.joints.flow import JointAction, JointState, MemberAction, MemberState
from procurement.tags import Tag

labels(
    {
        JointState.PROPOSED: _l("Waits for its members"),
        JointState.AGREED: _l("All members confirmed"),
        JointState.DECLINED: _l("Ended, a member declined"),
        JointState.DISSOLVED: _l("Dissolved by its lead"),
        JointState.LAPSED: _l("Lapsed at the deadline"),
    }
)
labels(
    {
        JointAction.AGREE: _l("Last member confirms"),
        JointAction.DECLINE: _l("A member declines"),
        JointAction.DISSOLVE: _l("Dissolve the joint"),
        JointAction.LAPSE: _l("Deadline passes"),
    }
)
labels(
    {
        MemberState.ASKED: _l("Asked, no answer yet"),
        MemberState.BOUND: _l("Confirmed and bound"),
        MemberState.REFUSED: _l("Declined to join"),
        MemberState.FREED: _l("Free again"),
    }
)
labels(
    {
        MemberAction.CONFIRM: _l("Confirm and join"),
        MemberAction.REFUSE: _l("Decline to join"),
        MemberAction.FREE: _l("Set free"),
    }
)
labels(
    {
        Tag.JOINT_PROPOSED: _l("Joint bid proposed"),
        Tag.JOINT_CONFIRMED: _l("Joint bid confirmed by a member"),
        Tag.JOINT_DECLINED: _l("Joint bid declined by a member"),
        Tag.JOINT_DISSOLVED: _l("Joint bid dissolved"),
    }
)
sentences(
    {
        "joint-not-allowed": _l("The rules of this round do not allow joint bids."),
        "joint-alone": _l("Choose at least one member."),
        "joint-too-many": _l("At most %(most)s companies may bid jointly, the lead included."),
        "joint-member-twice": _l("This company is in the joint already."),
        "joint-no-product": _l("The company has no product of this lot, or is not active."),
        "joint-share": _l("The share has to be above 0 and below 100 per cent, with at most 2 decimals."),
        "joint-shares-sum": _l("The shares come to %(total)s per cent; they have to come to 100."),
        "joint-bound-already": _l("Your company is bound by another joint bid for this lot."),
        "joint-own-bid": _l("Your company has a sealed bid of its own for this lot. Withdraw it first."),
        "joint-binds": _l("Your company bids for lot %(lot)s jointly; %(lead)s hands the bid in."),
        "joint-not-agreed": _l("Not all members of your joint bid for lot %(lot)s have confirmed."),
        "joint-over": _l("This joint bid has ended, or its members are settled."),
        "joint-bid-sealed": _l("The joint's bid is sealed. %(lead)s has to withdraw it first."),
        "joint-only-lead": _l("Only the lead can dissolve the joint."),
        "joint-lead-dissolves": _l("The lead dissolves the joint instead of declining it."),
        "joint-asked": _l("%(lead)s asks your company to bid jointly for lot %(lot)s of %(box)s"),
        "joint-agreed": _l("All members have confirmed the joint bid for lot %(lot)s of %(box)s"),
        "joint-declined": _l("%(company)s is not in the joint bid for lot %(lot)s of %(box)s; the joint has ended"),
        "joint-dissolved": _l("%(lead)s has dissolved the joint bid for lot %(lot)s of %(box)s"),
    }
)
