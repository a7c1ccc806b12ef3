"""The board of supply: what is short by variety and by region."""

from __future__ import annotations

from kernel.parties import regions
from kernel.routes import Call
from kernel.web import render
from procurement.supply.rules import RAISED, policy
from procurement.supply.warnings import queries


def board(call: Call) -> str:
    """Show warning levels, response and parameters, of all or of one region."""
    known = regions.by_code(call.session)
    chosen = known.get(call.args.get("region", ""))
    code = chosen.code if chosen else ""
    top = code or next((one.code for one in known.values() if one.parent_code is None), "")
    return render(
        "procurement/supply_board.html", region=chosen, levels=RAISED, parameters=policy(top),
        board=queries.board(call.session, call.actor, call.at, code),
        regions=[(one.code, one.name) for one in sorted(known.values(), key=lambda one: one.code)],
    )  # fmt: skip
