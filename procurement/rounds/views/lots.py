"""One lot of a round: its spread, its decisions with their steps, its draw."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.web import flash_done, redirect_to, render
from procurement.bids.joints import queries as joints
from procurement.demand.models import Lot
from procurement.rounds import schemas
from procurement.rounds.labels.steps import flip, lines
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.revivals.labels import CONSEQUENCES, KINDS, conditions
from procurement.rounds.services import evaluation as services
from procurement.rounds.views import shown


def show(call: Call, round_id: int, number: int) -> str:
    """Show a lot: facts, spread of bids, decisions, and the price that would have changed each."""
    round_, lot, evaluation = _lot(call, round_id, number)
    values: dict[str, Any] = shown.frame(call, round_, "lots") | {"lot": lot, "units": []}
    if evaluation is not None:
        values |= _decided(call, round_, lot, evaluation)
    return render("procurement/round_lot.html", **values)


def _lot(call: Call, round_id: int, number: int) -> tuple[Round, Lot, Evaluation | None]:
    round_ = rounds.one(call.session, round_id, call.actor)
    lot = rounds.lot(call.session, round_, number)
    visible = rounds.shows_results(round_, call.actor)
    return round_, lot, results.latest(call.session, round_) if visible else None


def _decided(call: Call, round_: Round, lot: Lot, evaluation: Evaluation) -> dict[str, Any]:
    found = results.decisions(call.session, evaluation, lot_id=lot.id)
    base = supply.base_of(call.session, round_, lot.id)
    units = [
        _unit(one, [each for each in found if each.unit == one.unit], base, lot, final=round_.awarded_at is not None)
        for one in results.lot_results(call.session, evaluation)
        if one.lot_id == lot.id
    ]
    return {
        "units": units, "against": shown.against, "cap_of": shown.cap_of, "lines": lines, "flip": flip,
        "reason": shown.reason_of, "evaluation": evaluation, "joints": joints.standing(call.session, round_.box_id),
        "conditions": conditions, "kinds": KINDS, "consequences": CONSEQUENCES,
        "draw": results.draws(call.session, round_).get(lot.id), "tied": results.tied_groups(found),
    }  # fmt: skip


def _unit(result: Any, found: list[Decision], base: Any, lot: Lot, *, final: bool) -> dict[str, Any]:
    unit = next((spec.specification.asked_unit for spec in lot.specifications if spec.is_reference), "")
    return {
        "result": result, "decisions": found, "spread": shown.spread(found, result), "unit": unit,
        "heading": shown.heading(found, final=final), "facts": shown.lot_facts(found, result, base, unit),
        "open": shown.closest(found),
    }  # fmt: skip


def draw(call: Call, round_id: int, number: int) -> str:
    """Show the form of a manual draw."""
    round_, lot, evaluation = _lot(call, round_id, number)
    if evaluation is None:
        raise NotFound(round=round_id)
    found = results.decisions(call.session, evaluation, lot_id=lot.id)
    return render(
        "procurement/round_draw.html", lot=lot, groups=results.tied_groups(found), form=call.form,
        draw=results.draws(call.session, round_).get(lot.id), errors=mistakes(call.error),
        **shown.frame(call, round_, "lots"),
    )  # fmt: skip


def record_draw(call: Call, round_id: int, number: int) -> Response:
    """Record a manual draw and evaluate again."""
    _round, lot, evaluation = _lot(call, round_id, number)
    if evaluation is None:
        raise NotFound(round=round_id)
    groups = results.tied_groups(results.decisions(call.session, evaluation, lot_id=lot.id))
    keys = [[str(one.company_id) for one in group] for group in groups]
    order = schemas.ordered(call.form, [key for group in keys for key in group], within=keys)
    services.record_draw(
        call.session, round_id=round_id, lot_number=number, company_ids=[int(key) for key in order],
        witness=call.form.get("witness", ""), note=call.form.get("note", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    made = services.evaluate(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("The draw is recorded; evaluation %(number)s goes by it.", number=made.number))
    return redirect_to("procurement.round_lot", round_id=round_id, number=number)
