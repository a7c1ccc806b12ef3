"""Names of the codes of panels, and what their refusals and notices say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.rounds.experts.flow import (
    Method,
    PanelAction,
    PanelState,
    SeatAction,
    SeatState,
    SheetAction,
    SheetState,
)
from procurement.tags import Tag

labels(
    {
        Method.DRAWN: _l("Drawn from a pool"),
        Method.NAMED: _l("Named"),
        PanelState.WORKING: _l("Panel at work"),
        PanelState.HANDED_OVER: _l("Scores handed over"),
        PanelState.DISSOLVED: _l("Panel dissolved"),
        PanelAction.HAND_OVER: _l("Hand the scores over"),
        PanelAction.DISSOLVE: _l("Dissolve the panel"),
        SeatState.PROPOSED: _l("Proposed, waits for a second person"),
        SeatState.SERVING: _l("Confirmed"),
        SeatState.REPLACED: _l("Replaced"),
        SeatAction.CONFIRM: _l("Confirm the experts"),
        SeatAction.REPLACE: _l("Replace the expert"),
        SheetState.DRAFT: _l("Draft"),
        SheetState.SUBMITTED: _l("Submitted"),
        SheetState.RETURNED: _l("Returned"),
        SheetAction.SAVE: _l("Save the draft"),
        SheetAction.SUBMIT: _l("Submit for good"),
        SheetAction.RETURN: _l("Return the score sheet"),
        Tag.PANEL_DRAWN_UP: _l("Panel of experts drawn up"),
        Tag.PANEL_CONFIRMED: _l("Experts confirmed"),
        Tag.PANEL_POSTPONED: _l("Experts given more time"),
        Tag.PANEL_TOLD: _l("Experts told to begin"),
        Tag.PANEL_DISSOLVED: _l("Panel dissolved"),
        Tag.PANEL_HANDED_OVER: _l("Scores handed over"),
        Tag.EXPERT_REPLACED: _l("Expert replaced"),
        Tag.INTERESTS_DECLARED: _l("Interests declared"),
        Tag.SHEET_SAVED: _l("Score sheet saved"),
        Tag.SHEET_SUBMITTED: _l("Score sheet submitted"),
        Tag.SHEET_RETURNED: _l("Score sheet returned"),
    }
)
facts(
    {
        "seed": _l("Seed of the draw"),
        "pool": _l("Pool in the order drawn"),
        "seats": _l("Number of experts"),
        "experts": _l("Experts"),
        "conflicts": _l("Conflicts of interest"),
        "marks": _l("Scores"),
        "sheets": _l("Score sheets"),
        "without": _l("Experts without a sheet"),
        "due_at": _l("Scores until"),
    },
    {"method": Method},
)
sentences(
    {
        "experts-unknown": _l("Choose among the experts on the list, each once."),
        "seats-out-of-range": _l("The panel has at least %(least)s and at most %(most)s experts of those chosen."),
        "panel-due-too-early": _l("Scores are given after bidding has closed (%(deadline)s): set a later time."),
        "panel-due-not-later": _l("Set a time after %(due)s; it can only be made later."),
        "panel-there-already": _l("Round %(code)s has a panel already."),
        "panel-too-late": _l("Round %(code)s: experts work from the publication to the opening of the bids."),
        "nothing-to-confirm": _l("No expert waits to be confirmed."),
        "expert-has-scored": _l("Expert %(number)s has submitted a score sheet and can't be replaced any more."),
        "pool-is-empty": _l("Everybody in the pool was drawn already."),
        "panel-time-is-up": _l("The time for scores was up at %(due)s; nothing is taken any more."),
        "already-declared": _l("You have declared your interests already; the declaration stands."),
        "declare-each-company": _l("Say for this company whether there is a conflict of interest."),
        "ground-needed": _l("Name the ground of the conflict of interest."),
        "declare-first": _l("Declare your interests first; score sheets open after that."),
        "mark-missing": _l("A score is missing."),
        "not-a-score": _l("“%(value)s” is not a score from 0 to 100 with at most 2 decimals."),
        "too-few-scores": _l("%(count)s scores are too few for the mean that the rules ask for."),
        "panel-unfinished": _l("The experts have not finished: the bids are opened after them. %(count)s things wait."),
        "lot-without-scores": _l("Lot %(lot)s has too few score sheets: give more time or replace an expert."),
        "seat-unconfirmed": _l("Expert %(number)s waits to be confirmed by a second person."),
        "expert-undeclared": _l("Expert %(number)s has not declared its interests."),
        "sheet-missing": _l("Expert %(number)s has not submitted the score sheet of lot %(lot)s."),
        "fact-from-panel": _l("%(item)s comes from the panel of experts and is not typed."),
        "expert-invited": _l(
            "You were chosen as an expert of round %(round)s %(title)s. You can begin when bidding is over; scores are "
            "taken until %(due)s."
        ),
        "expert-postponed": _l("Round %(round)s %(title)s: scores are taken until %(due)s."),
        "expert-begin": _l(
            "Round %(round)s %(title)s: bidding is over. Declare your interests, then score until %(due)s."
        ),
        "sheet-returned": _l(
            "Round %(round)s %(title)s: your score sheet of lot %(lot)s was returned. Reason: %(reason)s"
        ),
    }
)
