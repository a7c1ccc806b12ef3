"""Review facts: what the agency enters about opened bids before it evaluates them, lot by lot."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.web import flash_done, redirect_to, render
from procurement.demand.models import Lot
from procurement.rounds import schemas
from procurement.rounds.experts import queries as panels
from procurement.rounds.labels.facts import contents, named, options
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts, rounds
from procurement.rounds.queries.table import texts
from procurement.rounds.services import facts as services
from procurement.rounds.views import shown


def show(call: Call, round_id: int) -> str:
    """Show a lot's bids with their facts as inputs, and how far the other lots are."""
    round_, lot, by_lot = _lot(call, round_id)
    lines = facts.lines(call.session, round_, lot)
    return render(
        "procurement/round_facts.html", lot=lot, lines=lines, texts=texts([lot]), errors=mistakes(call.error),
        form=call.form, stored=facts.stored(call.session, round_, lot.id), progress=by_lot[lot.id], named=named,
        contents=contents, options=options, choices=_choices(call, round_, by_lot),
        open=facts.open_for(round_, call.actor), given=panels.given_columns(call.session, round_),
        others=sum(one.missing for key, one in by_lot.items() if key != lot.id), **shown.frame(call, round_, "facts"),
    )  # fmt: skip


def _lot(call: Call, round_id: int) -> tuple[Round, Lot, dict[int, facts.Progress]]:
    """Return the lot that is asked for, else the first one that lacks something; NotFound before the opening."""
    round_ = rounds.one(call.session, round_id, call.actor)
    by_lot = facts.by_lot(call.session, round_)
    found = [lot for lot in rounds.lots(call.session, round_) if lot.id in by_lot and by_lot[lot.id].asked]
    asked = call.form.get("lot", "") or call.args.get("lot", "")
    if asked:
        found = [lot for lot in found if str(lot.number) == asked]
    if not found:
        raise NotFound(round=round_id)
    return round_, next((lot for lot in found if by_lot[lot.id].missing), found[0]), by_lot


def _choices(call: Call, round_: Round, by_lot: dict[int, facts.Progress]) -> list[tuple[int, str]]:
    """Name the lots with bids, those that lack something with the number of what they lack."""
    return [
        (lot.number, f"{lot.number} {lot.variety.name}" + _left(by_lot[lot.id]))
        for lot in rounds.lots(call.session, round_)
        if lot.id in by_lot
    ]


def _left(one: facts.Progress) -> str:
    return str(_(" (%(count)s missing)", count=one.missing)) if one.missing else ""


def save(call: Call, round_id: int) -> Response:
    """Keep what was changed of a lot, and go on to the next one that lacks something."""
    round_, lot, _by_lot = _lot(call, round_id)
    typed = schemas.facts(
        call.form,
        [(line.lot_id, line.company_id, line.specification_id) for line in facts.lines(call.session, round_, lot)],
        [column.name for column in facts.asked_by_lot(call.session, round_)[lot.id]],
        {key: one.value for key, one in facts.stored(call.session, round_, lot.id).items()},
    )
    changed = services.record(call.session, round_id=round_id, facts=typed, actor=call.actor, at=call.at)
    flash_done(_("%(count)s review facts were changed.", count=changed))
    by_lot = facts.by_lot(call.session, round_)
    stay: dict[str, Any] = {"lot": lot.number} if by_lot[lot.id].missing or not _missing(by_lot) else {}
    return redirect_to("procurement.round_facts", round_id=round_id, **stay)


def _missing(by_lot: dict[int, facts.Progress]) -> bool:
    return any(one.missing for one in by_lot.values())
