"""The list of rounds by stage, and the form that starts one."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.rounds.labels.names import STAGES
from procurement.rounds.queries import rounds
from procurement.rounds.services import setup
from procurement.rounds.sets import queries as written
from procurement.rounds.views.shown import TONES


def index(call: Call) -> str:
    """List rounds; the stage and the search stand in the address."""
    stage, text = call.args.get("stage", ""), call.args.get("q", "").strip()[:80]
    found = paginate(call.session, rounds.listing(call.actor, stage_name=stage, text=text))
    return render(
        "procurement/round_list.html", list=found, stage=stage, counts=rounds.counts(call.session, call.actor),
        names=STAGES, stages={one.id: rounds.stage_of(one, call.at) for one in found.rows}, tones=TONES,
        lots=rounds.lot_counts(call.session, [one.call_id for one in found.rows]),
    )  # fmt: skip


def new(call: Call) -> str:
    """Show the form of a new round."""
    sets = written.choices(call.session)
    free = {one.id for one in rounds.calls(call.session)}
    calls = [
        (one.id, f"{one.code} {one.title}" + ("" if one.id in free else "　" + _("(for rehearsals only)")))
        for one in rounds.calls(call.session, rehearsal=True)
    ]
    return render("procurement/round_new.html", sets=sets, calls=calls, form=call.form, errors=mistakes(call.error))


def create(call: Call) -> Response:
    """Start a round's draft."""
    form = call.form
    made = setup.create(
        call.session, call_id=record_id(form.get("call", "")) or 0, code=form.get("code", ""),
        title=form.get("title", ""), rule_set_id=form.get("rule_set", ""), rehearsal=form.get("rehearsal") == "1",
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The round was set up as a draft. Now the rules, caps and calendar."))
    return redirect_to("procurement.round", round_id=made.id)
