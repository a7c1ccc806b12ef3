"""States of a designation and of a prescription's way through the two channels."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class DesignationState(StrEnum):
    """Where a hospital or pharmacy stands on its way to being designated (定点)."""

    PROPOSED = "proposed"
    PUBLICISED = "publicised"
    DESIGNATED = "designated"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class DesignationAction(StrEnum):
    """What is done with a designation."""

    PROPOSE = "propose"
    PUBLICISE = "publicise"
    DESIGNATE = "designate"
    SUSPEND = "suspend"
    RESTORE = "restore"
    WITHDRAW = "withdraw"


_S, _A = DesignationState, DesignationAction
DESIGNATION_FLOW: Flow[DesignationState, DesignationAction] = Flow(
    {
        (_S.PROPOSED, _A.PUBLICISE): _S.PUBLICISED,
        (_S.PROPOSED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.PUBLICISED, _A.DESIGNATE): _S.DESIGNATED,
        (_S.PUBLICISED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.DESIGNATED, _A.SUSPEND): _S.SUSPENDED,
        (_S.DESIGNATED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.SUSPENDED, _A.RESTORE): _S.DESIGNATED,
        (_S.SUSPENDED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.WITHDRAWN, _A.PROPOSE): _S.PROPOSED,
    }
)


class ReviewResult(StrEnum):
    """How a yearly review ended; what has to be put right suspends, a failure withdraws."""

    PASSED = "passed"
    TO_CORRECT = "to-correct"
    FAILED = "failed"


class PrescriptionState(StrEnum):
    """How far a prescription has come. There is no way back: what was dispensed stays on record."""

    ISSUED = "issued"
    CHOSEN = "chosen"
    DISPENSED = "dispensed"
    SETTLED = "settled"


class PrescriptionAction(StrEnum):
    """What is done with a prescription; as long as nothing is dispensed another pharmacy may be chosen."""

    CHOOSE = "choose"
    DISPENSE = "dispense"
    SETTLE = "settle"


PRESCRIPTION_FLOW: Flow[PrescriptionState, PrescriptionAction] = Flow(
    {
        (PrescriptionState.ISSUED, PrescriptionAction.CHOOSE): PrescriptionState.CHOSEN,
        (PrescriptionState.CHOSEN, PrescriptionAction.CHOOSE): PrescriptionState.CHOSEN,
        (PrescriptionState.CHOSEN, PrescriptionAction.DISPENSE): PrescriptionState.DISPENSED,
        (PrescriptionState.DISPENSED, PrescriptionAction.SETTLE): PrescriptionState.SETTLED,
    }
)
