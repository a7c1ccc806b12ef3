"""Where a round's revivals stand, as every page of it shows, and what they put before the announcement."""

from __future__ import annotations

from kernel.calls import Call
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, rulesets
from procurement.rounds.revivals import queries as revivals
from procurement.rounds.revivals.rules import Board

RULES = ("revival.shortlisted", "revival.unlisted", "revival.reference")


def stand(call: Call, round_: Round) -> Board | None:
    """Say where the revivals stand, to whoever works on the evaluation and where the rules have any."""
    if round_.evaluated_at is None or not rounds.is_inside(call.actor):
        return None
    get = rulesets.in_force(round_).parameters.value
    evaluation = results.latest(call.session, round_)
    if evaluation is None or not any(get(name) for name in RULES):
        return None
    under_way = round_.state is RoundState.EVALUATED
    return revivals.board_of(call.session, round_, evaluation, call.at) if under_way else Board()


def owed(act: str, waits: Board | None) -> str:
    """Put the revivals before the announcement: send what is due, read what was accepted, wait for what is open."""
    if act != "announce" or waits is None or waits.settled:
        return act
    if waits.due:
        return "revive"
    return "evaluate" if waits.unread and not waits.open else "answers"
