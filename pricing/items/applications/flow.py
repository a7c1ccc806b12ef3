"""States of an application for a new item, what is decided about it, and on what grounds it is rejected.

Source: rules/service_prices.md "New items".
"""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class ApplicationState(StrEnum):
    """Where an application for a new item stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CITY_REVIEW = "city-review"
    FORM_CHECK = "form-check"
    PANEL = "expert-panel"
    PUBLICITY = "in-publicity"
    PRICING = "to-price"
    TRIAL = "in-trial"
    MIDTERM = "mid-term"
    CONTINUED = "trial-continued"
    EXTENDED = "trial-extended"
    ASSESSED = "final-assessment"
    FORMAL = "formal"
    ENDED = "trial-ended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ApplicationAction(StrEnum):
    """What is done with an application."""

    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    FORWARD = "forward"
    REJECT = "reject"
    PRICE = "file-price"
    REPORT = "report"
    CONTINUE = "continue"
    ASK = "ask-formal"
    FORMAL = "make-formal"
    EXTEND = "extend"
    END = "end"
    LAPSE = "lapse"


S, A = ApplicationState, ApplicationAction
REVIEWED = (S.CITY_REVIEW, S.FORM_CHECK, S.PANEL, S.PUBLICITY)
TRIED = (S.TRIAL, S.CONTINUED, S.EXTENDED)
"""In trial, with nothing handed in that waits for the bureau: such a trial ends with its last day."""
ON_TRIAL = (*TRIED, S.MIDTERM, S.ASSESSED)
OVER = (S.FORMAL, S.ENDED, S.REJECTED, S.WITHDRAWN)
OPEN = (S.DRAFT, S.RETURNED)
"""With the hospital, which may change it."""
WAITING = (S.SUBMITTED, *REVIEWED, S.MIDTERM, S.ASSESSED)
"""With the bureaus or the experts."""

APPLICATION_FLOW = Flow(
    {
        **{(state, A.SAVE): state for state in OPEN},
        **{(state, A.SUBMIT): S.SUBMITTED for state in OPEN},
        (S.SUBMITTED, A.ACCEPT): S.CITY_REVIEW,
        (S.SUBMITTED, A.RETURN): S.RETURNED,
        (S.CITY_REVIEW, A.FORWARD): S.FORM_CHECK,
        (S.FORM_CHECK, A.RETURN): S.RETURNED,
        (S.FORM_CHECK, A.FORWARD): S.PANEL,
        (S.PANEL, A.FORWARD): S.PUBLICITY,
        (S.PUBLICITY, A.FORWARD): S.PRICING,
        **{(state, A.REJECT): S.REJECTED for state in REVIEWED},
        (S.PRICING, A.PRICE): S.TRIAL,
        (S.TRIAL, A.REPORT): S.MIDTERM,
        (S.MIDTERM, A.CONTINUE): S.CONTINUED,
        (S.CONTINUED, A.ASK): S.ASSESSED,
        (S.EXTENDED, A.ASK): S.ASSESSED,
        (S.ASSESSED, A.FORMAL): S.FORMAL,
        (S.ASSESSED, A.EXTEND): S.EXTENDED,
        **{(state, A.END): S.ENDED for state in ON_TRIAL},
        **{(state, A.LAPSE): S.ENDED for state in TRIED},
        **{(state, A.WITHDRAW): S.WITHDRAWN for state in (*OPEN, S.SUBMITTED, *REVIEWED, S.PRICING)},
    }
)
DECISIONS = (A.FORWARD, A.REJECT, A.CONTINUE, A.FORMAL, A.EXTEND, A.END)
"""Two persons decide these: one proposes, another confirms."""


class Ground(StrEnum):
    """The ten grounds of rejection."""

    NOT_MEDICAL = "not-medical"
    ADMINISTRATIVE = "administrative"
    NOT_FOR_PATIENTS = "not-for-patients"
    UNCLEAR = "unclear"
    SPLIT = "split"
    TIED = "tied"
    FITS_ANOTHER = "fits-another"
    NO_BETTER = "no-better"
    AGAINST_GUIDELINE = "against-guideline"
    AGAINST_LAW = "against-law"


class OpinionState(StrEnum):
    """Where a proposed decision stands."""

    PROPOSED = "opinion-proposed"
    CONFIRMED = "opinion-confirmed"
    SENT_BACK = "opinion-sent-back"


class OpinionAction(StrEnum):
    """What a second person does with a proposed decision."""

    CONFIRM = "opinion-confirm"
    SEND_BACK = "opinion-send-back"


OPINION_FLOW = Flow(
    {
        (OpinionState.PROPOSED, OpinionAction.CONFIRM): OpinionState.CONFIRMED,
        (OpinionState.PROPOSED, OpinionAction.SEND_BACK): OpinionState.SENT_BACK,
    }
)


class PlaceState(StrEnum):
    """Where an expert's place on an item stands."""

    NAMED = "place-named"
    DECLARED = "place-declared"
    LEFT = "place-left"
    SUBMITTED = "place-submitted"


class PlaceAction(StrEnum):
    """What an expert does: declares no conflict of interest, or one and leaves; submits the scores for good."""

    DECLARE = "place-declare"
    LEAVE = "place-leave"
    SUBMIT = "place-submit"


PLACE_FLOW = Flow(
    {
        (PlaceState.NAMED, PlaceAction.DECLARE): PlaceState.DECLARED,
        (PlaceState.NAMED, PlaceAction.LEAVE): PlaceState.LEFT,
        (PlaceState.DECLARED, PlaceAction.SUBMIT): PlaceState.SUBMITTED,
    }
)


class Criterion(StrEnum):
    """What experts score, each from 0 to 100."""

    NEED = "need"
    EFFECT = "effect"
    BURDEN = "burden"
    CLARITY = "clarity"


class ReplyState(StrEnum):
    """Where an objection to a publicised item stands."""

    FILED = "item-objection-filed"
    DRAFTED = "item-objection-drafted"
    REPLIED = "item-objection-replied"


class ReplyAction(StrEnum):
    """What is done with an objection."""

    REPLY = "item-objection-reply"
    SEND_BACK = "item-objection-send-back"
    CONFIRM = "item-objection-confirm"


REPLY_FLOW = Flow(
    {
        (ReplyState.FILED, ReplyAction.REPLY): ReplyState.DRAFTED,
        (ReplyState.DRAFTED, ReplyAction.SEND_BACK): ReplyState.FILED,
        (ReplyState.DRAFTED, ReplyAction.CONFIRM): ReplyState.REPLIED,
    }
)


class ReportKind(StrEnum):
    """What a hospital hands in during a trial."""

    MIDTERM = "mid-term-report"
    FORMAL = "formal-application"
    EXTENSION = "extension-application"
