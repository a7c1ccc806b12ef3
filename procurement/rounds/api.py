"""Rounds as JSON: what the pages show, to the same readers."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from procurement.rounds.queries import results, rounds


def index(call: Call) -> Any:
    """List the rounds the reader may see."""
    found = rounds.listing(call.actor, stage_name=call.query["stage"], text=call.query["text"])
    return call.session.scalars(found).unique().all()


def show(call: Call, round_id: int) -> Any:
    """Return a round."""
    return rounds.one(call.session, round_id, call.actor)


def decisions(call: Call, round_id: int) -> Any:
    """Return every decision of the evaluation that counts, with its steps."""
    round_ = rounds.one(call.session, round_id, call.actor)
    evaluation = results.for_reader(call.session, round_, call.actor)
    return results.decisions(call.session, evaluation) if evaluation else []
