"""The agency's page of a panel, which supervisors read too; and a company's own scores."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _, listed
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to, render
from procurement.rounds.experts import exports, queries, schemas
from procurement.rounds.experts.flow import PanelState
from procurement.rounds.experts.services import panels, scoring
from procurement.rounds.labels.facts import named
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.rounds.views import shown


def show(call: Call, round_id: int) -> str:
    """Show a panel: who sits and declared, how far the sheets are, and the scores once they may be read."""
    round_ = queries.for_inside(call.session, round_id, call.actor)
    panel = queries.panel(call.session, round_)
    found = queries.board(call.session, panel, call.at) if panel else None
    may_change = call.actor.may(P.ROUND_EVALUATE) and round_.state in queries.BEFORE_OPENING
    working = panel is not None and panel.state is PanelState.WORKING
    experts = queries.candidates(call.session) if may_change else []
    sat = {seat.user_id for seat in panel.seats} if panel else set()
    values: dict[str, Any] = {
        "panel": panel, "board": found, "manner": queries.manner(round_), "named": named, "form": call.form,
        "errors": mistakes(call.error), "experts": experts, "asked": _asked(round_),
        "left": [(one.id, f"{one.name}，{one.organisation.name}") for one in experts if one.id not in sat],
        "may_draw_up": may_change and not (panel and panel.state is not PanelState.DISSOLVED),
        "may_change": may_change and working, "scores": exports.table(call.session, found) if found else [],
        "names": rounds.names(call.session, [panel.made_by_id, panel.ended_by_id]) if panel else {},
        "lots": {lot.id: lot for lot in rounds.lots(call.session, round_)},
        "companies": queries.companies(call.session, {c for each in found.bidders.values() for c in each})
        if found else {},
    }  # fmt: skip
    return render("procurement/expert_panel.html", **values, **shown.frame(call, round_, "experts"))


def _asked(round_: Round) -> str:
    return listed(named(f"score_{item}") for item in queries.manner(round_).items)


def again(call: Call, round_id: int, **_place: int) -> str:
    """Show the panel with what was refused."""
    return show(call, round_id)


def draw_up(call: Call, round_id: int) -> Response:
    """Draw or name the experts."""
    form = call.form
    made = panels.draw_up(
        call.session, round_id=round_id, method=schemas.method(form), user_ids=schemas.people(form),
        seats=schemas.seats(form), due_at=schemas.instant(form), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("%(count)s experts are proposed; a second person confirms them.", count=len(made.seats)))
    return _back(round_id)


def _back(round_id: int) -> Response:
    return redirect_to("procurement.round_experts", round_id=round_id)


def confirm(call: Call, round_id: int) -> Response:
    """Confirm the proposed experts."""
    count = panels.confirm(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("%(count)s experts are confirmed and told.", count=count))
    return _back(round_id)


def replace(call: Call, round_id: int, seat_id: int) -> Response:
    """Put somebody else in an expert's place."""
    panels.replace(
        call.session, round_id=round_id, seat_id=seat_id, user_id=record_id(call.form.get("user", "")),
        reason=call.form.get("reason", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The expert is replaced; a second person confirms the newcomer."))
    return _back(round_id)


def postpone(call: Call, round_id: int) -> Response:
    """Give more time."""
    due, reason = schemas.instant(call.form), call.form.get("reason", "")
    panels.postpone(call.session, round_id=round_id, due_at=due, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The experts have more time and are told."))
    return _back(round_id)


def dissolve(call: Call, round_id: int) -> Response:
    """Dissolve the panel."""
    panels.dissolve(
        call.session, round_id=round_id, reason=call.form.get("reason", ""), actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The panel is dissolved; its scores count no more."))
    return _back(round_id)


def give_back(call: Call, round_id: int, sheet_id: int) -> Response:
    """Return a score sheet."""
    scoring.give_back(
        call.session, round_id=round_id, sheet_id=sheet_id, reason=call.form.get("reason", ""), actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The score sheet is returned; its expert is told."))
    return _back(round_id)


def own(call: Call, round_id: int) -> str:
    """Show a company how the experts scored it, by number, once the result is public."""
    round_ = rounds.one(call.session, round_id, call.actor)
    panel = queries.panel(call.session, round_)
    if panel is None or panel.state is not PanelState.HANDED_OVER or round_.state not in rounds.RESULTS:
        raise NotFound(round=round_id)
    found = queries.board(call.session, panel, call.at)
    scores = [row for row in exports.table(call.session, found) if row.company.id == call.actor.organisation_id]
    if not scores:
        raise NotFound(round=round_id)
    return render(
        "procurement/expert_scores.html", scores=scores, named=named, manner=found.manner,
        **shown.frame(call, round_, "scores"),
    )  # fmt: skip
