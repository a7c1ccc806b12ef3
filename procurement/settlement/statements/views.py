"""Pages of statements; what they show stands in the address, and they print with room for a seal."""

from __future__ import annotations

from kernel.calls import Call
from kernel.clock import today
from kernel.web import render
from procurement.orders.figures.rules import periods
from procurement.settlement.statements import queries
from procurement.settlement.statements.flow import Side

SHOWN = 200


def index(call: Call) -> str:
    """Show the accounts of an organisation with all it deals with, or of all hospitals or sellers."""
    asked = queries.asked(call.session, call.args, call.actor, call.at)
    rows = queries.lines(call.session, asked, call.args.get("q", "").strip()[:80])
    opening, sums, closing = queries.total(rows)
    return render(
        "procurement/settlement_statements.html", asked=asked, rows=rows[:SHOWN], total=len(rows), opening=opening,
        sums=sums, closing=closing, periods=periods(today(call.at)), sides=(Side.HOSPITAL, Side.SELLER), as_of=call.at,
        platform=call.actor.runs_platform,
    )  # fmt: skip


def show(call: Call, hospital_id: int, seller_id: int) -> str:
    """Show the account of a hospital and a seller with every invoice and payment of the period."""
    found = queries.statement(call.session, hospital_id, seller_id, call.args, call.actor, call.at)
    text, span = queries.period_asked(call.args, call.at)
    return render(
        "procurement/settlement_statement.html", statement=found, text=text, span=span,
        periods=periods(today(call.at)), as_of=call.at,
    )  # fmt: skip
