"""The page on which lots or a round are made void by two persons."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to, render
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.rounds.views import shown
from procurement.rounds.voids import queries, services
from procurement.rounds.voids.flow import VoidReason


def show(call: Call, round_id: int) -> str:
    """Show what may be void, what waits for a second person, and what was decided."""
    round_ = rounds.one(call.session, round_id, call.actor)
    found = queries.requests(call.session, round_)
    people = [each.asked_by_id for each in found] + [each.decided_by_id or 0 for each in found]
    return render(
        "procurement/void.html", found=found, lot_options=_lots(call, round_),
        reason_options=[(each.value, label(each)) for each in VoidReason],
        people=rounds.names(call.session, people), reader=call.actor.user_id, form=call.form,
        errors=mistakes(call.error), may_ask=round_.state in services.OPENED, **shown.frame(call, round_, "void"),
    )  # fmt: skip


def _lots(call: Call, round_: Round) -> list[tuple[int, str]]:
    void = queries.lot_ids(call.session, round_.id)
    lots = rounds.lots(call.session, round_)
    return [(lot.number, f"{lot.number:02} {lot.variety.name}") for lot in lots if lot.id not in void]


def ask(call: Call, round_id: int) -> Response:
    """Ask for a void."""
    reader = FormReader(call.form)
    reason = reader.choice("reason", VoidReason, _("Reason"))
    reader.done()
    lot = call.form.get("lot", "")
    services.ask(
        call.session, round_id=round_id, lot_number=record_id(lot) or 0 if lot else None, reason=reason,
        text=call.form.get("text", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The void waits for a second person."))
    return redirect_to("procurement.round_voids", round_id=round_id)


def confirm(call: Call, round_id: int, request_id: int) -> Response:
    """Confirm a void."""
    found = services.confirm(
        call.session, round_id=round_id, request_id=request_id, actor=call.actor, at=call.at
    )  # fmt: skip
    whole = _("The round is void and announced as such.")
    flash_done(_("The lot is void and announced as such; evaluate again without it.") if found.lot_id else whole)
    return redirect_to("procurement.round_voids", round_id=round_id)


def refuse(call: Call, round_id: int, request_id: int) -> Response:
    """Turn a void down or take it back."""
    note = call.form.get("note", "")
    services.refuse(
        call.session, round_id=round_id, request_id=request_id, note=note, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The request was turned down."))
    return redirect_to("procurement.round_voids", round_id=round_id)
