"""Names of the codes of voids, and what their refusals say."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.rounds.voids.flow import VoidAction, VoidReason, VoidState
from procurement.tags import Tag

labels(
    {
        VoidState.ASKED: _l("Void waits for a second person"),
        VoidState.CONFIRMED: _l("Void confirmed"),
        VoidState.REFUSED: _l("Void turned down"),
    }
)
labels({VoidAction.CONFIRM: _l("Confirm the void"), VoidAction.REFUSE: _l("Turn the void down")})
labels(
    {
        VoidReason.TOO_FEW_BIDDERS: _l("Failed: too few bidders"),
        VoidReason.NO_VALID_BID: _l("Failed: no valid bid"),
        VoidReason.FRAUD: _l("Void: fraud or collusion"),
        VoidReason.ERROR: _l("Void: error in documents or procedure"),
        VoidReason.OTHER: _l("Void: other reason"),
    }
)
labels(
    {
        Tag.VOID_ASKED: _l("Void asked for"),
        Tag.VOID_CONFIRMED: _l("Void confirmed by a second person"),
        Tag.VOID_REFUSED: _l("Void refused"),
    }
)
sentences(
    {
        "void-needs-two": _l("The bids of round %(code)s are open: one person asks for a void, another confirms it."),
        "void-not-now": _l("Lots of round %(code)s can be void only between its opening and its award."),
        "void-asked-already": _l("That void is asked for already; decide on it first."),
        "lot-void-already": _l("Lot %(lot)s is void already."),
        "last-lot": _l("Lot %(lot)s is the last one left: make the whole round void instead."),
        "lots-void-since": _l("Lots %(lots)s are void since evaluation %(number)s; evaluate again without them first."),
        "void-undecided": _l("Lot %(lot)s %(variety)s: a void is asked for and not decided."),
        "round-void-undecided": _l("The void of the round is asked for and not decided."),
    }
)
