"""What every page of a round shows of its publicity: what bars the award, what is void, what runs again."""

from __future__ import annotations

from typing import Any

from flask import url_for

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.problems import sentence
from procurement.rounds.announcements import queries as announcements
from procurement.rounds.flow import RoundState, Stage
from procurement.rounds.letters import queries as letters
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections import queries as objections
from procurement.rounds.queries import results
from procurement.rounds.reruns import queries as reruns
from procurement.rounds.services.announcing import award_bars
from procurement.rounds.voids import queries as voids

DEALT_WITH = {
    "regions-not-drafted": "procurement.round_regions",
    **dict.fromkeys(("void-undecided", "round-void-undecided"), "procurement.round_voids"),
    **dict.fromkeys(
        ("objection-open", "round-objection-open", "correction-missing", "round-correction-missing"),
        "procurement.round_objections",
    ),
}
ENDED = (RoundState.VOID, RoundState.AWARDED, RoundState.CLOSED)


def around(call: Call, round_: Round, stage: Stage) -> dict[str, Any]:
    """Return what of a round's publicity stands beside every tab."""
    session, actor = call.session, call.actor
    void = voids.void_lots(session, round_)
    may_rerun = actor.may(P.ROUND_SET_UP) and (void or round_.state in ENDED)
    open_count, filed = objections.numbers(session, round_)
    return {
        "bars": _bars(call, round_, stage),
        "void_lots": void,
        "void_asked": voids.asked(session, round_) if actor.may(P.ROUND_PUBLISH) else [],
        "stale": _stale(call, round_) if void and actor.may(P.ROUND_EVALUATE) else [],
        "origin": reruns.origin(session, round_, actor),
        "reruns": reruns.reruns(session, round_, actor),
        "rerunnable": len(reruns.free_lots(session, round_)) if may_rerun else 0,
        "announced": announcements.count(session, round_),
        "objections_open": open_count,
        "objections_filed": filed,
        "letters": letters.has_any(session, round_, actor) or _may_issue(call, round_),
    }


def _bars(call: Call, round_: Round, stage: Stage) -> list[tuple[str, str]]:
    """Say to those who make the award what still bars it, each with the page where it is dealt with."""
    evaluation = results.latest(call.session, round_)
    if stage not in (Stage.ANNOUNCED, Stage.AWAITING_AWARD) or evaluation is None or not call.actor.may(P.ROUND_AWARD):
        return []
    found = award_bars(call.session, round_, evaluation)
    return [(sentence(issue), url_for(DEALT_WITH[issue.code], round_id=round_.id)) for issue in found]


def _stale(call: Call, round_: Round) -> list[int]:
    """Return the void lots that the newest evaluation still decided about."""
    evaluation = results.latest(call.session, round_)
    return [lot.number for lot in voids.still_evaluated(call.session, round_, evaluation)] if evaluation else []


def _may_issue(call: Call, round_: Round) -> bool:
    return call.actor.may(P.ROUND_AWARD) and round_.state in (RoundState.AWARDED, RoundState.CLOSED)
