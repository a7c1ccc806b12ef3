"""Names of the demand area's codes, its refusals and notices as sentences."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.demand.flow import CallAction, CallState, LineReason, ReportAction, ReportState
from procurement.tags import Tag

# one call an enum: members of two enums with one value are equal, and would be one key
labels(
    {
        CallState.DRAFT: _l("Draft"),
        CallState.COLLECTING: _l("Collecting"),
        CallState.REVIEWING: _l("In review"),
        CallState.LOCKED: _l("Base locked"),
        CallState.VOID: _l("Given up"),
    }
)
labels(
    {
        CallAction.START: _l("Start collecting"),
        CallAction.CLOSE: _l("Close"),
        CallAction.REOPEN: _l("Reopen"),
        CallAction.LOCK: _l("Lock the base"),
        CallAction.VOID: _l("Give up"),
    }
)
labels(
    {
        ReportState.DRAFT: _l("Being filled in"),
        ReportState.SUBMITTED: _l("Submitted"),
        ReportState.RETURNED: _l("Returned"),
        ReportState.ACCEPTED: _l("Accepted"),
    }
)
labels(
    {
        ReportAction.SUBMIT: _l("Submit"),
        ReportAction.RECALL: _l("Take back"),
        ReportAction.RETURN: _l("Return"),
        ReportAction.ACCEPT: _l("Accept"),
    }
)
labels(
    {
        LineReason.PATIENTS_FEWER: _l("Fewer patients"),
        LineReason.GUIDELINE_CHANGED: _l("Guideline changed"),
        LineReason.SUBSTITUTED: _l("Replaced by another variety"),
        LineReason.DEPARTMENT_CLOSED: _l("Department closed or moved"),
        LineReason.STOCK_LEFT: _l("Stock left over"),
        LineReason.PAST_EXCEPTIONAL: _l("Past years were exceptional"),
        LineReason.OTHER: _l("Another reason, kept on file"),
    }
)
labels(
    {
        Tag.DEMAND_CREATED: _l("Collection set up"),
        Tag.DEMAND_CHANGED: _l("Collection changed"),
        Tag.DEMAND_LOTS_ADDED: _l("Lots added"),
        Tag.DEMAND_LOT_CHANGED: _l("Lot changed"),
        Tag.DEMAND_LOT_REMOVED: _l("Lot taken out"),
        Tag.DEMAND_CAPS_SET: _l("Caps set"),
        Tag.DEMAND_STARTED: _l("Collection started"),
        Tag.DEMAND_EXTENDED: _l("Deadline of a collection moved"),
        Tag.DEMAND_CLOSED: _l("Collection closed by its deadline"),
        Tag.DEMAND_VOIDED: _l("Collection given up"),
        Tag.DEMAND_LOCKED: _l("Base locked"),
        Tag.DEMAND_REMINDED: _l("Hospitals reminded"),
        Tag.DEMAND_JOINED: _l("Collection joined"),
        Tag.DEMAND_LEFT: _l("Collection left"),
        Tag.REPORT_DRAFTED: _l("Demand report drafted"),
        Tag.REPORT_SAVED: _l("Demand report saved"),
        Tag.REPORT_SUBMITTED: _l("Demand report submitted"),
        Tag.REPORT_RECALLED: _l("Demand report taken back"),
        Tag.REPORT_RETURNED: _l("Demand report returned"),
        Tag.REPORT_ACCEPTED: _l("Demand report accepted"),
        Tag.PAST_USE_RECORDED: _l("Use of past years recorded"),
    }
)

# acts that are refused
sentences(
    {
        "demand-code-taken": _l("There is a collection with the code %(code)s already"),
        "demand-deadline-past": _l("The deadline must lie in the future"),
        "demand-deadline-not-later": _l("The new deadline must lie in the future and after the present one"),
        "demand-reason-missing": _l("Give a reason"),
        "demand-without-lots": _l("The collection %(code)s has no lots yet"),
        "demand-already-started": _l("The collection %(code)s has begun; this can't be changed any more"),
        "demand-not-collecting": _l("The collection %(code)s takes no more changes"),
        "demand-lot-twice": _l("Each variety stands in a collection once: %(varieties)s"),
        "demand-variety-without-reference": _l("These varieties have no reference specification: %(varieties)s"),
        "demand-unknown-variety": _l("No variety has the number %(number)s"),
        "demand-bad-cap": _l("A cap is a price above 0 with at most 4 decimals: %(caps)s"),
        "demand-caps-with-round": _l("The base of %(code)s is locked; its caps are set on the page of the round"),
        "demand-reports-waiting": _l("%(count)s reports still wait for review"),
        "demand-nothing-accepted": _l("The collection %(code)s has no accepted report"),
        "demand-hospital-without-region": _l("These hospitals lie in no region: %(hospitals)s"),
        "demand-too-late": _l("The deadline %(deadline)s (Beijing time) has passed; nothing was taken"),
        "demand-already-submitted": _l("The report has been submitted and can't be changed now"),
        "demand-confirm-first": _l("%(count)s things look odd. Confirm them, or go back and correct them"),
        "demand-own-report": _l("Whoever submitted a report does not accept it"),
        "demand-return-needs-time": _l("The deadline has passed: say until when the hospital may correct its report"),
        "demand-lines-refused": _l("%(count)s lines can't be taken; nothing was saved"),
        "demand-join-first": _l("Join the collection %(code)s first; those who are not asked take part by joining"),
        "demand-joined-already": _l("The organisation takes part in %(code)s already"),
        "demand-may-not-join": _l("The collection %(code)s does not take this organisation in"),
        "demand-nudged-lately": _l("The last reminder by hand went out at %(moment)s; wait %(minutes)s minutes"),
        "demand-nobody-missing": _l("Nobody is left to be reminded"),
        "demand-grid-unreadable": _l("The table did not arrive whole. Load the page again"),
    }
)

# lines
sentences(
    {
        "demand-unknown-specification": _l("This specification is not in the collection"),
        "demand-negative": _l("%(item)s: %(quantity)s is less than 0"),
        "demand-too-large": _l("%(item)s: %(quantity)s is larger than any hospital's need"),
        "demand-decimals": _l("%(item)s: %(quantity)s; counted in %(unit)s it may have %(places)s decimals"),
        "demand-brand-needed": _l("%(item)s: consumables are reported by company, not by name alone."),
        "demand-company-without-product": _l("%(item)s: this company has no product of the variety"),
        "demand-line-repeated": _l("%(item)s stands twice for the same maker"),
        "demand-not-a-number": _l("%(item)s: “%(value)s” is not a plain number"),
        "demand-cell-not-a-number": _l("“%(value)s” is not a plain number"),
        "demand-packs": _l(
            "%(item)s: %(quantity)s is about last year's %(last)s divided by the pack of %(pack)s: count %(unit)s"
        ),
        "demand-units": _l("%(item)s: %(quantity)s is about last year's %(last)s multiplied by the pack of %(pack)s"),
        "demand-tenfold": _l("%(item)s: %(quantity)s is 10 times last year's %(last)s or more"),
        "demand-tenth": _l("%(item)s: %(quantity)s is a tenth of last year's %(last)s or less"),
        "demand-below-floor": _l(
            "%(item)s: %(total)s reference units are below the floor of %(floor)s (80 %% of the mean of two years);"
            " no reason is given"
        ),
        "demand-nothing-reported": _l("Nothing is reported: the hospital needs none of these varieties"),
    }
)

# forms and workbooks
sentences(
    {
        "demand-field-missing": _l("This is missing"),
        "demand-field-too-long": _l("At most %(limit)s characters"),
        "demand-bad-year": _l("A year between 2000 and 2100"),
        "demand-bad-moment": _l("A date and time, such as 2026-12-31 17:00:00"),
        "demand-not-a-price": _l("“%(value)s” is not a price"),
        "demand-unknown-item": _l("%(value)s is no item of this collection"),
        "demand-item-changed": _l("%(value)s does not belong to this item; it was “%(expected)s”"),
        "demand-item-changed.fix": _l("Put the grey cell back, and see that the row's quantity is meant for it"),
        "demand-negative.fix": _l("0 where none is needed, empty where nothing is reported"),
        "demand-unknown-company": _l("No company has the code %(value)s"),
        "demand-unknown-hospital": _l("No hospital has the code %(value)s"),
        "demand-unknown-specification-of": _l("The variety has no specification “%(value)s”; it has %(known)s"),
        "demand-year-out-of-range": _l("%(value)s is not a past year"),
        "demand-lots-fixed": _l("The collection has begun; no lot can be added (%(value)s)"),
        "demand-class-differs": _l("Another row of the same variety says something else"),
    }
)

# notices
sentences(
    {
        "demand-started": _l("%(title)s has begun; report until %(deadline)s Beijing time"),
        "demand-extended": _l("The deadline of %(title)s is now %(deadline)s Beijing time: %(reason)s"),
        "demand-voided": _l("%(title)s was given up: %(reason)s"),
        "demand-closed": _l("The deadline of %(title)s has passed; the reports can be reviewed"),
        "demand-may-join": _l("%(title)s has begun; you may take part until %(deadline)s Beijing time"),
        "demand-nudge": _l("The agency asks for your report for %(title)s; it closes at %(deadline)s Beijing time"),
        "demand-reminder": _l("%(title)s closes within %(hours)s hours, at %(deadline)s; nothing is submitted yet"),
        "demand-report-returned": _l("Your report for %(title)s was returned: %(reason)s. Correct it until %(until)s"),
    }
)
