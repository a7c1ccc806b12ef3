"""Names of cases' codes, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.governance.cases.flow import CaseAction, CaseReason, CaseState, InterviewMode
from pricing.tags import Tag

labels(
    {
        CaseReason.RISE: _l("Abnormal rise"),
        CaseReason.HIGH: _l("Abnormally high"),
        CaseReason.ABOVE_LOW: _l("Far above the national low"),
        CaseReason.GAPS: _l("Unfair gaps between regions"),
        CaseReason.COMPLAINT: _l("Complaint"),
        CaseState.DRAFT: _l("Case in draft"),
        CaseState.ASKED: _l("Inquiry sent"),
        CaseState.OVERDUE: _l("Inquiry not answered in time"),
        CaseState.ANSWERED: _l("Inquiry answered"),
        CaseState.ACCEPTED: _l("Explanation accepted"),
        CaseState.INSUFFICIENT: _l("Answer insufficient"),
        CaseState.CALLED: _l("Interview called"),
        CaseState.HELD: _l("Minutes wait for signatures"),
        CaseState.SIGNED_BUREAU: _l("Minutes signed by the bureau"),
        CaseState.SIGNED_COMPANY: _l("Minutes signed by the company"),
        CaseState.MINUTED: _l("Minutes signed by both"),
        CaseState.COMMITTED: _l("Company committed"),
        CaseState.VERIFIED: _l("Price mended and verified"),
        CaseState.NOT_KEPT: _l("Not kept"),
        CaseState.EXPOSED: _l("Exposed to the public"),
        CaseState.SUSPENDED: _l("Suspended by the case"),
        CaseState.REPORTED: _l("Handed over to credit"),
        CaseState.DROPPED: _l("Draft dropped"),
    }
)
labels(
    {
        CaseAction.DROP: _l("Drop the draft"),
        CaseAction.SEND: _l("Send the inquiry"),
        CaseAction.ANSWER: _l("Answer"),
        CaseAction.ACCEPT: _l("Accept the explanation"),
        CaseAction.INSUFFICIENT: _l("Find the answer insufficient"),
        CaseAction.CALL: _l("Call to an interview"),
        CaseAction.HOLD: _l("Keep the minutes"),
        CaseAction.SIGN_BUREAU: _l("Sign for the bureau"),
        CaseAction.SIGN_COMPANY: _l("Sign for the company"),
        CaseAction.COMMIT: _l("Commit to a price"),
        CaseAction.VERIFY: _l("Verify that the price is mended"),
        CaseAction.FAIL: _l("Say that it was not kept"),
        CaseAction.PROPOSE: _l("Propose a decision"),
        CaseAction.RETURN: _l("Take the proposal back"),
        CaseAction.EXPOSE: _l("Expose to the public"),
        CaseAction.SUSPEND: _l("Suspend what the case is about"),
        CaseAction.REPORT: _l("Hand over to credit"),
        CaseAction.LIFT: _l("Lift the suspension"),
        InterviewMode.AFTER: _l("After the inquiry"),
        InterviewMode.REPLACES: _l("Replaces the inquiry"),
        InterviewMode.MERGED: _l("Merged with the inquiry"),
        InterviewMode.MOVED: _l("Moved to another time"),
    }
)
labels(
    {
        Tag.PRICE_CASE_OPENED: _l("Price case drafted"),
        Tag.PRICE_CASE_DROPPED: _l("Draft of a price case dropped"),
        Tag.PRICE_CASE_ASKED: _l("Inquiry letter sent"),
        Tag.PRICE_CASE_ANSWERED: _l("Inquiry answered by the company"),
        Tag.PRICE_CASE_JUDGED: _l("Explanation judged"),
        Tag.PRICE_CASE_CALLED: _l("Company called to an interview"),
        Tag.PRICE_CASE_HELD: _l("Minutes of an interview kept"),
        Tag.PRICE_CASE_SIGNED: _l("Minutes of an interview signed"),
        Tag.PRICE_CASE_COMMITTED: _l("Price commitment made"),
        Tag.PRICE_CASE_CUT: _l("Prices cut as committed"),
        Tag.PRICE_CASE_VERIFIED: _l("Price commitment verified"),
        Tag.PRICE_CASE_FAILED: _l("Price case not kept"),
        Tag.PRICE_CASE_PROPOSED: _l("Decision against a company proposed"),
        Tag.PRICE_CASE_RETURNED: _l("Proposed decision taken back"),
        Tag.PRICE_CASE_EXPOSED: _l("Company exposed to the public"),
        Tag.PRICE_CASE_SUSPENDED: _l("Listings suspended by a case"),
        Tag.PRICE_CASE_REPORTED: _l("Price case handed over to credit"),
        Tag.PRICE_CASE_LIFTED: _l("Suspension by a case lifted"),
        Tag.PRICE_CASE_FILES: _l("Attachments of a price case kept"),
        Tag.PRICE_CASE_REMINDED: _l("Reminded of a price case"),
    }
)
facts(
    {
        "price_case": _l("Price case"), "action": _l("Act"), "proposed": _l("Proposed decision"),
        "mode": _l("Kind of interview"), "interview_at": _l("Time of the interview"), "place": _l("Place"),
        "held_at": _l("Held at"), "present": _l("Present"), "commit_by": _l("Commitment due on"),
        "keep_by": _l("To be kept by"), "late": _l("Late"), "due": _l("Deadline"), "workdays": _l("Working days"),
        "prices": _l("Prices asked about"), "told": _l("Told"), "files": _l("Files"),
    },
    {"action": CaseAction, "proposed": CaseAction, "mode": InterviewMode},
)  # fmt: skip
sentences(
    {
        "case-changed": _l("Somebody else acted in this case while you had it open; nothing of yours was saved yet."),
        "case-lines": _l("A case is about 1 to %(most)s prices."),
        "case-one-company": _l("A case is about prices of one company in one region."),
        "case-product-twice": _l("A product stands in a case once."),
        "case-listing-ended": _l("A price that has ended is not asked about."),
        "case-open-already": _l("Case no. %(number)s about one of these products is open in the region."),
        "case-files": _l("At most %(most)s files belong to a case."),
        "case-past": _l("The time is past; state a later one."),
        "case-future": _l("The interview can't have been held later than now."),
        "case-too-early": _l("The company still has until %(due)s."),
        "case-not-mended": _l("The price is not yet what was committed to: %(products)s."),
        "case-too-dear": _l("A commitment is no higher than the price that stands (%(price)s)."),
        "case-proposed-already": _l("A decision is proposed already."),
        "case-nothing-proposed": _l("No decision is proposed."),
        "case-nothing-listed": _l("None of the prices can be bought at today."),
        "case-nothing-suspended": _l("The case has suspended nothing."),
        "case-asked": _l("You are asked about the price of %(product)s (%(region)s); answer by %(due)s."),
        "case-accepted": _l("Your explanation of the price of %(product)s (%(region)s) is accepted."),
        "case-insufficient": _l("Your answer about the price of %(product)s (%(region)s) is insufficient."),
        "case-called": _l("You are called to an interview about the price of %(product)s (%(region)s) on %(due)s."),
        "case-minutes": _l("Minutes of the interview about %(product)s (%(region)s) wait for your signature."),
        "case-signed": _l("The other side signed the minutes about %(product)s (%(region)s)."),
        "case-verified": _l("The price of %(product)s (%(region)s) is mended; case no. %(number)s is closed."),
        "case-not-kept": _l("Case no. %(number)s about %(product)s (%(region)s): not kept."),
        "case-exposed": _l("Case no. %(number)s about %(product)s (%(region)s) is exposed to the public."),
        "case-suspended": _l("The listing of %(product)s (%(region)s) is suspended by case no. %(number)s."),
        "case-reported": _l("Case no. %(number)s about %(product)s (%(region)s) is handed over to credit."),
        "case-lifted": _l("The suspension of %(product)s (%(region)s) is lifted."),
        "case-answered": _l("Case no. %(number)s about %(product)s (%(region)s): the company answered."),
        "case-committed": _l("Case no. %(number)s about %(product)s (%(region)s): the company committed to a price."),
        "case-proposed": _l("Case no. %(number)s about %(product)s: a decision waits for a second person."),
        "case-due-soon": _l("Case no. %(number)s about %(product)s (%(region)s) is due on %(due)s."),
        "case-due-over": _l("Case no. %(number)s about %(product)s (%(region)s) was due on %(due)s."),
        "case-stuck": _l("Case no. %(number)s about %(product)s was due on %(due)s and nobody has acted since."),
    }
)
