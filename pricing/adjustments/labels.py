"""Names of plans' codes, parameters and checks, and what refusals and notices about them say."""

from __future__ import annotations

from typing import Any

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.adjustments.flow import Check, PlanAction, PlanKind, PlanState, StatementKind
from pricing.tags import Tag

labels(
    {
        PlanKind.REGULAR: _l("Regular adjustment"),
        PlanKind.SPECIAL: _l("Special (reform-linked) adjustment"),
        PlanKind.SINGLE: _l("Single adjustment"),
    }
)
labels(
    {
        PlanState.DRAFT: _l("Plan in draft"),
        PlanState.SURVEY: _l("Cost survey"),
        PlanState.OPINIONS: _l("Opinions asked"),
        PlanState.PANEL: _l("Expert panel"),
        PlanState.DECISION: _l("Collective decision"),
        PlanState.PUBLICITY: _l("Plan in publicity"),
        PlanState.FILED: _l("Filed, not yet effective"),
        PlanState.EFFECTIVE: _l("Prices effective"),
        PlanState.MONITORED: _l("Effect monitored"),
        PlanState.WITHDRAWN: _l("Plan given up"),
    }
)
labels(
    {
        PlanAction.EDIT: _l("Change the plan"),
        PlanAction.SURVEY: _l("Begin the cost survey"),
        PlanAction.ASK: _l("Ask for opinions"),
        PlanAction.SAY: _l("Say an opinion"),
        PlanAction.CONVENE: _l("Go to the expert panel"),
        PlanAction.PROPOSE: _l("Put to the vote"),
        PlanAction.VOTE: _l("Vote"),
        PlanAction.DECIDE: _l("Decide"),
        PlanAction.OBJECT: _l("Object"),
        PlanAction.FILE: _l("File and set the prices"),
        PlanAction.MONITOR: _l("Record the monitoring"),
        PlanAction.RETURN: _l("Back to the draft"),
        PlanAction.WITHDRAW: _l("Give the plan up"),
    }
)
labels(
    {
        Check.TOTAL: _l("Added a year, within the total amount (yuan)"),
        Check.TECHNICAL_NUMBER: _l("Share of technical-labour items by number"),
        Check.TECHNICAL_AMOUNT: _l("Share of technical-labour items in the amount of raises"),
        Check.GRADES: _l("Items whose lower grade would be dearer than a higher one"),
        Check.NEIGHBOURS: _l("Items above what neighbours allow"),
    }
)
labels({StatementKind.OPINION: _l("Opinion on the plan"), StatementKind.OBJECTION: _l("Objection to the plan")})
labels(
    {
        Tag.ADJUSTMENT_MADE: _l("Adjustment plan begun"),
        Tag.ADJUSTMENT_FILLED: _l("Number of the plan filled in"),
        Tag.ADJUSTMENT_LINES_SET: _l("Lines of the plan set"),
        Tag.ADJUSTMENT_LINES_REMOVED: _l("Lines of the plan removed"),
        Tag.ADJUSTMENT_MOVED: _l("Plan went on"),
        Tag.ADJUSTMENT_NOTED: _l("Outcome of a step noted"),
        Tag.ADJUSTMENT_SAID: _l("Opinion or objection filed"),
        Tag.ADJUSTMENT_REPLIED: _l("Opinion or objection answered"),
        Tag.ADJUSTMENT_VOTED: _l("Vote on the plan"),
        Tag.ADJUSTMENT_DECIDED: _l("Plan decided and public"),
        Tag.ADJUSTMENT_FILED: _l("Plan filed, prices set"),
        Tag.ADJUSTMENT_ROUND_OPENED: _l("Round of proposals opened"),
        Tag.ADJUSTMENT_PROPOSED: _l("Prices of complex items proposed"),
        Tag.ADJUSTMENT_ADOPTED: _l("Proposed prices adopted"),
        Tag.VOLUMES_RECORDED: _l("Annual volumes of services recorded"),
    }
)
facts({"filing": _l("Filing number"), "prices": _l("Prices"), "approves": _l("In favour")})
sentences(
    {
        "plan-code": _l("“%(value)s” is no code: 3 to 40 letters, digits and hyphens."),
        "plan-code-taken": _l("Another plan has the code %(value)s."),
        "plan-starts": _l("Prices begin tomorrow or later, not on %(value)s."),
        "plan-base": _l("A base revenue of one's own is not below 0 and names its document."),
        "plan-no-trigger": _l("A regular plan stands on a decision to adjust in the same region."),
        "plan-number": _l("“%(value)s” is not between %(low)s and %(high)s, with at most 6 decimals."),
        "plan-price": _l("%(value)s is no price: above 0, with at most 2 decimals."),
        "plan-no-item": _l("There is no such item."),
        "plan-no-price": _l("The item has no price in the region and grade that could be adjusted."),
        "plan-line-price": _l("%(item)s, %(grade)s: “%(value)s” is no price; above 0 yuan, with at most 2 decimals."),
        "plan-line-unpriced": _l(
            "%(item)s, %(grade)s: the region has no price before the plan that could be adjusted."
        ),
        "plan-sooner": _l("The plan was published with prices from %(day)s on; filing can only put that off."),
        "plan-prefix": _l("Give the beginning of codes, a percentage above −100 and at most 1000."),
        "plan-grid": _l("The grid could not be read."),
        "plan-no-lines": _l("The plan has no lines."),
        "plan-due": _l("The deadline lies in the future."),
        "plan-opinions-open": _l("Opinions are received until %(until)s."),
        "plan-publicity": _l("The publicity lasts until %(until)s."),
        "plan-unanswered": _l("%(count)s opinions or objections wait for an answer."),
        "plan-answered": _l("This has been answered."),
        "plan-fails": _l("The plan does not pass: %(checks)s."),
        "plan-stale": _l(
            "%(count)s prices have changed since they were taken over, the first %(code)s: set the lines anew."
        ),
        "plan-voted": _l("You have voted already."),
        "plan-too-late": _l("The time for it is over."),
        "plan-proposals-open": _l("Hospitals propose prices of complex items; wait until the round is over."),
        "plan-no-more-rounds": _l("There are two rounds, and both have been."),
        "plan-no-complex": _l("Say which items are complex first."),
        "plan-no-proposals": _l("No price was proposed."),
        "plan-beyond": _l("These prices would add %(asked)s yuan a year, more than the total amount of %(limit)s."),
        "plan-opinions-asked": _l("Price plan %(code)s %(title)s: your opinion is asked until %(due)s."),
        "plan-to-vote": _l("Price plan %(code)s %(title)s waits for votes."),
        "plan-published": _l("Price plan %(code)s %(title)s is public; objections are received until %(until)s."),
        "plan-effective": _l("Price plan %(code)s %(title)s is filed; its prices hold from %(day)s on."),
        "plan-answered-you": _l("What you said to price plan %(code)s %(title)s has been answered."),
        "plan-proposals-asked": _l("Price plan %(code)s %(title)s: round %(round)s of price proposals, until %(due)s."),
        "volume-unknown-hospital": _l("There is no hospital with the code %(value)s."),
        "volume-unknown-item": _l("There is no service item %(value)s."),
        "volume-year": _l("%(value)s is no year whose volumes can be complete."),
    }
)
PARAMETERS: dict[str, Any] = {
    "growth": _l("Growth coefficient of the total amount (0.02 is 2 %)"),
    "technical.number": _l("Least share of technical-labour items by number"),
    "technical.amount": _l("Least share of technical-labour items by amount"),
    "neighbours": _l("New price at most so many times the highest neighbour's"),
    "publicity": _l("Calendar days of publicity"),
    "fund.third": _l("Share that the fund pays, grade three"),
    "fund.second": _l("Share that the fund pays, grade two"),
    "fund.first": _l("Share that the fund pays, grade one and below"),
}
