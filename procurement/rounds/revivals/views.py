"""Revivals: the agency's board of a round, a company's offers and their answers."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import Invalid, Issue, NotFound
from kernel.files import queries as files
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.sending import attachment
from kernel.web import flash_done, redirect_to, render
from procurement.rounds import schemas
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds
from procurement.rounds.revivals import queries, services
from procurement.rounds.revivals.labels import CONSEQUENCES, KINDS, conditions, failed
from procurement.rounds.revivals.models import RevivalOffer
from procurement.rounds.revivals.rules import Board
from procurement.rounds.views import shown

WORDS = {"kinds": KINDS, "consequences": CONSEQUENCES, "conditions": conditions, "failed": failed}


def show(call: Call, round_id: int) -> str:
    """Show a round's revivals: what is due, what was offered stage by stage, who may not and why."""
    round_ = _inside(call, round_id)
    evaluation = results.latest(call.session, round_)
    found = queries.concerned(call.session, evaluation) if evaluation else []
    board = queries.board_of(call.session, round_, evaluation, call.at) if evaluation else Board()
    names = [one for one in found if call.args.get("q", "").strip() in f"{one.lot.variety.name} {one.company.name}"]
    return render(
        "procurement/revival_round.html", board=board, evaluation=evaluation, found=found, form=call.form,
        errors=mistakes(call.error), place_of=queries.place_of, at=call.at, state_of=queries.state_of,
        barred=[one for one in names if one.revival and not one.revival["allowed"]], stages=_stages(call, round_),
        **WORDS, **shown.frame(call, round_, "revivals"),
    )  # fmt: skip


def _inside(call: Call, round_id: int) -> Round:
    """Return a round to whoever works on its evaluation or supervises it."""
    round_ = rounds.one(call.session, round_id, call.actor)
    if not rounds.is_inside(call.actor):
        raise NotFound(round=round_id)
    return round_


def _stages(call: Call, round_: Round) -> list[tuple[Any, list[RevivalOffer]]]:
    """Return the stages, newest first, with those of their offers that the search names."""
    found: dict[int, tuple[Any, list[RevivalOffer]]] = {}
    for one in queries.offers(call.session, round_):
        kept = found.setdefault(one.stage_id, (one.stage, []))[1]
        if call.args.get("q", "").strip() in f"{one.lot.variety.name} {one.company.name}":
            kept.append(one)
    return list(found.values())


def send(call: Call, round_id: int) -> Response:
    """Send the offers that are due."""
    services.send(
        call.session, round_id=round_id, deadline=schemas.deadline(call.form), actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The offers are sent; every company concerned is told."))
    return redirect_to("procurement.round_revivals", round_id=round_id)


def paper(call: Call, round_id: int, offer_id: int) -> str:
    """Show the form for an answer that came on paper."""
    round_ = _inside(call, round_id)
    return render(
        "procurement/revival_paper.html", offer=queries.one(call.session, round_, offer_id), form=call.form,
        errors=mistakes(call.error), **WORDS, **shown.frame(call, round_, "revivals"),
    )  # fmt: skip


def record_paper(call: Call, round_id: int, offer_id: int) -> Response:
    """Record an answer that came on paper."""
    wrong: dict[str, Issue] = {}
    received, upload = schemas.moment(call.form, "received_at", wrong), call.files.get("file")
    if wrong:
        raise Invalid(wrong)
    services.record_paper(
        call.session, round_id=round_id, offer_id=offer_id, accepts=_accepts(call), received_at=received,
        note=call.form.get("note", ""), name=(upload and upload.filename) or "",
        content=upload.stream.read() if upload else b"", actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The answer is recorded; the company is told."))
    return redirect_to("procurement.round_revivals", round_id=round_id)


def _accepts(call: Call) -> bool:
    if call.form.get("accepts") not in ("0", "1"):
        raise Invalid({"accepts": Issue("revival-choice")})
    return call.form["accepts"] == "1"


def file(call: Call, offer_id: int, file_id: int) -> Response:
    """Give out the scan of an answer on paper, to the agency and to the company that it is from."""
    offer = queries.readable(call.session, offer_id, call.actor)
    return attachment(files.one(call.session, file_id, parent_kind="revival_offer", parent_id=offer.id))


def mine(call: Call) -> str:
    """List the offers to the reader's company."""
    found = queries.own(call.session, call.actor)
    return render(
        "procurement/revivals.html", found=found, at=call.at, state_of=queries.state_of, kinds=KINDS,
        waiting=len(queries.due(call.session, call.actor, call.at)),
    )  # fmt: skip


def offer(call: Call, offer_id: int) -> str:
    """Show an offer: the price in figures and capitals, the conditions, what accepting means, the clock."""
    found = queries.own_one(call.session, offer_id, call.actor)
    open_now = {one.id for one in queries.due(call.session, call.actor, call.at)}
    return render(
        "procurement/revival_offer.html", offer=found, state=queries.state_of(found, call.at),
        may_answer=found.id in open_now, scans=files.of_parent(call.session, "revival_offer", found.id),
        own_demand=queries.own_demand(found), prices=queries.prices_of(found), **WORDS,
    )  # fmt: skip


def answer(call: Call, offer_id: int) -> Response:
    """Take the answer of the reader's company."""
    made = services.answer(
        call.session, offer_id=offer_id, accepts=_accepts(call), actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("Your answer is recorded, receipt %(receipt)s.", receipt=made.receipt))
    return redirect_to("procurement.revival", offer_id=offer_id)
