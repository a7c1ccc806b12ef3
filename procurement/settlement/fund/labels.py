"""What refusals about fund accounts say."""

from __future__ import annotations

from kernel.i18n import _l
from kernel.problems import sentences

sentences(
    {
        "fund-entry-there": _l("This was entered already: a month’s due, a prepayment or a payment stands once."),
        "fund-entry-stays": _l("Only a due or a prepayment that still counts can be taken back."),
        "month-not-come": _l("%(value)s has not come yet."),
        "month-bad": _l("“%(value)s” is no month; write it as 2026-03."),
        "entry-needed": _l("Choose an entry."),
        "hospital-needed": _l("Choose a hospital."),
        "round-needed": _l("Choose a round."),
        "prepayment-too-small": _l("At least %(least)s yuan are prepaid, which is %(share)s %% of the budget."),
        "prepayment-too-large": _l("More than the budget of %(budget)s yuan can’t be prepaid."),
        "nothing-to-set-off": _l("No open prepayment can be set off now: nothing is due, or it was done this month."),
        "fund-due-other": _l(
            "%(before)s yuan are entered for this month already; another person takes that back first."
        ),
    }
)
