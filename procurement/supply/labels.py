"""Names of supply's codes, and what refusals and notices about it say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.supply.channel.flow import FilingAction, FilingState
from procurement.supply.rules import WarningLevel
from procurement.supply.shortages.flow import (
    Cause,
    Ending,
    Kin,
    Reply,
    ShortageAction,
    ShortageState,
    TakeOverAction,
    TakeOverState,
)
from procurement.tags import Tag

PARAMETERS = {
    "answer.within": _l("Time to answer a shortage"),
    "warning.share.yellow": _l("Yellow from this share of hospitals"),
    "warning.share.orange": _l("Orange from this share of hospitals"),
    "warning.share.red": _l("Red from this share of hospitals"),
    "warning.days.yellow": _l("Yellow at these days of stock or fewer"),
    "warning.days.orange": _l("Orange at these days of stock or fewer"),
    "warning.days.red": _l("Red at these days of stock or fewer"),
}
labels(
    {
        ShortageState.REPORTED: _l("Awaiting the producer"),
        ShortageState.SILENT: _l("Not answered in time"),
        ShortageState.ANSWERED: _l("Shortage answered"),
        ShortageState.CLOSED: _l("Shortage over"),
        ShortageAction.ANSWER: _l("Answer the shortage"),
        ShortageAction.LAPSE: _l("Time to answer over"),
        ShortageAction.CLOSE: _l("Close the shortage"),
    }
)
labels(
    {
        Reply.ALL: _l("Supplies all of it"),
        Reply.PART: _l("Supplies a part"),
        Reply.NONE: _l("Can’t supply"),
        Cause.MATERIAL: _l("Raw material is short"),
        Cause.PRODUCTION: _l("Production is interrupted"),
        Cause.STOPPED: _l("No longer produced"),
        Cause.COST: _l("Cost is above the price"),
        Cause.DELIVERY: _l("Delivery failed"),
        Cause.DEMAND: _l("More is asked for than was foreseen"),
        Cause.OTHER: _l("Another cause, as written"),
    }
)
labels(
    {
        Ending.SUPPLIED: _l("Supplied"),
        Ending.SUBSTITUTED: _l("Another product bought instead"),
        Ending.TAKEN_OVER: _l("Backup supplier took over"),
        Ending.WITHDRAWN: _l("Report withdrawn"),
        Kin.SAME_GENERIC: _l("Same generic name"),
        Kin.SAME_CLASS: _l("Same class"),
        TakeOverState.ASKED: _l("Take-over asked for"),
        TakeOverState.ARRANGED: _l("Take-over arranged"),
        TakeOverState.REFUSED: _l("Take-over refused"),
    }
)
labels(
    {
        TakeOverAction.ARRANGE: _l("Arrange the take-over"),
        TakeOverAction.REFUSE: _l("Refuse the take-over"),
        WarningLevel.NONE: _l("No warning"),
        WarningLevel.YELLOW: _l("Yellow warning"),
        WarningLevel.ORANGE: _l("Orange warning"),
        WarningLevel.RED: _l("Red warning"),
    }
)
labels(
    {
        FilingState.DUE: _l("To be filed"),
        FilingState.OVERDUE: _l("Filing overdue"),
        FilingState.FILED: _l("Purchase filed"),
        FilingAction.FILE: _l("File the purchase"),
        FilingAction.LAPSE: _l("Time to file over"),
        Tag.SHORTAGE_REPORTED: _l("Shortage reported"),
        Tag.SHORTAGE_LAPSED: _l("Shortage not answered in time"),
        Tag.SHORTAGE_ANSWERED: _l("Producer answered a shortage"),
        Tag.SHORTAGE_CLOSED: _l("Shortage closed"),
        Tag.TAKE_OVER_ASKED: _l("Take-over by a backup asked for"),
        Tag.TAKE_OVER_DECIDED: _l("Take-over decided"),
        Tag.BREACH_SENT: _l("Breach sent to credit"),
        Tag.EMERGENCY_OVERDUE: _l("Emergency purchase not filed in time"),
        Tag.EMERGENCY_FILED: _l("Emergency purchase filed"),
    }
)
facts(
    {
        "product": _l("Product"),
        "reply": _l("Reply"),
        "cause": _l("Cause"),
        "supplies": _l("Quantity to be supplied"),
        "on": _l("Supplied on"),
        "ending": _l("How it ended"),
        "take_over": _l("Take-over"),
        "backup": _l("Backup supplier"),
        "document": _l("Document"),
        "papers": _l("Papers"),
        "late": _l("Late"),
        "shortage": _l("Shortage"),
    },
    {"reply": Reply, "cause": Cause, "ending": Ending, "take_over": TakeOverState},
)
sentences(
    {
        "shortage-open-already": _l("%(product)s is already reported short and not over yet."),
        "shortage-other-order": _l("Order %(value)s does not hold this product."),
        "shortage-day-past": _l("Give the day of supply, today or later."),
        "shortage-no-substitute": _l("The hospital may not buy this product in place of the short one."),
        "take-over-not-due": _l("The producer of %(number)s has time to answer, or supplies; no take-over is due."),
        "take-over-asked-already": _l("A take-over was already asked for on %(number)s."),
        "take-over-not-asked": _l("Nobody asked for a take-over on %(number)s."),
        "take-over-no-maker": _l("Choose a company that makes the same drug or one of its class."),
        "breach-sent-already": _l("The breach on %(number)s was already sent to credit."),
        "breach-not-due": _l("The producer of %(number)s has time to answer, or supplies; there is no breach."),
        "emergency-not-due": _l("Order %(number)s is none that has to be filed."),
        "shortage-reported": _l("%(product)s is reported short (%(number)s). Please answer by %(due)s."),
        "shortage-unanswered": _l("The producer of %(product)s did not answer shortage %(number)s in time."),
        "shortage-answered": _l("The producer answered shortage %(number)s of %(product)s."),
        "shortage-closed": _l("Shortage %(number)s of %(product)s is over."),
        "take-over-asked": _l("A take-over is asked for: %(product)s, shortage %(number)s."),
        "take-over-decided": _l("The agency decided on the take-over of %(product)s, shortage %(number)s."),
        "breach-sent": _l("A breach was sent to credit: %(product)s, shortage %(number)s."),
        "emergency-overdue": _l("%(hospital)s has not filed emergency order %(number)s in time."),
    }
)
