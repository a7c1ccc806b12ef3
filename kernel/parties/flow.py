"""How an organisation's review moves: applied → active, or returned and resubmitted; active ⇄ suspended."""

from __future__ import annotations

from kernel.flow import Flow
from kernel.parties.codes import OrganisationAction as Action
from kernel.parties.codes import OrganisationState as State

ORGANISATION_FLOW: Flow[State, Action] = Flow(
    {
        (State.APPLIED, Action.ACCEPT): State.ACTIVE,
        (State.APPLIED, Action.RETURN): State.RETURNED,
        (State.RETURNED, Action.RESUBMIT): State.APPLIED,
        (State.ACTIVE, Action.SUSPEND): State.SUSPENDED,
        (State.SUSPENDED, Action.RESTORE): State.ACTIVE,
    }
)
