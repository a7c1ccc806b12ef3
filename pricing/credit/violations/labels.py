"""Names of the codes of the violation list, its refusals and its notice."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.credit.violations.flow import ViolationAction, ViolationState
from pricing.tags import Tag

labels(
    {
        ViolationState.PROPOSED: _l("Entry proposed"),
        ViolationState.LISTED: _l("On the violation list"),
        ViolationState.DROPPED: _l("Entry dropped"),
        ViolationState.LIFTED: _l("Taken off the violation list"),
        Tag.VIOLATION_PROPOSED: _l("Entry of the violation list proposed"),
        Tag.VIOLATION_LISTED: _l("Company put on the violation list"),
        Tag.VIOLATION_DROPPED: _l("Entry of the violation list dropped"),
        Tag.VIOLATION_LIFTED: _l("Company taken off the violation list"),
    }
)
labels(
    {
        ViolationAction.CONFIRM: _l("Put on the list"),
        ViolationAction.DROP: _l("Drop the entry"),
        ViolationAction.LIFT: _l("Take off the list"),
    }
)
facts({"round": _l("Round"), "document": _l("Document"), "round_violation": _l("Entry of the violation list")})
sentences(
    {
        "violation-no-effect": _l("Say what it does: the winning status is cancelled, or bidding is suspended."),
        "violation-half-span": _l("A suspension has a first day and an end."),
        "violation-span": _l("The suspension ends on %(value)s, before it begins."),
        "violation-changed": _l("The entry of %(round)s was changed since you opened it; both versions are shown."),
        "violation-known": _l("Document %(document)s stands in the list already."),
        "violation-differs": _l("This document stands in the list already and says otherwise: %(before)s."),
        "violation-listed": _l("Your company is on the violation list of %(round)s."),
    }
)
