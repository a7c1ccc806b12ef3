"""Reasons, states and steps of a case: inquiry, interview, commitment, and what follows where it is not kept.

Source: governance.md "Inquiry → interview".
"""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class CaseReason(StrEnum):
    """Why a price is inquired about."""

    RISE = "abnormal-rise"
    HIGH = "abnormally-high"
    ABOVE_LOW = "far-above-national-low"
    GAPS = "unfair-gaps"
    COMPLAINT = "complaint"


class CaseState(StrEnum):
    """Where a case stands. OVERDUE is never stored: the clock says it of an inquiry nobody answered."""

    DRAFT = "draft"
    ASKED = "asked"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    INSUFFICIENT = "insufficient"
    CALLED = "called"
    HELD = "held"
    SIGNED_BUREAU = "signed-bureau"
    SIGNED_COMPANY = "signed-company"
    MINUTED = "minuted"
    COMMITTED = "committed"
    VERIFIED = "verified"
    NOT_KEPT = "not-kept"
    EXPOSED = "exposed"
    SUSPENDED = "case-suspended"
    REPORTED = "reported"
    DROPPED = "dropped"


class CaseAction(StrEnum):
    """What bureau and company do with a case."""

    DROP = "drop"
    SEND = "send"
    ANSWER = "answer"
    ACCEPT = "accept"
    INSUFFICIENT = "insufficient"
    CALL = "call"
    HOLD = "hold"
    SIGN_BUREAU = "sign-bureau"
    SIGN_COMPANY = "sign-company"
    COMMIT = "commit"
    VERIFY = "verify"
    FAIL = "fail"
    PROPOSE = "propose"
    RETURN = "return"
    EXPOSE = "expose"
    SUSPEND = "suspend"
    REPORT = "report"
    LIFT = "lift"


class InterviewMode(StrEnum):
    """How an interview stands to the inquiry: it follows it, replaces it, is merged with it, or is put off."""

    AFTER = "after"
    REPLACES = "replaces"
    MERGED = "merged"
    MOVED = "moved"


S, A, M = CaseState, CaseAction, InterviewMode
HARMS = {S.NOT_KEPT: A.EXPOSE, S.EXPOSED: A.SUSPEND, S.SUSPENDED: A.REPORT}
"""What may be decided next against a company, by two persons."""
CASE_FLOW = Flow(
    {
        (S.DRAFT, A.SEND): S.ASKED,
        (S.DRAFT, A.CALL): S.CALLED,
        (S.DRAFT, A.DROP): S.DROPPED,
        (S.ASKED, A.ANSWER): S.ANSWERED,
        (S.ASKED, A.CALL): S.CALLED,
        (S.OVERDUE, A.ANSWER): S.ANSWERED,
        (S.OVERDUE, A.CALL): S.CALLED,
        (S.ANSWERED, A.ACCEPT): S.ACCEPTED,
        (S.ANSWERED, A.INSUFFICIENT): S.INSUFFICIENT,
        (S.INSUFFICIENT, A.CALL): S.CALLED,
        (S.CALLED, A.ANSWER): S.CALLED,
        (S.CALLED, A.CALL): S.CALLED,
        (S.CALLED, A.HOLD): S.HELD,
        (S.CALLED, A.FAIL): S.NOT_KEPT,
        (S.HELD, A.HOLD): S.HELD,
        (S.HELD, A.SIGN_BUREAU): S.SIGNED_BUREAU,
        (S.HELD, A.SIGN_COMPANY): S.SIGNED_COMPANY,
        (S.HELD, A.FAIL): S.NOT_KEPT,
        (S.SIGNED_BUREAU, A.SIGN_COMPANY): S.MINUTED,
        (S.SIGNED_BUREAU, A.FAIL): S.NOT_KEPT,
        (S.SIGNED_COMPANY, A.SIGN_BUREAU): S.MINUTED,
        (S.MINUTED, A.COMMIT): S.COMMITTED,
        (S.MINUTED, A.ACCEPT): S.ACCEPTED,
        (S.MINUTED, A.FAIL): S.NOT_KEPT,
        (S.COMMITTED, A.VERIFY): S.VERIFIED,
        (S.COMMITTED, A.FAIL): S.NOT_KEPT,
        **{(state, action): state for state in HARMS for action in (A.PROPOSE, A.RETURN)},
        (S.NOT_KEPT, A.EXPOSE): S.EXPOSED,
        (S.EXPOSED, A.SUSPEND): S.SUSPENDED,
        (S.SUSPENDED, A.REPORT): S.REPORTED,
        (S.SUSPENDED, A.LIFT): S.EXPOSED,
        (S.REPORTED, A.LIFT): S.REPORTED,
        **{(state, A.VERIFY): S.VERIFIED for state in (S.NOT_KEPT, S.EXPOSED, S.SUSPENDED, S.REPORTED)},
    }
)
CLOSED = (S.ACCEPTED, S.VERIFIED, S.DROPPED, S.REPORTED)
"""States after which another case about the same price may be opened."""
HIDDEN = (S.DRAFT, S.DROPPED)
"""What the company never sees."""
INTERNAL = (A.DROP, A.PROPOSE, A.RETURN)
"""Steps the company never sees: what was only proposed has not happened to it."""
PUBLIC = (S.EXPOSED, S.SUSPENDED, S.REPORTED)
"""States in which everybody may read of the case; a mended price ends the exposure."""
MODES = {
    S.DRAFT: (M.REPLACES, M.MERGED), S.ASKED: (M.MERGED,), S.OVERDUE: (M.AFTER,), S.INSUFFICIENT: (M.AFTER,),
    S.CALLED: (M.MOVED,),
}  # fmt: skip
"""How an interview may be called from a state."""
LETTERS = (A.SEND, A.CALL, A.HOLD, A.COMMIT, A.EXPOSE, A.SUSPEND, A.REPORT)
"""Steps with a document that is printed and sealed."""
COMPANY = (S.ASKED, S.OVERDUE, S.CALLED, S.HELD, S.SIGNED_BUREAU, S.MINUTED, S.COMMITTED)
"""States in which a company has to do something."""
BUREAU = (
    S.DRAFT, S.OVERDUE, S.ANSWERED, S.INSUFFICIENT, S.CALLED, S.HELD, S.SIGNED_COMPANY, S.COMMITTED, S.NOT_KEPT,
    S.EXPOSED, S.SUSPENDED,
)  # fmt: skip
"""States in which the bureau has to."""
DATED = (S.ASKED, S.CALLED, S.HELD, S.SIGNED_BUREAU, S.SIGNED_COMPANY, S.MINUTED, S.COMMITTED)
"""Stored states that have a day."""
