"""The page of a round's renewals and take-overs."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to, render
from procurement.agreements.renewals import services as renewals
from procurement.agreements.takeovers import queries, services
from procurement.agreements.takeovers.flow import TAKEOVER_FLOW, TakeoverAction
from procurement.rounds.queries import rounds, supply


def show(call: Call, round_id: int) -> str:
    """Show who supplies what where, who follows, and what was taken over."""
    round_ = rounds.one(call.session, round_id, call.actor)
    found = queries.of_round(call.session, round_.id)
    places = queries.places(call.session, round_, today(call.at))
    return render(
        "procurement/takeovers.html", round=round_, found=found, places=places, errors=mistakes(call.error),
        regions=supply.region_names(call.session, {one.region_code for one in places}), A=TakeoverAction,
        actions={one.id: set(TAKEOVER_FLOW.actions(one.state)) for one in found}, form=call.form,
        people=rounds.names(call.session, [each for one in found for each in (one.proposed_by_id, one.decided_by_id)]),
    )  # fmt: skip


def propose(call: Call, round_id: int) -> Response:
    """Propose a take-over; the place is written lot:region:company."""
    lot, _colon, rest = call.form.get("place", "").partition(":")
    region, _colon, company = rest.partition(":")
    services.propose(
        call.session, round_id=round_id, lot_id=record_id(lot) or 0, region_code=region,
        from_company_id=record_id(company) or 0, to_company_id=record_id(call.form.get("to", "")) or 0,
        reason=call.form.get("reason", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The take-over waits for a second person."))
    return redirect_to("procurement.takeovers", round_id=round_id)


def confirm(call: Call, round_id: int, takeover_id: int) -> Response:
    """Confirm a take-over."""
    services.confirm(call.session, round_id=round_id, takeover_id=takeover_id, actor=call.actor, at=call.at)
    flash_done(_("What was left has moved. Everybody concerned is told."))
    return redirect_to("procurement.takeovers", round_id=round_id)


def drop(call: Call, round_id: int, takeover_id: int) -> Response:
    """Give a take-over up."""
    services.drop(call.session, round_id=round_id, takeover_id=takeover_id, actor=call.actor, at=call.at)
    flash_done(_("The take-over was dropped. Nothing has moved."))
    return redirect_to("procurement.takeovers", round_id=round_id)


def renew(call: Call, round_id: int) -> Response:
    """Renew the agreements that end soon."""
    made = renewals.renew(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("%(count)s agreements were made.", count=made))
    return redirect_to("procurement.agreements", round=round_id)
