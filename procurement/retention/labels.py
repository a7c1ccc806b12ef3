"""Names of the retained balance's states, terms, steps and parameters, and what refusals about it say."""

from __future__ import annotations

from typing import Any

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.retention.flow import (
    DisputeState,
    Exempting,
    Indicator,
    LineState,
    RunAction,
    RunState,
    Scored,
    Term,
)
from procurement.tags import Tag

labels(
    {
        RunState.DRAFT: _l("Being prepared"),
        RunState.SENT: _l("Hospitals confirm"),
        RunState.PUBLISHED: _l("In publicity"),
        RunState.APPLIED: _l("Applied for"),
        RunState.PAID: _l("Paid out"),
        RunState.CLOSED: _l("Run closed"),
        RunState.REPLACED: _l("Replaced by a later version"),
    }
)
labels(
    {
        RunAction.ASSESS: _l("Assess"),
        RunAction.SEND: _l("Send to hospitals"),
        RunAction.HEAR: _l("Answer or decide"),
        RunAction.PUBLISH: _l("Publish"),
        RunAction.APPLY: _l("Apply to the fund"),
        RunAction.PAY: _l("Record the payment"),
        RunAction.REPORT: _l("Report the distribution"),
        RunAction.CLOSE: _l("Close the run"),
        RunAction.REPLACE: _l("Compute anew"),
    }
)
labels(
    {
        LineState.OPEN: _l("Not answered"),
        LineState.CONFIRMED: _l("Confirmed"),
        LineState.DISPUTED: _l("In dispute"),
        LineState.DECIDED: _l("Dispute decided"),
    }
)
labels(
    {
        DisputeState.ASKED: _l("Waits for an answer"),
        DisputeState.GRANTED: _l("Dispute granted"),
        DisputeState.REFUSED: _l("Dispute refused"),
    }
)
labels(
    {
        Term.Q0: _l("Base volume reported (Q0)"),
        Term.P0: _l("Price before the round (P0)"),
        Term.QC: _l("Agreed volume (Qc)"),
        Term.PW: _l("Winning price (Pw)"),
        Term.N: _l("Non-winning use (N)"),
        Term.R: _l("Payment ratio of the fund (r)"),
        Term.S: _l("Share of the locally insured (s)"),
        Term.SCORE: _l("Score"),
        Term.COMPLETED: _l("Agreed volume completed"),
    }
)
labels(
    {
        Exempting.CLINICAL: _l("Large clinical change"),
        Exempting.SHORTAGE: _l("Supply shortage"),
        Exempting.EMERGENCY: _l("Emergency need"),
        Exempting.SEASON: _l("Season"),
    }
)
labels(
    {
        Indicator.COMPLETION: _l("Completion of agreed volumes"),
        Indicator.WINNING: _l("Share of winning products"),
        Indicator.ONLINE: _l("Bought on the platform"),
        Indicator.PAYMENT: _l("Paid within 30 days (share)"),
        Indicator.GROWTH: _l("Growth of drug cost"),
        Indicator.PRICE_POLICY: _l("Compliance with price policy"),
    }
)
labels({Scored.LEDGER: _l("From the ledger"), Scored.DESK: _l("At the desk"), Scored.ON_SITE: _l("On site")})
labels(
    {
        Tag.RETENTION_RULES_WRITTEN: _l("Retention rules written"),
        Tag.RETENTION_RULES_APPROVED: _l("Retention rules approved"),
        Tag.RETENTION_SHARE_SAID: _l("Shares of a pooling area recorded"),
        Tag.RETENTION_INPUTS_RECORDED: _l("Inputs of the retained balance recorded"),
        Tag.RETENTION_COMPUTED: _l("Retained balance computed"),
        Tag.RETENTION_SCORED: _l("Points given"),
        Tag.RETENTION_EXEMPTED: _l("Missed volume exempted"),
        Tag.RETENTION_SENT: _l("Retained balance sent to hospitals"),
        Tag.RETENTION_CONFIRMED: _l("Lines confirmed"),
        Tag.RETENTION_DISPUTED: _l("Line disputed"),
        Tag.RETENTION_DECIDED: _l("Dispute decided on"),
        Tag.RETENTION_PUBLISHED: _l("Retained balance published"),
        Tag.RETENTION_APPLIED: _l("Applied to the fund"),
        Tag.RETENTION_PAID: _l("Retained balance paid"),
        Tag.RETENTION_DISTRIBUTED: _l("Internal distribution reported"),
        Tag.RETENTION_CLOSED: _l("Retained balance closed"),
    }
)
facts({"retained": _l("Retained"), "points": _l("Points"), "indicator": _l("Indicator")})
sentences(
    {
        "retention-sent": _l("Confirm or dispute the retained balance of %(round)s, agreement year %(year)s."),
        "retention-disputed": _l("%(hospital)s disputes the retained balance of %(variety)s."),
        "retention-granted": _l("The dispute about %(variety)s was granted; a new version will follow."),
        "retention-refused": _l("The dispute about %(variety)s was refused."),
        "retention-paid": _l("The retained balance of %(round)s was paid (%(reference)s); report its distribution."),
    }
)
sentences(
    {
        "retention-missing": _l(
            "Not known yet: the price before the round of lots %(lots)s; the shares of %(year)s of the areas %(areas)s."
        ),
        "retention-no-agreements": _l("The area has no agreements of this round in agreement year %(year)s."),
        "retention-rules-unapproved": _l("%(title)s waits for a second person's approval."),
        "retention-unscored": _l("%(count)s hospitals have indicators without points."),
        "retention-overlap": _l(
            "%(area)s has a run of this year already (version %(number)s): its hospitals would be paid twice."
        ),
        "retention-points": _l("Points lie between 0 and %(most)s, with at most 2 decimals."),
        "retention-share": _l("A share lies between 0 and 1, with at most 6 decimals."),
        "retention-disputes-open": _l("%(count)s disputes wait for an answer."),
        "retention-to-correct": _l("%(count)s disputes were granted: correct what went in and compute anew."),
        "retention-disputed-already": _l("The line is disputed already."),
        "retention-decided-already": _l("This was decided already."),
        "retention-too-late": _l("The time to confirm or dispute is over."),
        "retention-unanswered": _l("Hospitals may still answer, until %(until)s."),
        "retention-publicity": _l("The publicity lasts until %(until)s."),
        "retention-paid-on": _l("The day of payment lies between the application and today."),
        "retention-distributed": _l("What was distributed lies between 0 and %(most)s yuan, with 2 decimals."),
        "retention-unreported": _l("%(count)s hospitals have not reported their distribution."),
        "retention-unknown-lot": _l("The round has no lot %(value)s."),
        "retention-unknown-area": _l("There is no region %(value)s."),
        "retention-unknown-hospital": _l("There is no hospital with the code %(value)s."),
        "number-bad": _l("“%(value)s” is no number."),
        "retention-parts": _l("The parts left out are more than the amount."),
    }
)
STEPS: dict[str, tuple[str, Any, str]] = {
    "retention-budget": ("B", _l("Budget"), "Q0 × P0 × r × s"),
    "retention-n-without-passed": ("N", _l("Non-winning use without what passed the evaluation"), "N"),
    "retention-n-without-drg": ("N", _l("Non-winning use without what DRG/DIP balances keep"), "N"),
    "retention-spend": ("E", _l("Spend"), "(Qc × Pw + N) × r × s"),
    "retention-base": ("M", _l("Measurement base"), "B − E"),
    "retention-gate": ("", _l("Gate: the agreed volume is completed or exempt"), ""),
    "retention-gate-other": ("", _l("Gate: the share of non-winning products is within the limit or exempt"), ""),
    "retention-ladder": ("k", _l("Ladder: the score reaches a rung"), ""),
    "retention-retained": ("R", _l("Retained balance"), "M × k"),
    "retention-fiscal": ("", _l("Of it booked in the earlier fiscal year"), ""),
}
"""Symbol, name and formula of the steps of the pure rule."""
PARAMETERS: dict[str, Any] = {
    "k.most": _l("Highest share that is retained"),
    "ladder": _l("Ladder: from which score, which share"),
    "gate.completion": _l("Agreed volume missed: nothing is retained of the variety"),
    "gate.non_winning": _l("Largest share of non-winning products; above it nothing is retained of the variety"),
    "n.without_passed": _l("Leave out non-winning products that passed the evaluation"),
    "n.without_drg": _l("Leave out cost kept under DRG/DIP balances"),
    "factors.budget": _l("r and s of the budget: of the agreement year or the year before"),
    "negative": _l("Negative base: counts as 0, or sets off other varieties"),
    "rounding": _l("What is retained of a variety is rounded to, yuan"),
    "fiscal_year": _l("Fiscal year: booked in the year in which the agreement year ends, or split by purchases"),
    "score.weights": _l("Weights of the indicators"),
    "score.growth_limit": _l("Growth of drug cost that earns all points"),
    "days.confirm": _l("Calendar days for hospitals to answer"),
    "days.publicity": _l("Calendar days of publicity"),
    "days.payout": _l("Calendar days from application to payment"),
}
TERMS: dict[str, Any] = {
    "q0": "Q0", "p0": "P0", "qc": "Qc", "pw": "Pw", "n": "N", "r": "r", "s": "s", "k": "k",
    "n_passed": _l("Passed products in N"), "n_drg": _l("DRG/DIP cost in N"), "used": _l("Received"),
    "completed": _l("Agreed volume completed"), "exempt": _l("Exempt"), "score": _l("Score"),
    "early": _l("Share bought before New Year"),
}  # fmt: skip
"""What the terms of a line are called in a difference list."""
