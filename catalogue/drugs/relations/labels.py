"""Names of the codes of relations, and the sentences of their refusals, notices and events."""

from __future__ import annotations

from catalogue.drugs.relations.flow import ProfileAction, ProfileState, ProposalAction, ProposalState
from catalogue.drugs.rules.relations import Ground
from catalogue.tags import Tag
from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        ProfileState.FILED: _l("Stated, not checked"),
        ProfileState.CONFIRMED: _l("Checked"),
        ProfileState.SENT_BACK: _l("Sent back to the company"),
    }
)
labels(
    {
        ProfileAction.FILE: _l("State anew"),
        ProfileAction.CONFIRM: _l("Mark as checked"),
        ProfileAction.SEND_BACK: _l("Send back to the company"),
    }
)
labels(
    {
        ProposalState.PROPOSED: _l("Waits for a decision"),
        ProposalState.CONFIRMED: _l("Related"),
        ProposalState.REJECTED: _l("Not related"),
        ProposalState.LAPSED: _l("Grounds are gone"),
    }
)
labels(
    {
        ProposalAction.PROPOSE: _l("Propose"),
        ProposalAction.CONFIRM: _l("Confirm the relation"),
        ProposalAction.REJECT: _l("Reject the proposal"),
        ProposalAction.LAPSE: _l("Let the proposal lapse"),
    }
)
labels(
    {
        Ground.LEGAL_PERSON: _l("Same legal representative"),
        Ground.CONTROLLER: _l("Same actual controller"),
        Ground.HOLDER: _l("Same shareholder"),
        Ground.HOLDS: _l("One holds the other"),
        Ground.ADDRESS: _l("Same registered address"),
    }
)
labels(
    {
        Tag.PROFILE_FILED: _l("Owners stated"),
        Tag.PROFILE_CONFIRMED: _l("Statement of owners checked"),
        Tag.PROFILE_SENT_BACK: _l("Statement of owners sent back"),
        Tag.SHARE_LINE_SAID: _l("Share of common holders said"),
        Tag.RELATIONS_FOUND: _l("Relation proposed"),
        Tag.RELATION_CONFIRMED: _l("Relation confirmed"),
        Tag.RELATION_REJECTED: _l("Relation rejected"),
    }
)
facts(
    {"controller": _l("Actual controller"), "holders": _l("Shareholders"), "share": _l("Share held"),
     "companies": _l("Companies"), "group": _l("Group"), "since": _l("From")},
)  # fmt: skip
sentences(
    {
        "profile-not-company": _l("Only companies state their owners here."),
        "too-many-holders": _l("At most %(most)s shareholders are stated."),
        "bad-share": _l("A share lies above 0 and is at most 100 %%."),
        "shares-above-whole": _l("The shares come to %(sum)s %%, which is more than the whole."),
        "holder-twice": _l("A shareholder stands twice."),
        "bad-holder-line": _l("“%(value)s” is not a name, a blank and a share such as 51.5 %%."),
        "profile-sent-back": _l("The statement of your company's owners was sent back: %(note)s"),
    }
)
