"""Names of the codes of ratings, their steps, refusals and notices."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.credit.ratings.flow import (
    CorrectionAction,
    CorrectionState,
    Level,
    MeasureKind,
    RatingAction,
    RatingState,
    Route,
    Stage,
)
from pricing.tags import Tag

labels(
    {
        Level.NONE: _l("No level"),
        Level.GENERAL: _l("General dishonesty"),
        Level.MEDIUM: _l("Medium dishonesty"),
        Level.SERIOUS: _l("Serious dishonesty"),
        Level.EXTREMELY_SERIOUS: _l("Extremely serious dishonesty"),
        Level.DISHONEST: _l("Dishonest"),
        Level.SERIOUSLY_DISHONEST: _l("Seriously dishonest"),
        Level.EXTREMELY_DISHONEST: _l("Extremely dishonest"),
        MeasureKind.WARNING: _l("Written warning"),
        MeasureKind.FLAG: _l("Flagged, buyers warned"),
        MeasureKind.PRODUCTS_HERE: _l("Products involved suspended in the province"),
        MeasureKind.ALL_HERE: _l("All products suspended in the province"),
        MeasureKind.PRODUCTS_EVERYWHERE: _l("Products involved suspended in every province"),
    }
)
# one call a code: members of two enums that share a value are equal, and would share a key
labels(
    {
        RatingState.PROPOSED: _l("Rating proposed"),
        RatingState.NOTICED: _l("Notice sent"),
        RatingState.DEFENDED: _l("Company heard"),
        RatingState.SUGGESTED: _l("Decision suggested"),
        RatingState.PUBLISHED: _l("Rating published"),
        RatingState.CORRECTED: _l("Corrected, to be cleared"),
        RatingState.CLEARED: _l("Rating cleared"),
        RatingState.DROPPED: _l("No rating given"),
    }
)
labels(
    {
        Stage.PROPOSED: _l("Notice to be sent"),
        Stage.NOTICE_OPEN: _l("Notice not collected"),
        Stage.DEFENCE_OPEN: _l("Defence open"),
        Stage.DEFENCE_OVER: _l("Time of defence over"),
        Stage.DEFENDED: _l("Heard, to be decided"),
        Stage.SUGGESTED: _l("Waits for the second person"),
        Stage.DUE_TO_START: _l("Published, not yet in force"),
        Stage.IN_FORCE: _l("Rating in force"),
        Stage.CORRECTED: _l("Corrected, waits for clearing"),
        Stage.LAPSED: _l("Rating lapsed"),
        Stage.CLEARED: _l("Cleared of the rating"),
        Stage.DROPPED: _l("Dropped, no rating"),
    }
)
labels(
    {
        RatingAction.NOTIFY: _l("Send the notice"),
        RatingAction.COLLECT: _l("Collect the notice"),
        RatingAction.DEFEND: _l("Defend yourself"),
        RatingAction.SUGGEST: _l("Suggest the decision"),
        RatingAction.RETURN: _l("Send the suggestion back"),
        RatingAction.PUBLISH: _l("Publish the rating"),
        RatingAction.DROP: _l("Drop the rating"),
        RatingAction.SUBMIT: _l("Hand in evidence"),
        RatingAction.REVIEW: _l("Review the evidence"),
        RatingAction.CONFIRM: _l("Confirm a correction"),
        RatingAction.FULFIL: _l("Count as corrected"),
        RatingAction.CLEAR: _l("Clear the rating"),
    }
)
labels(
    {
        CorrectionState.DUE: _l("Due from the company"),
        CorrectionState.SUBMITTED: _l("Evidence to be reviewed"),
        CorrectionState.RETURNED: _l("Evidence returned"),
        CorrectionState.VERIFIED: _l("Correction verified"),
    }
)
labels(
    {
        CorrectionAction.SUBMIT: _l("Hand in the evidence"),
        CorrectionAction.RETURN: _l("Return the evidence"),
        CorrectionAction.VERIFY: _l("Verify the correction"),
        CorrectionAction.CONFIRM: _l("Confirm as the second officer"),
        Route.DONE: _l("The measure was carried out"),
        Route.PRICE: _l("The price of a round or negotiation applies"),
        Route.DONATION: _l("Donation"),
        Tag.RATING_PROPOSED: _l("Credit rating proposed"),
        Tag.RATING_NOTICED: _l("Notice of a credit rating sent"),
        Tag.RATING_COLLECTED: _l("Notice of a credit rating collected"),
        Tag.RATING_DEFENDED: _l("Defence against a credit rating received"),
        Tag.RATING_SUGGESTED: _l("Decision on a credit rating suggested"),
        Tag.RATING_RETURNED: _l("Decision on a credit rating sent back"),
        Tag.RATING_PUBLISHED: _l("Credit rating published"),
        Tag.RATING_DROPPED: _l("Credit rating dropped"),
        Tag.CORRECTION_SUBMITTED: _l("Evidence of a correction handed in"),
        Tag.CORRECTION_REVIEWED: _l("Correction reviewed"),
        Tag.CORRECTION_CONFIRMED: _l("Correction confirmed by a second officer"),
        Tag.RATING_CLEARED: _l("Credit rating cleared"),
    }
)
facts(
    {
        "level": _l("Level"), "benchmark": _l("Version of the benchmark"), "products": _l("Products"),
        "notice_days": _l("Days of the notice"), "defence_days": _l("Days of the defence"), "due": _l("Due"),
        "files": _l("Files"), "day": _l("Day"), "answer": _l("Answer"), "number": _l("Number"), "route": _l("Route"),
        "text": _l("Text"), "state": _l("State"), "reason": _l("Reason"), "credit_rating": _l("Credit rating"),
    },
    {"level": Level, "route": Route},
)  # fmt: skip
sentences(
    {
        "credit-rated-already": _l("Case %(case)s is rated already."),
        "credit-no-evidence": _l("Version %(version)s takes none of the evidence of this case."),
        "credit-lapsed": _l("The conduct took effect on %(day)s and no longer counts."),
        "credit-no-province": _l("Choose a province: ratings hold in one."),
        "credit-strange-product": _l("%(value)s is no product of the company; only a distributor acts for others."),
        "credit-no-products": _l("This level suspends the products involved: name them."),
        "credit-choose-level": _l("The benchmark has no number here: choose one of its levels."),
        "credit-level-version": _l("“%(level)s” is not open here by version %(version)s: choose one of its levels."),
        "credit-needs-ground": _l("Say the ground and the document: the level is not the benchmark's."),
        "credit-days": _l("Between 1 and %(most)s days."),
        "credit-defence-late": _l("The defence was due until %(due)s. It is not taken any more."),
        "credit-defence-open": _l("The company may defend itself until %(due)s."),
        "credit-start": _l("The measures begin today or later, and before the conduct lapses on %(day)s."),
        "credit-start-past": _l("The measures would have begun on %(day)s: send the suggestion back."),
        "credit-choose-corrections": _l("This version names no corrections: choose them."),
        "credit-route": _l("This measure can't be carried out that way."),
        "credit-donation": _l("A donation is no correction (since 2025)."),
        "credit-needs-evidence": _l("Attach the evidence."),
        "credit-notice": _l("Notice of credit rating %(number)s: collect it and defend yourself until %(due)s."),
        "credit-dropped": _l("No rating is given in case %(number)s."),
        "credit-published": _l("Credit rating %(number)s is published; its measures begin on %(day)s."),
        "credit-correction-returned": _l("Evidence of a correction of rating %(number)s is returned."),
        "credit-confirmed-already": _l("Measure %(number)s is confirmed already, or was verified by nobody."),
        "credit-clear-own": _l("You verified %(numbers)s yourself: another officer confirms them first, or clears."),
        "credit-cleared": _l("Credit rating %(number)s is cleared."),
    }
)
STEPS = {
    "grade-staff": _l("Insurance or procurement staff were bribed"),
    "grade-national-round": _l("Collusion in a national round"),
    "grade-shortage": _l("A shortage drug's price stayed raised after inquiry or interview"),
    "grade-amount": _l("Cumulative amount of the case"),
    "grade-single": _l("Largest single amount"),
    "grade-level": _l("Level of the benchmark"),
    "grade-no-number": _l("The benchmark has no number here"),
    "grade-corrections-unknown": _l("The version names no corrections"),
}
"""What the steps of a grade test."""
CORRECTIONS = {
    1: _l("Stop the conduct"),
    2: _l("Discipline those involved"),
    3: _l("Public apology"),
    4: _l("Compliance report and inspection"),
    5: _l("Remove the price inflation"),
    6: _l("Return the gains"),
}
"""The measures of correction ① to ⑥."""
