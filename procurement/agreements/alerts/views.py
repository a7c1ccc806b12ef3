"""The page of warnings."""

from __future__ import annotations

from kernel.calls import Call
from kernel.i18n import label
from kernel.web import paginate, render
from procurement.agreements.alerts import queries, rules
from procurement.agreements.alerts.flow import AlertKind
from procurement.agreements.alerts.labels import PARAMETERS


def show(call: Call) -> str:
    """List the warnings that stand, with figure and limit."""
    found = queries.listing(call.actor, call.args.get("kind", ""))
    unset = [PARAMETERS.get(name, name) for name in rules.policy(call.actor.region or "").unset()]
    return render(
        "procurement/volume_alerts.html", list=paginate(call.session, found), K=AlertKind,
        kinds=[(one.value, label(one)) for one in AlertKind], unset=unset,
    )  # fmt: skip
