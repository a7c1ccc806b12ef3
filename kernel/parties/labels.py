"""Names of organisations' kinds, states and actions, and their refusals as sentences."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.parties.codes import OrganisationAction, OrganisationKind, OrganisationState, Ownership
from kernel.problems import sentences

labels(
    {
        OrganisationKind.COMPANY: _l("Pharmaceutical company"),
        OrganisationKind.DISTRIBUTOR: _l("Distribution company"),
        OrganisationKind.HOSPITAL: _l("Hospital"),
        OrganisationKind.PHARMACY: _l("Pharmacy"),
        OrganisationKind.AGENCY: _l("Procurement agency"),
        OrganisationKind.BUREAU: _l("Healthcare security bureau"),
        OrganisationKind.OPERATOR: _l("Operator of the platform"),
        OrganisationState.APPLIED: _l("Waits for review"),
        OrganisationState.RETURNED: _l("Returned to the applicant"),
        OrganisationState.ACTIVE: _l("Active"),
        OrganisationState.SUSPENDED: _l("Suspended"),
        OrganisationAction.RETURN: _l("Return"),
        OrganisationAction.RESUBMIT: _l("Hand in again"),
        OrganisationAction.ACCEPT: _l("Accept"),
        OrganisationAction.SUSPEND: _l("Suspend"),
        OrganisationAction.RESTORE: _l("Restore"),
        Ownership.PUBLIC: _l("Public (owned)"),
        Ownership.PRIVATE: _l("Private (owned)"),
    }
)
sentences(
    {
        "bad-credit-code": _l(
            "“%(credit_code)s” is not a unified social credit code: 18 characters with a check character."
        ),
        "operator-stays": _l("The operator of the platform can't be suspended."),
        "organisation-accepted": _l("%(name)s is accepted."),
        "organisation-known": _l(
            "An organisation with the code %(value)s is registered already; ask its administrator."
        ),
        "organisation-waits": _l("%(name)s applied and waits for review."),
        "own-application": _l("Whoever filed an application can't review it."),
        "own-organisation": _l("Nobody can decide on his own organisation."),
        "reason-missing": _l("State the reason; the applicant will read it."),
        "too-many-applications": _l("Too many applications came from this address today. Try again tomorrow."),
    }
)
