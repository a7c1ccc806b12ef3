"""Names of the codes of new items, and what their refusals and notices say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.items.applications.flow import (
    ApplicationAction,
    ApplicationState,
    Criterion,
    Ground,
    OpinionAction,
    OpinionState,
    PlaceAction,
    PlaceState,
    ReplyAction,
    ReplyState,
    ReportKind,
)
from pricing.tags import Tag

S, A = ApplicationState, ApplicationAction

labels(
    {
        S.DRAFT: _l("New item: draft"), S.SUBMITTED: _l("Waits to be accepted"),
        S.RETURNED: _l("Returned to the hospital"), S.CITY_REVIEW: _l("City review"),
        S.FORM_CHECK: _l("Form check of the province"), S.PANEL: _l("Expert panel"),
        S.PUBLICITY: _l("In publicity"), S.PRICING: _l("May be tried; price to be filed"), S.TRIAL: _l("In trial"),
        S.MIDTERM: _l("Mid-term evaluation"), S.CONTINUED: _l("Trial goes on"), S.EXTENDED: _l("Trial extended"),
        S.ASSESSED: _l("Final evaluation"), S.FORMAL: _l("Formal item"), S.ENDED: _l("Trial ended"),
        S.REJECTED: _l("New item rejected"), S.WITHDRAWN: _l("Application withdrawn"),
    }
)  # fmt: skip
labels(
    {
        A.SAVE: _l("Save the application"), A.SUBMIT: _l("Submit the application"),
        A.WITHDRAW: _l("Withdraw the application"), A.ACCEPT: _l("Accept the application"),
        A.RETURN: _l("Return to the hospital"), A.FORWARD: _l("Let it go on"), A.REJECT: _l("Reject the item"),
        A.PRICE: _l("File the trial price"), A.REPORT: _l("Report at mid-term"), A.CONTINUE: _l("Let the trial go on"),
        A.ASK: _l("Apply for the formal item or an extension"), A.FORMAL: _l("Make it a formal item"),
        A.EXTEND: _l("Extend the trial"), A.END: _l("End the trial"), A.LAPSE: _l("Trial period over"),
    }
)  # fmt: skip
labels(
    {
        Ground.NOT_MEDICAL: _l("Not a medical service"),
        Ground.ADMINISTRATIVE: _l("Public health or an administrative fee"),
        Ground.NOT_FOR_PATIENTS: _l("Not rendered to patients"),
        Ground.UNCLEAR: _l("Name or content unclear"),
        Ground.SPLIT: _l("Split by step or scene"),
        Ground.TIED: _l("Tied to one device, consumable or inventor"),
        Ground.FITS_ANOTHER: _l("An existing item fits"),
        Ground.NO_BETTER: _l("Same purpose and no better effect"),
        Ground.AGAINST_GUIDELINE: _l("Against the national guideline"),
        Ground.AGAINST_LAW: _l("Against law or policy"),
        Criterion.NEED: _l("Clinical need"),
        Criterion.EFFECT: _l("Safety and effect"),
        Criterion.BURDEN: _l("Burden on patients and fund"),
        Criterion.CLARITY: _l("Clarity of name and content"),
    }
)
labels(
    {
        OpinionState.PROPOSED: _l("Waits for a second person"), OpinionState.CONFIRMED: _l("Decision confirmed"),
        OpinionState.SENT_BACK: _l("Proposal sent back"), OpinionAction.CONFIRM: _l("Confirm the decision"),
        OpinionAction.SEND_BACK: _l("Send the proposal back"), PlaceState.NAMED: _l("To declare interests"),
        PlaceState.DECLARED: _l("To score"), PlaceState.LEFT: _l("Left: conflict of interest"),
        PlaceState.SUBMITTED: _l("Scores submitted"), PlaceAction.DECLARE: _l("Declare no conflict of interest"),
        PlaceAction.LEAVE: _l("Declare a conflict of interest"), PlaceAction.SUBMIT: _l("Submit the scores"),
        ReplyState.FILED: _l("To be replied to"), ReplyState.DRAFTED: _l("Reply to be confirmed"),
        ReplyState.REPLIED: _l("Objection replied to"), ReplyAction.REPLY: _l("Draft the reply"),
        ReplyAction.SEND_BACK: _l("Send the reply back"), ReplyAction.CONFIRM: _l("Let the reply go out"),
        ReportKind.MIDTERM: _l("Mid-term report"), ReportKind.FORMAL: _l("Application for the formal item"),
        ReportKind.EXTENSION: _l("Application for an extension"),
    }
)  # fmt: skip
labels(
    {
        Tag.NEW_ITEM_ROUND_OPENED: _l("Round of new items opened"), Tag.NEW_ITEM_SAVED: _l("New item saved"),
        Tag.NEW_ITEM_IMPORTED: _l("New items read from a workbook"), Tag.NEW_ITEM_SUBMITTED: _l("New item submitted"),
        Tag.NEW_ITEM_WITHDRAWN: _l("New item withdrawn"), Tag.NEW_ITEM_ACCEPTED: _l("New item accepted"),
        Tag.NEW_ITEM_RETURNED: _l("New item returned"), Tag.NEW_ITEM_PROPOSED: _l("Decision on a new item proposed"),
        Tag.NEW_ITEM_DECIDED: _l("Decision on a new item confirmed"),
        Tag.NEW_ITEM_SENT_BACK: _l("Proposed decision sent back"),
        Tag.NEW_ITEM_EXPERTS_NAMED: _l("Experts named for a new item"),
        Tag.NEW_ITEM_DECLARED: _l("Expert's interests in a new item declared"),
        Tag.NEW_ITEM_SCORED: _l("New item scored"), Tag.NEW_ITEM_OBJECTED: _l("Objection to a new item"),
        Tag.NEW_ITEM_REPLY_DRAFTED: _l("Reply about a new item drafted"),
        Tag.NEW_ITEM_REPLY_RETURNED: _l("Reply about a new item sent back"),
        Tag.NEW_ITEM_REPLIED: _l("Objection to a new item replied to"),
        Tag.NEW_ITEM_PRICED: _l("Trial price filed"), Tag.NEW_ITEM_REPORTED: _l("Trial reported"),
        Tag.NEW_ITEM_REMINDED: _l("Hospital reminded of its trial"), Tag.NEW_ITEM_LAPSED: _l("Trial over"),
        Tag.NEW_ITEM_STOPPED: _l("Trial ended before its time"),
    }
)  # fmt: skip
facts(
    {
        "item": _l("Service item"), "verdict": _l("Decision"), "stage": _l("Stage"),
        "cases": _l("Cases"), "revenue": _l("Revenue"), "adverse": _l("Adverse events"),
        "closes_at": _l("Closes"), "opens_at": _l("Opens"), "publicity_workdays": _l("Working days of publicity"),
        "least_experts": _l("Experts at least"), "midterm_months": _l("Months to the mid-term evaluation"),
        "reminder": _l("Reminder"), "conflict": _l("Conflict of interest"),
    },
    {"verdict": ApplicationAction, "stage": ApplicationState},
)  # fmt: skip
sentences(
    {
        "item-price-wrong": _l("A price in yuan above 0 with at most 2 decimals is needed."),
        "item-revenue-wrong": _l("An amount in yuan with at most 2 decimals is needed."),
        "new-item-number": _l("A whole number from 1 to %(most)s is needed."),
        "new-item-round-days": _l("The round has to close later than it opens, and not in the past."),
        "new-item-round-known": _l("The province has a round called “%(value)s” already."),
        "new-item-no-region": _l("Your hospital has no region yet; ask the platform to enter it."),
        "new-item-no-round": _l("No round of the province takes applications now. Emergencies can be filed any time."),
        "new-item-never-a-round": _l("The province has not opened a round yet, so no rules for new items are known."),
        "new-item-not-yours": _l("Another office reviews the application at this stage."),
        "new-item-decision-waits": _l("A proposed decision waits for a second person."),
        "new-item-nothing-proposed": _l("No decision is proposed at this stage."),
        "new-item-code-taken": _l("Code %(value)s belongs to another item already."),
        "new-item-not-longer": _l("The new end has to be later than the present one (%(ends)s)."),
        "new-item-scores-missing": _l("%(given)s experts have submitted scores; at least %(least)s and all who serve."),
        "new-item-publicity-runs": _l("The publicity runs until %(until)s."),
        "new-item-objections-open": _l("%(count)s objections are not replied to."),
        "new-item-objections-closed": _l("Objections to this item are received only while it is in publicity."),
        "new-item-known": _l("Your hospital applies for “%(value)s” already."),
        "new-item-alike": _l("Like the existing item “%(known)s”."),
        "new-item-no-number": _l("“%(value)s” is no number."),
        "new-item-own": _l("Nobody objects to his own application."),
        "new-item-experts-unknown": _l("Name active experts of other hospitals, none of them twice."),
        "new-item-experts-few": _l("Name at least %(least)s and at most %(most)s experts."),
        "new-item-due-past": _l("A moment that is still to come is needed."),
        "new-item-time-is-up": _l("The time for scores was up at %(due)s."),
        "new-item-not-a-score": _l("“%(value)s” is no number from 0 to 100 with at most 2 decimals."),
        "new-item-too-soon": _l("The price is published 10 working days before its use: %(earliest)s or later."),
        "new-item-submitted": _l("%(hospital)s applies for the new item “%(item)s” (%(number)s)."),
        "new-item-withdrawn": _l("%(hospital)s withdrew “%(item)s” (%(number)s)."),
        "new-item-accepted": _l("“%(item)s” (%(number)s) is accepted and under review."),
        "new-item-returned": _l("“%(item)s” (%(number)s) came back: %(reason)s"),
        "new-item-is-form-check": _l("“%(item)s” (%(number)s) passed the city's review. %(reason)s"),
        "new-item-is-expert-panel": _l("“%(item)s” (%(number)s) goes to the expert panel. %(reason)s"),
        "new-item-is-in-publicity": _l("“%(item)s” (%(number)s) is in publicity. %(reason)s"),
        "new-item-is-to-price": _l("“%(item)s” (%(number)s) may be tried: file your price. %(reason)s"),
        "new-item-is-rejected": _l("“%(item)s” (%(number)s) is rejected. %(reason)s"),
        "new-item-is-trial-continued": _l("The trial of “%(item)s” (%(number)s) goes on. %(reason)s"),
        "new-item-is-trial-extended": _l("The trial of “%(item)s” (%(number)s) is extended. %(reason)s"),
        "new-item-is-formal": _l("“%(item)s” (%(number)s) is a formal item now. %(reason)s"),
        "new-item-is-trial-ended": _l("The trial of “%(item)s” (%(number)s) is ended. %(reason)s"),
        "new-item-arrived": _l("“%(item)s” (%(number)s) of %(hospital)s waits for you."),
        "new-item-expert": _l("You are asked to review the new item “%(item)s”; scores until %(due)s."),
        "new-item-expert-left": _l("Expert %(number)s left the review of “%(item)s”: conflict of interest."),
        "new-item-objection": _l("An objection to “%(item)s” (%(number)s) was filed."),
        "new-item-replied": _l("Your objection to “%(item)s” (%(number)s) is replied to."),
        "new-item-priced": _l("%(hospital)s filed its trial price of “%(item)s” (%(number)s), from %(starts)s on."),
        "new-item-reported": _l("%(hospital)s handed in its report on “%(item)s” (%(number)s)."),
        "new-item-midterm-due": _l("The mid-term report on “%(item)s” (%(number)s) is due since %(day)s."),
        "new-item-formal-due": _l(
            "The trial of “%(item)s” (%(number)s) ends on %(day)s: apply for the formal item or an extension now."
        ),
        "new-item-lapsed": _l("The trial of “%(item)s” (%(number)s) is over; it may not be charged any more."),
    }
)
