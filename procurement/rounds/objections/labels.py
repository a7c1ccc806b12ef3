"""Names of the codes of objections, and what their refusals and notices say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.rounds.objections.flow import Finding, Ground, ObjectionAction, ObjectionState, Standing
from procurement.tags import Tag

labels(
    {
        ObjectionState.FILED: _l("Objection received"),
        ObjectionState.CLAIMED: _l("Being answered"),
        ObjectionState.DRAFTED: _l("Reply waits for a second person"),
        ObjectionState.REPLIED: _l("Replied"),
        ObjectionState.WITHDRAWN: _l("Objection withdrawn"),
    }
)
labels(
    {
        ObjectionAction.CLAIM: _l("Take up"),
        ObjectionAction.RELEASE: _l("Give back to the queue"),
        ObjectionAction.COMMENT: _l("Make a statement"),
        ObjectionAction.REPLY: _l("Draft a reply"),
        ObjectionAction.RETURN: _l("Return the reply"),
        ObjectionAction.CONFIRM: _l("Confirm the reply"),
        ObjectionAction.WITHDRAW: _l("Withdraw the objection"),
    }
)
labels(
    {
        Ground.PRICE_ERROR: _l("Price error"),
        Ground.ELIGIBILITY: _l("Eligibility"),
        Ground.RELATED_COMPANIES: _l("Related companies bid apart"),
        Ground.VOLUME: _l("Demand and volume"),
        Ground.PROCEDURE: _l("Procedure"),
        Ground.OTHER: _l("Other ground"),
    }
)
labels(
    {
        Standing.BIDDER: _l("Bidder of the round"),
        Standing.HOSPITAL: _l("Hospital of the round"),
        Standing.PUBLIC: _l("Public"),
    }
)
labels(
    {
        Finding.UPHELD: _l("Upheld"),
        Finding.PARTLY: _l("Upheld in part"),
        Finding.REJECTED: _l("Objection rejected"),
        Finding.OUT_OF_TIME: _l("Out of time"),
        Finding.NOT_ADMISSIBLE: _l("Not admissible"),
    }
)
labels(
    {
        Tag.OBJECTION_FILED: _l("Objection filed"),
        Tag.OBJECTION_CLAIMED: _l("Objection taken up"),
        Tag.OBJECTION_RELEASED: _l("Objection given back"),
        Tag.OBJECTION_COMMENTED: _l("Statement of the company concerned"),
        Tag.OBJECTION_REPLIED: _l("Reply drafted"),
        Tag.OBJECTION_RETURNED: _l("Reply returned"),
        Tag.OBJECTION_CONFIRMED: _l("Reply confirmed"),
        Tag.OBJECTION_WITHDRAWN: _l("Objection taken back"),
        Tag.REPLY_TIME_SAID: _l("Time for replies said"),
    }
)
facts(
    {
        "receipt": _l("Receipt"),
        "ground": _l("Ground"),
        "finding": _l("Finding"),
        "reply": _l("Reply"),
        "comment": _l("Statement"),
        "workdays": _l("Working days"),
        "files": _l("Files"),
    }
)
sentences(
    {
        "objections-closed": _l("Objections to round %(code)s are received only until its publicity ends."),
        "objection-no-decision": _l("The announced result decides nothing about this company there."),
        "too-many-files": _l("At most %(most)s files are taken at once."),
        "round-over": _l("Round %(code)s is over."),
        "reply-workdays": _l("Between 1 and %(most)s working days."),
        "claimed-by-another": _l("Somebody else has taken up %(receipt)s."),
        "objection-open": _l("Lot %(lot)s %(variety)s: objection %(receipt)s is not replied to."),
        "round-objection-open": _l("Objection %(receipt)s to the round is not replied to."),
        "correction-missing": _l(
            "Lot %(lot)s %(variety)s: objection %(receipt)s was upheld; correct, evaluate and announce again first."
        ),
        "round-correction-missing": _l("Objection %(receipt)s was upheld; correct, evaluate and announce again first."),
        "objection-filed": _l("Round %(round)s %(title)s: objection %(receipt)s was filed."),
        "objection-concerns-you": _l(
            "Round %(round)s %(title)s: objection %(receipt)s is about your company; you may make a statement."
        ),
        "objection-commented": _l("Objection %(receipt)s: the company concerned made a statement."),
        "objection-reply-returned": _l("The reply to objection %(receipt)s came back to you."),
        "objection-replied": _l("Round %(round)s %(title)s: your objection %(receipt)s is replied to."),
        "objection-decided": _l("Round %(round)s %(title)s: objection %(receipt)s about your company is decided."),
        "objection-withdrawn": _l("Objection %(receipt)s was withdrawn."),
    }
)
