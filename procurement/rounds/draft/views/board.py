"""The board of a draft, for the agency, the companies and everybody else, and what is done on it."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import _
from kernel.web import flash_done, redirect_to, render
from procurement.rounds.draft import queries
from procurement.rounds.draft.flow import LIVE, DraftState
from procurement.rounds.draft.queries import Standing
from procurement.rounds.draft.services import sessions, turns
from procurement.rounds.draft.views.sight import LotSight, lot_sight
from procurement.rounds.flow import SupplyRole
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.views import shown


def show(call: Call, round_id: int, number: int) -> str:
    """Show a draft: whose turn, what is left, who has what; the page keeps itself up to date."""
    round_ = rounds.one(call.session, round_id, call.actor)
    values = _values(call, round_, number)
    return render("procurement/draft_board.html", **values, **shown.frame(call, round_, "regions"))


def live(call: Call, round_id: int, number: int) -> Response:
    """Answer what has changed on a board, or 304 where nothing has."""
    round_ = rounds.one(call.session, round_id, call.actor)
    queries.must_be_seen(round_, call.actor)
    idle = queries.idle_mark(call.session, round_, number, call.at)
    if idle is not None and request.if_none_match.contains(_tag(idle)):
        return make_response("", 304)
    values = _values(call, round_, number)
    answer = make_response(render_template("procurement/draft_live.html", round_=round_, **values))
    answer.set_etag(_tag(values["found"].mark))
    answer.headers["Cache-Control"] = "no-store"
    return answer.make_conditional(request)


def _tag(mark: str) -> str:
    return f"{mark}.{get_locale()}"


def _values(call: Call, round_: Round, number: int) -> dict[str, Any]:
    draft = queries.seen(call.session, round_, number, call.actor)
    found = queries.standing(call.session, draft, call.at)
    lots = _lots(call, round_, found)
    lot = _chosen(lots, call.args.get("lot", 0, type=int))
    role = lot.role if lot.now else SupplyRole.MAIN
    wanted = call.args.get("show", "")
    people = [draft.opened_by_id, *(turn.by for turn in lot.state.turns), *(one.paused_by_id for one in draft.pauses)]
    return {
        "draft": draft, "found": found, "lots": lots, "lot": lot, "at": call.at, "live": found.state in LIVE,
        "role": SupplyRole(wanted) if wanted in set(SupplyRole) else role, "say": say(found, lots, lot),
        "names": rounds.names(call.session, people), "paused": found.state is DraftState.PAUSED,
    }  # fmt: skip


def _lots(call: Call, round_: Round, found: Standing) -> list[LotSight]:
    evaluation = results.latest(call.session, round_)
    volumes = supply.volumes_of_regions(call.session, round_, evaluation) if evaluation else {}
    names = queries.company_names(call.session, found.draft)
    regions = supply.region_names(call.session, {code for row in found.draft.lots for code in row.region_codes})
    return [
        lot_sight(
            found, row, state, names=names, regions=regions, volumes=volumes.get(row.lot_id, {}),
            company=call.actor.organisation_id,
        )
        for row, state in found.rows()
    ]  # fmt: skip


def _chosen(lots: list[LotSight], asked: int) -> LotSight:
    """Return the lot that is asked for, else one in which the reader's turn is up soonest, else one under way."""
    own = sorted(((one.due, one.number, one) for one in lots if one.mine and one.due), key=lambda row: row[:2])
    named = [one for one in lots if one.number == asked]
    return next(iter([*named, *(row[2] for row in own), *(one for one in lots if one.state.began), *lots]))


def say(found: Standing, lots: list[LotSight], lot: LotSight) -> str:
    """Say in a sentence where the draft stands for this reader, to be read aloud when it changes."""
    if found.state is DraftState.PAUSED:
        return str(_("The draft is paused: %(reason)s", reason=found.draft.pauses[-1].reason))
    own = next((one for one in lots if one.mine), None)
    if own is not None:
        return str(_("It is your turn in lot %(lot)s %(variety)s.", lot=own.number, variety=own.row.lot.variety.name))
    if lot.turn_of is not None:
        facts = {"lot": lot.number, "variety": lot.row.lot.variety.name, "company": lot.turn_of.name}
        return str(_("Lot %(lot)s %(variety)s: it is the turn of %(company)s.", **facts))
    if lot.state.finished:
        return str(_("Lot %(lot)s %(variety)s is drafted.", lot=lot.number, variety=lot.row.lot.variety.name))
    return str(_("The draft has not begun."))


def choose(call: Call, round_id: int, number: int, lot: int) -> Response:
    """Take a region in one's own turn."""
    return _take(call, round_id, number, lot, "")


def enter(call: Call, round_id: int, number: int, lot: int) -> Response:
    """Take a region for the company whose turn it is, by the agency."""
    return _take(call, round_id, number, lot, call.form.get("note", "").strip())


def _take(call: Call, round_id: int, number: int, lot: int, note: str) -> Response:
    region = call.form.get("region", "")
    turns.choose(
        call.session, round_id=round_id, number=number, lot_number=lot, region_code=region, note=note,
        actor=call.actor, at=call.at,
    )  # fmt: skip
    name = supply.region_names(call.session, [region]).get(region, region)
    flash_done(_("%(region)s is taken.", region=name))
    return redirect_to("procurement.draft_board", round_id=round_id, number=number, lot=lot)


def start(call: Call, round_id: int, number: int) -> Response:
    """Start a planned draft now."""
    sessions.start(call.session, round_id=round_id, number=number, actor=call.actor, at=call.at)
    flash_done(_("The draft is under way."))
    return redirect_to("procurement.draft_board", round_id=round_id, number=number)


def pause(call: Call, round_id: int, number: int) -> Response:
    """Stop the clock with a reason."""
    reason = call.form.get("reason", "")
    sessions.pause(call.session, round_id=round_id, number=number, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The draft is paused. Its clock stands still."))
    return redirect_to("procurement.draft_board", round_id=round_id, number=number)


def resume(call: Call, round_id: int, number: int) -> Response:
    """Let the clock go on."""
    sessions.resume(call.session, round_id=round_id, number=number, actor=call.actor, at=call.at)
    flash_done(_("The draft goes on. Open turns have as much time left as before the pause."))
    return redirect_to("procurement.draft_board", round_id=round_id, number=number)


def cancel(call: Call, round_id: int, number: int) -> Response:
    """Give the draft up with a reason."""
    reason = call.form.get("reason", "")
    sessions.cancel(call.session, round_id=round_id, number=number, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The draft is given up. Its record is kept."))
    return redirect_to("procurement.round_regions", round_id=round_id)
