"""The form that runs lots again."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to, render
from procurement.rounds.queries import rounds
from procurement.rounds.reruns import queries, services
from procurement.rounds.rules.ruleset import RULE_SETS, load_rule_set
from procurement.rounds.views import shown


def new(call: Call, round_id: int) -> str:
    """Show which lots may be run again."""
    round_ = rounds.one(call.session, round_id, call.actor)
    sets = [(name, f"{load_rule_set(name).title}（{name}）") for name in RULE_SETS.ids()]
    return render(
        "procurement/rerun.html", free=queries.free_lots(call.session, round_), sets=sets, form=call.form,
        chosen=call.form.getlist("lots"), errors=mistakes(call.error), **shown.frame(call, round_, "rerun"),
    )  # fmt: skip


def create(call: Call, round_id: int) -> Response:
    """Start the draft that runs lots again."""
    form = call.form
    made = services.rerun(
        call.session, round_id=round_id, lot_numbers=[record_id(each) or 0 for each in form.getlist("lots")],
        code=form.get("code", ""), title=form.get("title", ""), rule_set_id=form.get("rule_set", ""),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The lots run again in a draft with the same base and caps. Bids do not come along."))
    return redirect_to("procurement.round", round_id=made.id)
