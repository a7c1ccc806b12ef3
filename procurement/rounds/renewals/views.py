"""The page of a renewal: the earlier round, its winners and prices, volumes beside this round's."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to, render
from procurement.rounds.flow import RoundState
from procurement.rounds.queries import facts
from procurement.rounds.renewals import queries, services
from procurement.rounds.views import shown


def show(call: Call, round_id: int) -> str:
    """Show what the round renews."""
    round_ = queries.for_inside(call.session, round_id, call.actor)
    former = queries.earlier(call.session, round_)
    drafting = round_.state is RoundState.DRAFT and call.actor.may(P.ROUND_SET_UP)
    others = [one for one in queries.finished(call.session, call.actor) if one.id != round_.id] if drafting else []
    ready = queries.proposals(call.session, round_) if facts.open_for(round_, call.actor) else []
    return render(
        "procurement/round_renewal.html", former=former, rows=queries.rows(call.session, round_) if former else [],
        choices=[(one.id, f"{one.title}（{one.code}）") for one in others], drafting=drafting, ready=len(ready),
        errors=mistakes(call.error), **shown.frame(call, round_, "renewal"),
    )  # fmt: skip


def choose(call: Call, round_id: int) -> Response:
    """Name the round that this one renews."""
    renews = record_id(call.form.get("renews", ""))
    services.choose(call.session, round_id=round_id, renews_id=renews, actor=call.actor, at=call.at)
    flash_done(_("The round to renew was chosen."))
    return redirect_to("procurement.round_renewal", round_id=round_id)


def take_over(call: Call, round_id: int) -> Response:
    """Take the earlier winners over as incumbents."""
    count = services.take_over(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("%(count)s review facts were taken over.", count=count))
    return redirect_to("procurement.round_renewal", round_id=round_id)
