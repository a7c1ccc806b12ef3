"""Kinds of plans, their states and acts, and what is said to them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kernel.flow import Flow


class PlanKind(StrEnum):
    """What a plan stands on: the yearly evaluation, or a reform or single matter, which skip the triggers."""

    REGULAR = "regular"
    SPECIAL = "special"
    SINGLE = "single"


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    SURVEY = "survey"
    OPINIONS = "opinions"
    PANEL = "panel"
    DECISION = "decision"
    PUBLICITY = "publicity"
    FILED = "filed"
    EFFECTIVE = "effective"
    MONITORED = "monitored"
    WITHDRAWN = "withdrawn"


class PlanAction(StrEnum):
    """What can happen to a plan. RETURN: back to the draft with its reason."""

    EDIT = "edit"
    SURVEY = "survey"
    ASK = "ask"
    SAY = "say"
    CONVENE = "convene"
    PROPOSE = "propose"
    VOTE = "vote"
    DECIDE = "decide"
    OBJECT = "object"
    FILE = "file"
    MONITOR = "monitor"
    RETURN = "return"
    WITHDRAW = "withdraw"


class StatementKind(StrEnum):
    """What organisations say to a plan: opinions before the panel, objections in its publicity."""

    OPINION = "opinion"
    OBJECTION = "objection"


class Check(StrEnum):
    """What a plan is held against; steps are called so."""

    TOTAL = "plan-total"
    TECHNICAL_NUMBER = "plan-technical-number"
    TECHNICAL_AMOUNT = "plan-technical-amount"
    GRADES = "plan-grades"
    NEIGHBOURS = "plan-neighbours"


S, A = PlanState, PlanAction

PLAN_FLOW = Flow(
    {
        (S.DRAFT, A.EDIT): S.DRAFT,
        (S.DRAFT, A.SURVEY): S.SURVEY,
        (S.DRAFT, A.WITHDRAW): S.WITHDRAWN,
        (S.SURVEY, A.EDIT): S.SURVEY,
        (S.SURVEY, A.ASK): S.OPINIONS,
        (S.SURVEY, A.WITHDRAW): S.WITHDRAWN,
        (S.OPINIONS, A.SAY): S.OPINIONS,
        (S.OPINIONS, A.CONVENE): S.PANEL,
        (S.OPINIONS, A.RETURN): S.DRAFT,
        (S.PANEL, A.PROPOSE): S.DECISION,
        (S.PANEL, A.RETURN): S.DRAFT,
        (S.DECISION, A.VOTE): S.DECISION,
        (S.DECISION, A.DECIDE): S.PUBLICITY,
        (S.DECISION, A.RETURN): S.DRAFT,
        (S.PUBLICITY, A.OBJECT): S.PUBLICITY,
        (S.PUBLICITY, A.FILE): S.FILED,
        (S.PUBLICITY, A.RETURN): S.DRAFT,
        (S.EFFECTIVE, A.MONITOR): S.MONITORED,
        (S.MONITORED, A.MONITOR): S.MONITORED,
    }
)
UNDECIDED = (S.DRAFT, S.SURVEY, S.OPINIONS, S.PANEL, S.DECISION)
"""States before the decision on a plan."""
PUBLIC = (S.PUBLICITY, S.FILED, S.EFFECTIVE, S.MONITORED)
"""States in which everybody reads a plan."""
SETTLED = (S.FILED, S.EFFECTIVE, S.MONITORED)
"""States in which a plan has set its prices."""
SAID = (S.OPINIONS, S.PANEL, S.DECISION, *PUBLIC)
"""States in which hospitals read a plan."""


def settled(state: PlanState, starts_on: date | None, today: date) -> PlanState:
    """Return the state as a Beijing day makes it: a filed plan is effective from 00:00 of its day on.

    >>> settled(PlanState.FILED, date(2026, 12, 1), date(2026, 12, 1)).value
    'effective'
    """
    begun = starts_on is not None and starts_on <= today
    return PlanState.EFFECTIVE if state is PlanState.FILED and begun else state
