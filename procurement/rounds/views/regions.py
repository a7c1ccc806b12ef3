"""Regions and agreed volumes of a round, and a company's order of preference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.web import flash_done, redirect_to, render
from procurement.bids.joints import queries as joints
from procurement.rounds import schemas
from procurement.rounds.draft import queries
from procurement.rounds.draft.flow import LIVE
from procurement.rounds.draft.services import lists
from procurement.rounds.draft.views import sight
from procurement.rounds.flow import SupplyRole
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply, takeover
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
        awards=supply.awards_by_lot(call.session, round_), line=takeover.plan(call.session, round_, evaluation),
        preferences=supply.preferences(call.session, round_) if rounds.is_inside(call.actor) else {},
        own=supply.own_preferences(call.session, round_, call.actor), period=shown.period,
        joints=joints.standing(call.session, round_.box_id), company=call.actor.organisation_id,
        undrafted=supply.undrafted(call.session, round_, evaluation),
        **_drafted(call, round_, evaluation, chosen), **shown.frame(call, round_, "regions"),
    )  # fmt: skip


def _drafted(
    call: Call, round_: Round, evaluation: Evaluation, chosen: Mapping[int, Sequence[Decision]]
) -> dict[str, Any]:
    """Return the drafts of a round, and what came of them as tiles."""
    drafts, rules = queries.of_round(call.session, round_), supply.draft_rules(round_)
    regions = supply.region_names(call.session, rounds.region_codes(call.session, round_))
    volumes, picks = supply.volumes_of_regions(call.session, round_, evaluation), supply.picks(call.session, round_)
    sights, tiles = {}, {}
    for lot_id in {pick.lot_id for pick in picks} & set(chosen):
        names = {one.company_id: one.company.shown_name for one in chosen[lot_id]}
        sights[lot_id] = sight.seats(list(names), names, len(regions), rules.first_picks)
        who = {role: {one.region_code: one.company_id for one in picks if (one.lot_id, one.role) == (lot_id, role)}
               for role in SupplyRole}  # fmt: skip
        tiles[lot_id] = sight.tiles(
            regions, sights[lot_id], main=who[SupplyRole.MAIN], backup=who[SupplyRole.BACKUP],
            volumes=volumes.get(lot_id, {}),
        )  # fmt: skip
    role = "backup" if call.args.get("show") == "backup" else "main"
    drafting = next((one for one in drafts if one.state in LIVE), None)
    return {"drafts": drafts, "drafting": drafting, "regions": regions, "picks": {one.lot_id for one in picks},
            "sights": sights, "tiles": tiles, "role": role}  # fmt: skip


def prefer(call: Call, round_id: int, number: int) -> str:
    """Show a winner the form of its order of regions."""
    round_ = rounds.one(call.session, round_id, call.actor)
    lot = rounds.lot(call.session, round_, number)
    evaluation = results.for_reader(call.session, round_, call.actor)
    chosen = supply.choosing(call.session, evaluation).get(lot.id, []) if evaluation else []
    if call.actor.organisation_id not in {one.company_id for one in chosen}:
        raise NotFound(round=round_id, lot=number)
    names = supply.region_names(call.session, rounds.region_codes(call.session, round_))
    volumes = supply.volumes_of_regions(call.session, round_, evaluation) if evaluation else {}
    known = supply.own_preferences(call.session, round_, call.actor).get(lot.id)
    return render(
        "procurement/round_prefer.html", lot=lot, names=names, order=known.region_codes if known else list(names),
        represents=bool(known and known.represents_since),
        base=volumes.get(lot.id, {}), form=call.form, errors=mistakes(call.error),
        **shown.frame(call, round_, "regions"),
    )  # fmt: skip


def save_preference(call: Call, round_id: int, number: int) -> Response:
    """Keep a winner's order of regions."""
    round_ = rounds.one(call.session, round_id, call.actor)
    order = schemas.ordered(call.form, rounds.region_codes(call.session, round_))
    lists.prefer(
        call.session, round_id=round_id, lot_number=number, region_codes=order, actor=call.actor, at=call.at,
        represents=call.form.get("represents") == "1",
    )  # fmt: skip
    flash_done(_("Your order of regions is kept. You can change it until the lot is drafted."))
    live = queries.live(call.session, round_)
    if live is not None:
        return redirect_to("procurement.draft_board", round_id=round_id, number=live.number, lot=number)
    return redirect_to("procurement.round_regions", round_id=round_id)
