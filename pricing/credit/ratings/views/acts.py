"""What officers and companies do on the page of a rating."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import NotFound
from kernel.files import queries as files
from kernel.forms import WRONG, FormReader
from kernel.i18n import _
from kernel.identity import record_id
from kernel.sending import attachment
from kernel.web import flash_done, moment, redirect_to
from pricing.credit.ratings.flow import CorrectionAction, Level, Route
from pricing.credit.ratings.queries import ratings as queries
from pricing.credit.ratings.services import correcting, deciding, proposing
from pricing.credit.ratings.services.deciding import Suggestion
from pricing.credit.ratings.services.proposing import Proposal

LONG = 2_000


def propose(call: Call, case_id: int) -> Response:
    """Propose a rating."""
    reader = FormReader(call.form)
    asked = Proposal(
        case_id, reader.text("region", _("Province")), reader.text("benchmark", _("Version")), _level(reader),
        reader.text("ground", most=LONG), reader.text("document"),
        tuple(key for one in call.form.getlist("products") if (key := record_id(one))),
    )  # fmt: skip
    reader.done()
    made = proposing.propose(call.session, asked=asked, actor=call.actor, at=call.at)
    flash_done(_("The rating is proposed; send the company its notice."))
    return redirect_to("pricing.credit_rating", rating_id=made.id)


def _level(reader: FormReader) -> Level | None:
    written = reader.text("level")
    return reader.choice("level", Level, _("Level")) if written else None


def give_notice(call: Call, rating_id: int) -> Response:
    """Send the notice."""
    reader = FormReader(call.form)
    days = {
        "notice_days": _count(reader, "notice_days", _("Days after which an uncollected notice counts as served")),
        "defence_days": _count(reader, "defence_days", _("Days of the defence")),
    }
    reader.done()
    proposing.give_notice(call.session, rating_id=rating_id, actor=call.actor, at=call.at, **days)
    return _done(rating_id, _("The notice is sent."))


def _count(reader: FormReader, name: str, asked: str) -> int:
    return record_id(reader.text(name, asked)) or 0


def _done(rating_id: int, said: str) -> Response:
    flash_done(said)
    return redirect_to("pricing.credit_rating", rating_id=rating_id)


def collect(call: Call, rating_id: int) -> Response:
    """Collect the notice."""
    found = proposing.collect(call.session, rating_id=rating_id, actor=call.actor, at=call.at)
    return _done(
        rating_id, _("The notice is collected; defend yourself until %(moment)s.", moment=moment(found.due_at))
    )


def _given(call: Call) -> list[tuple[str, bytes]]:
    return [(one.filename, one.stream.read()) for one in call.files.getlist("file") if one.filename]


def defend(call: Call, rating_id: int) -> Response:
    """Say the defence."""
    text = call.form.get("text", "")
    proposing.defend(
        call.session, rating_id=rating_id, text=text, files=_given(call), actor=call.actor, at=call.at
    )  # fmt: skip
    return _done(rating_id, _("Your defence is received."))


def suggest(call: Call, rating_id: int) -> Response:
    """Suggest the decision."""
    reader = FormReader(call.form)
    asked = Suggestion(
        _level(reader), reader.day("starts_on", _("First day")) or WRONG, call.form.get("answer", ""),
        reader.text("ground", most=LONG), reader.text("document"),
        tuple(key for one in call.form.getlist("corrections") if (key := record_id(one))),
    )  # fmt: skip
    reader.done()
    deciding.suggest(call.session, rating_id=rating_id, asked=asked, actor=call.actor, at=call.at)
    return _done(rating_id, _("The decision is suggested; a second person confirms it."))


def send_back(call: Call, rating_id: int) -> Response:
    """Send a suggestion back."""
    reason = call.form.get("reason", "")
    deciding.send_back(call.session, rating_id=rating_id, reason=reason, actor=call.actor, at=call.at)
    return _done(rating_id, _("The suggestion is sent back."))


def decide(call: Call, rating_id: int) -> Response:
    """Decide as suggested."""
    deciding.decide(call.session, rating_id=rating_id, actor=call.actor, at=call.at)
    return _done(rating_id, _("The rating is decided."))


def submit(call: Call, rating_id: int, number: int) -> Response:
    """Hand in the evidence of a correction."""
    reader = FormReader(call.form)
    route = reader.choice("route", Route, _("How it was done"))
    reader.done()
    correcting.submit(
        call.session, rating_id=rating_id, number=number, route=route, note=call.form.get("note", ""),
        files=_given(call), actor=call.actor, at=call.at,
    )  # fmt: skip
    return _done(rating_id, _("The evidence is handed in."))


def review(call: Call, rating_id: int, number: int) -> Response:
    """Verify a correction or return it; or confirm, as another officer, what one verified."""
    reader = FormReader(call.form)
    allowed = (CorrectionAction.VERIFY, CorrectionAction.RETURN, CorrectionAction.CONFIRM)
    action = reader.choice("action", CorrectionAction, _("Action"), among=allowed)
    reader.done()
    known: dict[str, Any] = {"rating_id": rating_id, "number": number, "actor": call.actor, "at": call.at}
    if action is CorrectionAction.CONFIRM:
        correcting.confirm(call.session, **known)
    else:
        correcting.review(call.session, action=action, text=call.form.get("review", ""), **known)
    return _done(rating_id, _("Saved."))


def clear(call: Call, rating_id: int) -> Response:
    """Clear a corrected rating."""
    correcting.clear(call.session, rating_id=rating_id, actor=call.actor, at=call.at)
    return _done(rating_id, _("The rating is cleared; its measures have ended."))


def file(call: Call, rating_id: int, file_id: int) -> Response:
    """Send a paper of a defence or of a correction."""
    found = queries.one(call.session, rating_id, call.actor)
    held = files.of_parents(call.session, queries.EVIDENCE, [one.id for one in found.corrections])
    papers = [
        *files.of_parent(call.session, queries.DEFENCE, found.id),
        *(one for each in held.values() for one in each),
    ]
    wanted = next((one for one in papers if one.id == file_id), None)
    if wanted is None:
        raise NotFound(file=file_id)
    return attachment(wanted)
