"""Regions and agreed volumes of a round, and a company's order of preference."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.routes import Call
from kernel.web import flash_done, redirect_to, render
from procurement.bids.joints import queries as joints
from procurement.rounds import schemas
from procurement.rounds.draft.services import lists
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.views import shown


def show(call: Call, round_id: int) -> str:
    """Show who supplies which region and what was agreed; before the award the volumes are a preview."""
    round_ = rounds.one(call.session, round_id, call.actor)
    evaluation = results.for_reader(call.session, round_, call.actor)
    if evaluation is None:
        raise NotFound(round=round_id)
    chosen = supply.choosing(call.session, evaluation)
    lots = {lot.id: lot for lot in rounds.lots(call.session, round_)}
    return render(
        "procurement/round_regions.html", chosen=chosen, lots=lots, rules=supply.draft_rules(round_),
        picks=supply.picks_by_lot(call.session, round_), awards=supply.awards_by_lot(call.session, round_),
        preferences=supply.preferences(call.session, round_) if rounds.is_inside(call.actor) else {},
        own=supply.own_preferences(call.session, round_, call.actor), period=shown.period,
        regions=supply.region_names(call.session, rounds.region_codes(call.session, round_)),
        pick_of=shown.pick_of, joints=joints.standing(call.session, round_.box_id),
        company=call.actor.organisation_id, **shown.frame(call, round_, "regions"),
    )  # fmt: skip


def prefer(call: Call, round_id: int, number: int) -> str:
    """Show a winner the form of its order of regions."""
    round_ = rounds.one(call.session, round_id, call.actor)
    lot = rounds.lot(call.session, round_, number)
    evaluation = results.for_reader(call.session, round_, call.actor)
    chosen = supply.choosing(call.session, evaluation).get(lot.id, []) if evaluation else []
    if call.actor.organisation_id not in {one.company_id for one in chosen}:
        raise NotFound(round=round_id, lot=number)
    names = supply.region_names(call.session, rounds.region_codes(call.session, round_))
    known = supply.own_preferences(call.session, round_, call.actor).get(lot.id)
    return render(
        "procurement/round_prefer.html", lot=lot, names=names, order=known.region_codes if known else list(names),
        base=supply.base_by_region(call.session, round_, lot.id), form=call.form, errors=mistakes(call.error),
        **shown.frame(call, round_, "regions"),
    )  # fmt: skip


def save_preference(call: Call, round_id: int, number: int) -> Response:
    """Keep a winner's order of regions."""
    round_ = rounds.one(call.session, round_id, call.actor)
    order = schemas.ordered(call.form, rounds.region_codes(call.session, round_))
    lists.prefer(
        call.session, round_id=round_id, lot_number=number, region_codes=order, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("Your order of regions is kept. It holds until the draft is run."))
    return redirect_to("procurement.round_regions", round_id=round_id)
