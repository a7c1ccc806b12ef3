"""Statements as calls."""

from __future__ import annotations

from kernel.calls import Call
from procurement.settlement.statements import queries
from procurement.settlement.statements.queries import Line, Statement


def index(call: Call) -> list[Line]:
    """Return the accounts of an organisation with all it deals with, or of all hospitals or sellers."""
    return queries.lines(call.session, queries.asked(call.session, call.query, call.actor, call.at))


def show(call: Call, hospital_id: int, seller_id: int) -> Statement:
    """Return the account of a hospital and a seller."""
    return queries.statement(call.session, hospital_id, seller_id, call.query, call.actor, call.at)
