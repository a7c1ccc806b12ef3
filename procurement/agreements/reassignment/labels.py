"""Names of reassignments' codes, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.agreements.reassignment.flow import ChoiceAction, ChoiceState, ReassignmentAction, ReassignmentState
from procurement.tags import Tag

labels(
    {
        ReassignmentState.OPEN: _l("Reassignment under way"),
        ReassignmentState.CLOSED: _l("Reassignment closed"),
        ReassignmentAction.CLOSE: _l("Close the reassignment"),
        ChoiceState.DRAFT: _l("Division kept as a draft"),
        ChoiceState.SUBMITTED: _l("Division submitted"),
        ChoiceAction.SAVE: _l("Keep as a draft"),
        ChoiceAction.SUBMIT: _l("Submit the division"),
        Tag.REASSIGNMENT_STARTED: _l("Reassignment of volumes started"),
        Tag.REASSIGNMENT_SAVED: _l("Division of volumes kept as a draft"),
        Tag.REASSIGNMENT_SUBMITTED: _l("Division of volumes submitted"),
        Tag.REASSIGNMENT_CLOSED: _l("Reassignment of volumes closed"),
    }
)
facts({
    "how": _l("How"), "fallback": _l("For the silent"), "hospital": _l("Hospital"), "given": _l("Given"),
    "reassigned": _l("Reassigned"), "silent": _l("Silent"),
})  # fmt: skip
sentences(
    {
        "reassignment-not-due": _l(
            "Volumes are reassigned in awarded rounds of consumables that are not closed; round %(code)s is none."
        ),
        "reassignment-started-already": _l("The reassignment of round %(code)s was started already."),
        "reassignment-without-winners": _l("Nobody won with volume, so there is nothing to reassign."),
        "reassignment-deadline-past": _l("Hospitals need a deadline that lies in the future."),
        "reassignment-without-top-unit": _l("Some lot has no winner in unit A; choose another rule."),
        "reassignment-not-open": _l("In round %(code)s hospitals do not divide volumes now."),
        "reassignment-over": _l("The deadline has passed. Nothing was changed."),
        "reassignment-first": _l("Reassign the volumes of round %(code)s first; agreements follow from them."),
        "reassign-not-whole": _l("“%(value)s” is not a whole number of at least 0."),
        "reassign-sum": _l(
            "Lot %(lot)s %(variety)s: %(given)s given, and %(pool)s have to be; the sum must be the same."
        ),
        "volume-not-conserved": _l("The division does not add up: own volume %(own)s, divided %(divided)s."),
        "reassignment-started": _l("Divide the volume that fell on losers in round %(round)s %(title)s."),
        "reassignment-due": _l(
            "Dividing the volumes of round %(round)s %(title)s closes in less than %(hours)s hours, and you have not "
            "submitted."
        ),
        "reassignment-closed": _l("The volumes of round %(round)s %(title)s are reassigned; look at yours."),
    }
)
