"""States of a run, of a hospital's answer to its lines, and of a dispute."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class RunState(StrEnum):
    """Where a run stands. REPLACED: a later version took its place."""

    DRAFT = "draft"
    SENT = "sent"
    PUBLISHED = "published"
    APPLIED = "applied"
    PAID = "paid"
    CLOSED = "closed"
    REPLACED = "replaced"


class RunAction(StrEnum):
    """What can happen to a run. HEAR: hospitals answer, the agency decides their disputes."""

    ASSESS = "assess"
    SEND = "send"
    HEAR = "hear"
    PUBLISH = "publish"
    APPLY = "apply"
    PAY = "pay"
    REPORT = "report"
    CLOSE = "close"
    REPLACE = "replace"


S, A = RunState, RunAction

RUN_FLOW = Flow(
    {
        (S.DRAFT, A.ASSESS): S.DRAFT,
        (S.DRAFT, A.SEND): S.SENT,
        (S.SENT, A.HEAR): S.SENT,
        (S.SENT, A.PUBLISH): S.PUBLISHED,
        (S.PUBLISHED, A.APPLY): S.APPLIED,
        (S.APPLIED, A.PAY): S.PAID,
        (S.PAID, A.REPORT): S.PAID,
        (S.PAID, A.CLOSE): S.CLOSED,
        (S.DRAFT, A.REPLACE): S.REPLACED,
        (S.SENT, A.REPLACE): S.REPLACED,
        (S.PUBLISHED, A.REPLACE): S.REPLACED,
    }
)


class LineState(StrEnum):
    """What a hospital said to a line; DECIDED: its dispute was answered."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    DECIDED = "decided"


class DisputeState(StrEnum):
    """A dispute that was granted asks for a correction and a new version of the run."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Term(StrEnum):
    """What of a line a dispute is about."""

    Q0 = "q0"
    P0 = "p0"
    QC = "qc"
    PW = "pw"
    N = "n"
    R = "r"
    S = "s"
    SCORE = "score"
    COMPLETED = "completed"


class Exempting(StrEnum):
    """Why a missed agreed volume does not count (医保发〔2024〕31号)."""

    CLINICAL = "clinical-change"
    SHORTAGE = "shortage"
    EMERGENCY = "emergency"
    SEASON = "season"


class Indicator(StrEnum):
    """What a hospital is scored by; the names are those of `score.weights`."""

    COMPLETION = "completion"
    WINNING = "winning_share"
    ONLINE = "online"
    PAYMENT = "payment"
    GROWTH = "growth"
    PRICE_POLICY = "price_policy"


class Scored(StrEnum):
    """Where points come from."""

    LEDGER = "ledger"
    DESK = "desk"
    ON_SITE = "on-site"
