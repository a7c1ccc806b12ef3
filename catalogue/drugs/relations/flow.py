"""States of what a company says about its owners, and of the relations found from it."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class ProfileState(StrEnum):
    """Where a company's statement about its owners stands."""

    FILED = "filed"
    CONFIRMED = "confirmed"
    SENT_BACK = "sent-back"


class ProfileAction(StrEnum):
    """What can happen to a statement."""

    FILE = "file"
    CONFIRM = "confirm"
    SEND_BACK = "send-back"


PROFILE_FLOW = Flow(
    {
        **{(state, ProfileAction.FILE): ProfileState.FILED for state in ProfileState},
        (ProfileState.FILED, ProfileAction.CONFIRM): ProfileState.CONFIRMED,
        (ProfileState.FILED, ProfileAction.SEND_BACK): ProfileState.SENT_BACK,
    }
)


class ProposalState(StrEnum):
    """What became of a relation that was found. `LAPSED`: its grounds are gone."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class ProposalAction(StrEnum):
    """What can happen to a proposal."""

    PROPOSE = "propose"
    CONFIRM = "confirm"
    REJECT = "reject"
    LAPSE = "lapse"


PROPOSAL_FLOW = Flow(
    {
        (ProposalState.PROPOSED, ProposalAction.PROPOSE): ProposalState.PROPOSED,
        (ProposalState.REJECTED, ProposalAction.PROPOSE): ProposalState.PROPOSED,
        (ProposalState.LAPSED, ProposalAction.PROPOSE): ProposalState.PROPOSED,
        (ProposalState.CONFIRMED, ProposalAction.PROPOSE): ProposalState.PROPOSED,
        (ProposalState.PROPOSED, ProposalAction.CONFIRM): ProposalState.CONFIRMED,
        (ProposalState.PROPOSED, ProposalAction.REJECT): ProposalState.REJECTED,
        (ProposalState.PROPOSED, ProposalAction.LAPSE): ProposalState.LAPSED,
    }
)
