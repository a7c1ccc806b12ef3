"""Kinds and states of a company's documents, and what can be said about them."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class DocumentKind(StrEnum):
    """What a document proves."""

    BUSINESS_LICENCE = "business-licence"
    PRODUCTION_LICENCE = "production-licence"
    REGISTRATION = "registration"
    GMP = "gmp"
    CONSISTENCY = "consistency"
    INGREDIENT = "ingredient"
    AUTHORISATION = "authorisation"
    CREDIT_COMMITMENT = "credit-commitment"
    SUPPLY_COMMITMENT = "supply-commitment"
    OTHER = "other"


COMPANY_ONLY = frozenset(
    {DocumentKind.BUSINESS_LICENCE, DocumentKind.PRODUCTION_LICENCE, DocumentKind.CREDIT_COMMITMENT}
)
PRODUCT_ONLY = frozenset({DocumentKind.REGISTRATION, DocumentKind.CONSISTENCY, DocumentKind.INGREDIENT})
"""Documents of the other kinds may be one product's, or the company's for all of its products."""


class DocumentState(StrEnum):
    """Where a document stands. A newer version supersedes it; its history stays."""

    FILED = "filed"
    CHECKED = "checked"
    SENT_BACK = "sent-back"
    SUPERSEDED = "superseded"
    TAKEN_BACK = "taken-back"


class DocumentAction(StrEnum):
    """What can happen to a document."""

    CHECK = "check"
    SEND_BACK = "send-back"
    SUPERSEDE = "supersede"
    TAKE_BACK = "take-back"
    RESTORE = "restore"


S, A = DocumentState, DocumentAction

DOCUMENT_FLOW = Flow(
    {
        (S.FILED, A.CHECK): S.CHECKED,
        (S.FILED, A.SEND_BACK): S.SENT_BACK,
        (S.CHECKED, A.CHECK): S.CHECKED,
        (S.CHECKED, A.SEND_BACK): S.SENT_BACK,
        **{(state, A.SUPERSEDE): S.SUPERSEDED for state in (S.FILED, S.CHECKED, S.SENT_BACK)},
        **{(state, A.TAKE_BACK): S.TAKEN_BACK for state in (S.FILED, S.SENT_BACK)},
        (S.SUPERSEDED, A.RESTORE): S.FILED,
    }
)
CURRENT = (S.FILED, S.CHECKED, S.SENT_BACK)


class BackReason(StrEnum):
    """Why the agency sent a document back."""

    ILLEGIBLE = "illegible"
    INCOMPLETE = "incomplete"
    WRONG_KIND = "wrong-kind"
    WRONG_HOLDER = "wrong-holder"
    DATES_DIFFER = "dates-differ"
    NUMBER_DIFFERS = "number-differs"
    NO_SEAL = "no-seal"
    NOT_IN_REGISTER = "not-in-register"
    ELSE = "else"


class Expiry(StrEnum):
    """How near a document's last day is."""

    UNLIMITED = "unlimited"
    FAR = "far"
    NEAR = "near"
    SOON = "soon"
    EXPIRED = "expired"


class Why(StrEnum):
    """Why a requirement is met or not."""

    COVERED = "covered"
    MISSING = "missing"
    ENDS_BEFORE = "ends-before"
    BEGINS_AFTER = "begins-after"
    BACK = "back"


class ValidAt(StrEnum):
    """On which day a round's documents must be valid."""

    DEADLINE = "deadline"
    OPENING = "opening"


class Unmet(StrEnum):
    """What becomes of a bid or declaration whose documents are not all there."""

    REFUSE = "refuse"
    MARK = "mark"
