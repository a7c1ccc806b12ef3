"""Calls of shortages, for hospitals' and producers' own systems."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from procurement.supply.shortages import queries, schemas, services
from procurement.supply.shortages.services import Answer, Report

MOST = 500


def index(call: Call) -> list[dict[str, Any]]:
    """List shortages, those that are open where nothing else is asked."""
    asked = queries.asked(call.query, call.at)
    found = call.session.scalars(queries.listing(call.actor, **asked).limit(MOST)).unique()
    return [schemas.out(one, call.at) for one in found]


def show(call: Call, shortage_id: int) -> dict[str, Any]:
    """Return a shortage."""
    return schemas.out(queries.one(call.session, shortage_id, call.actor), call.at)


def report(call: Call) -> dict[str, Any]:
    """Report a shortage."""
    made = services.report(call.session, said=Report(**call.body), actor=call.actor, at=call.at)
    return schemas.out(made, call.at)


def answer(call: Call, shortage_id: int) -> dict[str, Any]:
    """Answer a shortage."""
    said = Answer(**call.body)
    services.answer(call.session, shortage_id=shortage_id, said=said, actor=call.actor, at=call.at)
    return show(call, shortage_id)
