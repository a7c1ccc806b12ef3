"""The board of supply: what is short by variety and by region."""

from __future__ import annotations

from kernel.calls import Call
from kernel.i18n import _n
from kernel.parties import regions
from kernel.policy import Parameter
from kernel.templating import percent
from kernel.web import render
from procurement.orders.views.shown import period
from procurement.supply.labels import PARAMETERS
from procurement.supply.rules import RAISED, policy
from procurement.supply.warnings import queries


def board(call: Call) -> str:
    """Show warning levels, response and parameters, of all or of one region."""
    known = regions.by_code(call.session)
    chosen = known.get(call.args.get("region", ""))
    code = chosen.code if chosen else ""
    top = code or queries.top(call.session)
    return render(
        "procurement/supply_board.html", region=chosen, levels=RAISED,
        parameters=[(PARAMETERS.get(name, name), _said(one), one) for name, one in policy(top).items()],
        board=queries.board(call.session, call.actor, call.at, code),
        regions=[(one.code, one.name) for one in sorted(known.values(), key=lambda one: one.code)],
    )  # fmt: skip


def _said(one: Parameter) -> str:
    """Say a parameter's value in words."""
    if not one.is_set:
        return "?"
    if ".share." in one.name:
        return f"{percent(one.value)} %"
    return str(_n("%(num)s day", "%(num)s days", one.value) if ".days." in one.name else period(one.value))
