"""An expert's pages: rounds to score, the declaration of interests, score sheets."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.templating import minute, nearness
from kernel.web import Queue, QueueRow, flash_done, redirect_to, render
from procurement.bids.bidders.queries import is_over
from procurement.rounds.experts import queries, schemas
from procurement.rounds.experts.models import Seat
from procurement.rounds.experts.services import scoring
from procurement.rounds.experts.views import papers
from procurement.rounds.labels.facts import named
from procurement.rounds.queries import rounds


def index(call: Call) -> str:
    """List the panels the reader sits on."""
    found = [(seat, *_state(call.session, seat, call.at)) for seat in queries.my_seats(call.session, call.actor)]
    return render("procurement/expert_index.html", found=found)


def _state(session: Session, seat: Seat, at: datetime) -> tuple[str, str]:
    """Say what an expert owes on a panel, with the tone of the words."""
    if not is_over(seat.panel.round_.box, at):
        return str(_("begins when bidding is over")), ""
    if not queries.may_work(seat, at):
        return str(_("closed")), ""
    if seat.declared_at is None:
        return str(_("declare your interests")), "warn"
    left = sum(one is seat for one, _lot in queries.board(session, seat.panel, at).missing)
    return (
        (str(_("%(count)s score sheets to submit", count=left)), "warn") if left else (str(_("all submitted")), "good")
    )


def show(call: Call, round_id: int) -> str:
    """Show a panel to one of its experts: first the companies to declare about, then its lots."""
    seat, found = papers.seated(call, round_id)
    own, everyone = set(found.lots(seat)), {each for lot in found.bidders.values() for each in lot}
    return render(
        "procurement/expert_scoring.html", seat=seat, round_=seat.panel.round_, board=found,
        begun=is_over(seat.panel.round_.box, call.at), works=queries.may_work(seat, call.at),
        companies=queries.companies(call.session, everyone), said=found.declared.get(seat.id, {}),
        lots=[lot for lot in rounds.lots(call.session, seat.panel.round_) if lot.id in found.bidders], own=own,
        form=call.form, errors=mistakes(call.error),
    )  # fmt: skip


def declare(call: Call, round_id: int) -> Response:
    """Declare interests."""
    _seat, found = papers.seated(call, round_id)
    companies = sorted({each for lot in found.bidders.values() for each in lot})
    read = schemas.interests(call.form, companies)
    scoring.declare(call.session, round_id=round_id, interests=read, actor=call.actor, at=call.at)
    flash_done(_("Your declaration is on record."))
    return redirect_to("procurement.expert_scoring", round_id=round_id)


def sheet(call: Call, round_id: int, number: int) -> str:
    """Show the reader's own score sheet of a lot; nobody else's, and no price."""
    seat, found, lot = papers.scored(call, round_id, number)
    own = found.sheets.get((seat.id, lot.id))
    return render(
        "procurement/expert_sheet.html", seat=seat, round_=seat.panel.round_, lot=lot, sheet=own,
        items=found.manner.items, named=named, companies=queries.companies(call.session, found.bidders[lot.id]),
        marks={(one.company_id, one.item): one.score for one in own.scores} if own else {},
        works=queries.may_work(seat, call.at), form=call.form, errors=mistakes(call.error),
        **papers.beside(call, found, lot),
    )  # fmt: skip


def save(call: Call, round_id: int, number: int) -> Response:
    """Keep a sheet, or submit it for good."""
    seat, found = papers.seated(call, round_id)
    lot = rounds.lot(call.session, seat.panel.round_, number)
    companies = found.bidders.get(lot.id, []) if lot.id in found.lots(seat) else []
    final = call.form.get("do") == "submit"
    scoring.fill_in(
        call.session, round_id=round_id, lot_number=number, note=call.form.get("note", ""), final=final,
        marks=schemas.marks(call.form, companies, found.manner.items), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The score sheet is submitted.") if final else _("The score sheet is saved as a draft."))
    return redirect_to("procurement.expert_scoring", round_id=round_id)


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show an expert's panels that wait for it."""
    if not actor.may(P.EXPERT_SCORE):
        return None
    seats = queries.my_seats(session, actor)
    open_ = [seat for seat in seats if queries.may_work(seat, at) or not is_over(seat.panel.round_.box, at)]
    return Queue(
        _("Reviews by experts"), "", [_row(session, seat, at) for seat in open_[:3]], len(open_),
        url_for("procurement.expert_rounds"), str(_("No round waits for your scores")),
    )  # fmt: skip


def _row(session: Session, seat: Seat, at: datetime) -> QueueRow:
    words, tone = _state(session, seat, at)
    near = nearness(seat.panel.due_at, at)
    return QueueRow(
        what=seat.panel.round_.title, url=url_for("procurement.expert_scoring", round_id=seat.panel.round_id),
        due=minute(seat.panel.due_at)[5:], tone=near.tone if tone == "warn" else "", detail=words,
    )  # fmt: skip


def count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count the panels on which the reader owes something."""
    return sum(_state(session, seat, at)[1] == "warn" for seat in queries.my_seats(session, actor)), False
