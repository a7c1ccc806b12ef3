"""Pages of a reassignment: the agency's board, a hospital's own division."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import read_beijing
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to, render
from procurement.agreements.queries import of_round as agreements_of
from procurement.agreements.reassignment import queries, rules, services
from procurement.agreements.reassignment.flow import ReassignmentState
from procurement.agreements.reassignment.models import Reassignment
from procurement.agreements.reassignment.services import Terms
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds, rulesets, supply
from procurement.rounds.rules.volumes import Reassign
from procurement.rounds.views import shown


def show(call: Call, round_id: int) -> str:
    """Show the agency how far the hospitals are, and a hospital its own volumes."""
    round_ = rounds.one(call.session, round_id, call.actor)
    if round_.awarded_at is None or not supply.by_hospital(call.session, round_):
        raise NotFound(round=round_id)
    found = queries.of_round(call.session, round_id)
    values = {"found": found, "errors": mistakes(call.error), "form": call.form, **shown.frame(call, round_, "divide")}
    if call.actor.runs_platform:
        return render("procurement/reassignment.html", **_board(call, round_, found), **values)
    return render("procurement/reassignment_mine.html", **_mine(call, round_, found), **values)


def _board(call: Call, round_: Round, found: Reassignment | None) -> dict[str, Any]:
    said = rulesets.in_force(round_).parameters.value("reassign.how")
    rows = queries.volumes(call.session, found) if found else []
    chosen = queries.choices(call.session, found) if found else {}
    by_hospital, waiting = queries.by_hospital(rows), queries.waiting(rows, chosen)
    return {
        "ripe": not waiting or found is None or found.deadline is None or call.at >= found.deadline,
        "said": said, "ways": [(one.value, label(one)) for one in Reassign], "hospitals": by_hospital,
        "rules_": [(one.value, label(one)) for one in rules.RULES], "choices": chosen,
        "names": {row.hospital_id: row.hospital for row in rows}, "waiting": waiting,
        "people": rounds.names(call.session, [found.started_by_id, found.closed_by_id] if found else []),
        "agreements": agreements_of(call.session, round_.id), "winners": _totals(rows),
    }  # fmt: skip


def _totals(rows: Any) -> list[dict[str, Any]]:
    """Add up per lot and winner what was reported, agreed and reassigned."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.award_id is not None:
            one = found.setdefault(row.award_id, {"row": row, "own": 0, "agreed": 0, "reassigned": 0})
            one["own"], one["agreed"] = one["own"] + row.own, one["agreed"] + row.agreed
            one["reassigned"] += row.reassigned
    return sorted(found.values(), key=lambda one: (one["row"].lot.number, one["row"].award_id))


def _mine(call: Call, round_: Round, found: Reassignment | None) -> dict[str, Any]:
    hospital = queries.hospital_of(call.actor)
    if found is None:
        raise NotFound(round=round_.id)
    shares = queries.by_hospital(queries.volumes(call.session, found, hospital)).get(hospital, [])
    ordered = queries.winners(call.session, round_)
    due = found.deadline is not None and call.at < found.deadline
    return {
        "shares": shares, "choice": queries.choice_of(call.session, found, hospital),
        "open": found.state is ReassignmentState.OPEN and found.how is Reassign.BY_HOSPITAL and due,
        "otherwise": {
            share.lot.id: queries.by_rule(share, ordered[share.lot.id], found.fallback)
            for share in shares if share.lot.id in ordered
        },
    }  # fmt: skip


def start(call: Call, round_id: int) -> Response:
    """Start a reassignment."""
    form = call.form
    how, fallback = form.get("how", ""), form.get("fallback", "")
    terms = Terms(
        how=Reassign(how) if how in set(Reassign) else Reassign.BY_HOSPITAL,
        fallback=Reassign(fallback) if fallback in set(Reassign) else None,
        deadline=read_beijing(form.get("deadline", "").strip()), source=form.get("source", ""),
        reason=form.get("reason", ""),
    )  # fmt: skip
    services.start(call.session, round_id=round_id, terms=terms, actor=call.actor, at=call.at)
    flash_done(_("The reassignment has begun."))
    return redirect_to("procurement.reassignment", round_id=round_id)


def divide(call: Call, round_id: int) -> Response:
    """Keep a hospital's division, or submit it."""
    typed = {
        found: value
        for name, value in call.form.items()
        if name.startswith("give-") and (found := record_id(name[5:])) is not None
    }
    submit = call.form.get("then") == "submit"
    services.divide(call.session, round_id=round_id, typed=typed, submit=submit, actor=call.actor, at=call.at)
    flash_done(_("The division was submitted.") if submit else _("The draft was kept. It has not been submitted yet."))
    return redirect_to("procurement.reassignment", round_id=round_id)


def close(call: Call, round_id: int) -> Response:
    """Close a reassignment."""
    services.close(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("The volumes are final. The agreements can be made now."))
    return redirect_to("procurement.reassignment", round_id=round_id)
