"""Pages of letters: the list with their state, one or many to be printed, the receipt on opening."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.i18n import _, label
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.rounds.flow import Outcome
from procurement.rounds.labels.steps import flip, lines
from procurement.rounds.letters import queries, services
from procurement.rounds.letters.flow import LetterKind
from procurement.rounds.letters.models import Letter
from procurement.rounds.queries import rounds
from procurement.rounds.views import shown
from procurement.rounds.voids.flow import VoidReason

MOST_PRINTED = 300


def index(call: Call) -> str:
    """List the letters the reader may see, newest first."""
    asked = queries.asked(call.args)
    found = paginate(call.session, queries.listing(call.actor, **asked))
    return render(
        "procurement/letters.html", list=found, kinds=[(each.value, label(each)) for each in LetterKind],
        mine={each.id for each in found.rows if queries.is_mine(each, call.actor)},
        names=rounds.names(call.session, [each.read_by_id for each in found.rows]), number=number_of,
        rounds=[(each.id, each.title) for each in queries.rounds_with(call.session, call.actor)],
    )  # fmt: skip


def of_round(call: Call, round_id: int) -> str:
    """Show how many letters of a round are issued and read, and issue what is due."""
    round_ = rounds.one(call.session, round_id, call.actor)
    return render(
        "procurement/letter_round.html", kinds=tuple(LetterKind), states=queries.states(call.session, round_.id),
        **shown.frame(call, round_, "letters"),
    )  # fmt: skip


def show(call: Call, letter_id: int) -> str:
    """Show a letter; to its addressee only once it has been opened, which is its receipt."""
    letter = queries.one(call.session, letter_id, call.actor)
    closed = letter.read_at is None and queries.is_mine(letter, call.actor)
    return render("procurement/letter.html", one=letter, closed=closed, **_pieces(call, [] if closed else [letter]))


def read(call: Call, letter_id: int) -> Response:
    """Open a letter to one's own organisation."""
    services.read(call.session, letter_id=letter_id, actor=call.actor, at=call.at)
    flash_done(_("The receipt is written down."))
    return redirect_to("procurement.letter", letter_id=letter_id)


def printed(call: Call) -> str:
    """Show all letters of a list in one document, each on its own pages."""
    found = queries.printable(call.session, call.actor, **queries.asked(call.args))
    return render("procurement/letters_print.html", total=len(found), **_pieces(call, list(found[:MOST_PRINTED])))


def _pieces(call: Call, letters: list[Letter]) -> dict[str, Any]:
    return {
        "letters": letters, "number": number_of, "decisions": queries.decisions(call.session, letters), "lines": lines,
        "flip": flip, "period": shown.period, "decimal": Decimal, "code_name": shown.code_name,
        "outcome": lambda code: label(Outcome(code)), "void_reason": lambda code: label(VoidReason(code)),
    }  # fmt: skip


def number_of(letter: Letter) -> str:
    """Return a letter's number as it is printed: kind, year, serial."""
    return f"{label(letter.kind)}〔{letter.year}〕{letter.serial}号"


def count(session: Session, actor: Actor, _at: datetime) -> tuple[int, bool]:
    """Count the letters that nobody of the reader's organisation has opened."""
    return queries.unread(session, actor), False


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a letter is called and where it is, to whoever may see it."""
    try:
        found = queries.one(session, int(identity), actor)
    except NotFound:
        return None
    return number_of(found), url_for("procurement.letter", letter_id=found.id)
