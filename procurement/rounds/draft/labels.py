"""Translatable names of drafts, and what their refusals and notices say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.rounds.draft.flow import DraftAction, DraftState, Ending, How
from procurement.rounds.flow import SupplyRole
from procurement.tags import Tag

labels(
    {
        DraftState.PLANNED: _l("Draft not started yet"),
        DraftState.RUNNING: _l("Draft under way"),
        DraftState.PAUSED: _l("Draft paused"),
        DraftState.FINISHED: _l("Draft finished"),
        DraftState.CANCELLED: _l("Draft given up"),
    }
)
labels(
    {
        DraftAction.START: _l("Start the draft"),
        DraftAction.PAUSE: _l("Pause the draft"),
        DraftAction.RESUME: _l("Go on with the draft"),
        DraftAction.FINISH: _l("Finish the draft"),
        DraftAction.CANCEL: _l("Give the draft up"),
    }
)
labels(
    {
        Ending.BY_HAND: _l("given up by the agency"),
        Ending.EVALUATED: _l("ended by a new evaluation"),
        Ending.VOID: _l("ended with the round"),
        Ending.LOT_VOID: _l("ended with the void of a lot"),
    }
)
labels(
    {
        How.CHOSE: _l("chosen by the company"),
        How.AGENCY: _l("entered by the agency"),
        How.LIST: _l("by its list"),
        How.CODE: _l("by region code"),
        How.LATE_LIST: _l("time was up, by its list"),
        How.LATE_CODE: _l("time was up, by region code"),
        How.ONLY: _l("only one was left"),
        How.PASSED: _l("passed, nothing left that it may take"),
    }
)
labels(
    {
        Tag.DRAFT_OPENED: _l("Region draft opened"),
        Tag.DRAFT_STARTED: _l("Region draft started"),
        Tag.DRAFT_PAUSED: _l("Region draft paused"),
        Tag.DRAFT_RESUMED: _l("Region draft resumed"),
        Tag.DRAFT_CANCELLED: _l("Region draft given up"),
        Tag.DRAFT_TURN_SETTLED: _l("Turn settled by the clock or a list"),
        Tag.REGION_CHOSEN: _l("Region chosen"),
    }
)
facts(
    {
        "seconds": _l("Seconds a turn"),
        "at_once": _l("Lots at the same time"),
        "starts_at": _l("Start of the draft"),
        "by_list": _l("By lists at once"),
        "by_hand": _l("Started by hand"),
        "turn_how": _l("How the turn was taken"),
        "draft": _l("Region draft"),
        "supply_role": _l("Supply"),
        "turn": _l("Turn"),
        "represents": _l("Takes every turn"),
        "draft_ending": _l("Why it ended"),
        "regions": _l("Regions"),
    },
    {"turn_how": How, "draft_ending": Ending, "supply_role": SupplyRole},
)
sentences(
    {
        "draft-record-broken": _l("The record of the draft does not add up at turn %(turn)s."),
        "no-turn-open": _l("Nobody's turn is open in this lot."),
        "not-your-turn": _l("It is another company's turn. The time for yours may have run out."),
        "no-such-region": _l("%(region)s is no region of this round."),
        "region-taken": _l("That region is taken already. Choose another one."),
        "region-is-own-main": _l("A backup supplier has to be another company than the region's main supplier."),
        "draft-not-running": _l("The draft is not under way: no region can be chosen now."),
        "draft-under-way": _l("Draft %(number)s of this round is not over yet."),
        "draft-note-needed": _l("Say who asked for this choice and how, in at most %(most)s characters."),
        "no-lots-to-draft": _l("Choose at least one lot whose winners choose regions and that is not drafted yet."),
        "draft-again-why": _l("Some of these lots are drafted already. Say why they are drafted anew."),
        "draft-seconds": _l("A turn lasts from %(least)s to %(most)s whole seconds."),
        "draft-at-once": _l("At least one lot runs at a time."),
        "draft-start-past": _l("The start has to lie in the future."),
        "draft-opened": _l(
            "Round %(round)s %(title)s: the region draft is set up; each turn lasts %(seconds)s seconds. "
            "Give your order of regions: it is used when your time runs out."
        ),
        "draft-finished": _l("Round %(round)s %(title)s: the region draft is finished."),
        "draft-cancelled": _l("Round %(round)s %(title)s: the region draft was given up. Reason: %(reason)s"),
        "draft-dropped": _l("Round %(round)s %(title)s: the region draft ended with a change of the round."),
    }
)
