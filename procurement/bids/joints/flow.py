"""States of a joint bid and of its members."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class JointState(StrEnum):
    """Where a joint stands. `LAPSED` follows from the deadline: not everybody had confirmed by then."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "joint-declined"
    DISSOLVED = "dissolved"
    LAPSED = "lapsed"


class JointAction(StrEnum):
    """What can happen to a joint."""

    AGREE = "agree"
    DECLINE = "decline"
    DISSOLVE = "dissolve"
    LAPSE = "lapse"


JOINT_FLOW = Flow(
    {
        (JointState.PROPOSED, JointAction.AGREE): JointState.AGREED,
        (JointState.PROPOSED, JointAction.DECLINE): JointState.DECLINED,
        (JointState.AGREED, JointAction.DECLINE): JointState.DECLINED,
        (JointState.PROPOSED, JointAction.DISSOLVE): JointState.DISSOLVED,
        (JointState.AGREED, JointAction.DISSOLVE): JointState.DISSOLVED,
        (JointState.PROPOSED, JointAction.LAPSE): JointState.LAPSED,
    }
)
LIVE = (JointState.PROPOSED, JointState.AGREED)


def settled(state: JointState, deadline: datetime | None, at: datetime) -> JointState:
    """Return the state a joint has at an instant: what is not agreed at the deadline has lapsed."""
    if state is JointState.PROPOSED and deadline is not None and at >= deadline:
        return JOINT_FLOW.after(state, JointAction.LAPSE)
    return state


class MemberState(StrEnum):
    """Where a company stands in a joint. `BOUND` keeps it from any other bid for the lot; the lead is from the start.

    `FREED` is whoever was bound or asked when the joint ended.
    """

    ASKED = "member-asked"
    BOUND = "bound"
    REFUSED = "member-refused"
    FREED = "freed"


class MemberAction(StrEnum):
    """What a company can do in a joint, and what the joint's end does to it."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    FREE = "free"


MEMBER_FLOW = Flow(
    {
        (MemberState.ASKED, MemberAction.CONFIRM): MemberState.BOUND,
        (MemberState.ASKED, MemberAction.REFUSE): MemberState.REFUSED,
        (MemberState.BOUND, MemberAction.REFUSE): MemberState.REFUSED,
        (MemberState.ASKED, MemberAction.FREE): MemberState.FREED,
        (MemberState.BOUND, MemberAction.FREE): MemberState.FREED,
    }
)
