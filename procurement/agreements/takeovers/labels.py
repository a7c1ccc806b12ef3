"""Names of take-overs' codes, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.agreements.takeovers.flow import TakeoverAction, TakeoverState
from procurement.tags import Tag

labels(
    {
        TakeoverState.PROPOSED: _l("Awaiting a second person"),
        TakeoverState.CONFIRMED: _l("Taken over"),
        TakeoverState.DROPPED: _l("Not taken over"),
        TakeoverAction.CONFIRM: _l("Confirm the take-over"),
        TakeoverAction.DROP: _l("Drop the take-over"),
        Tag.TAKEOVER_PROPOSED: _l("Take-over proposed"),
        Tag.TAKEOVER_CONFIRMED: _l("Take-over confirmed"),
        Tag.TAKEOVER_DROPPED: _l("Take-over dropped"),
        Tag.AGREEMENTS_RENEWED: _l("Agreements renewed"),
    }
)
facts({"from": _l("From"), "to": _l("To"), "volume": _l("Volume"), "agreements": _l("Agreements"),
       "starts": _l("From day"), "year": _l("Year")})  # fmt: skip
sentences(
    {
        "takeover-nothing-left": _l("No agreement of %(company)s in this region is in force with volume left."),
        "takeover-not-in-line": _l("%(company)s is not in line to take over this region."),
        "takeover-open-already": _l("A take-over of this region waits for its second person already."),
        "takeover-done": _l("%(to)s takes over from %(from)s in %(region)s: %(variety)s."),
        "renewal-nothing": _l("No agreement of round %(code)s can be renewed now."),
        "agreements-renewed": _l("The agreements of round %(round)s %(title)s were renewed for year %(year)s."),
    }
)
