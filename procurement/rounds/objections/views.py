"""Pages of objections: a round's counts, the form, the record with its acts, the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.errors import Forbidden, Invalid, Issue, NotFound
from kernel.files.models import StoredFile
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.sending import attachment
from kernel.templating import minute, nearness
from kernel.waits import Wait
from kernel.web import Queue, QueueRow, flash_done, paginate, redirect_to, render
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections import queries
from procurement.rounds.objections.flow import OBJECTION_FLOW, Finding, Ground, ObjectionState
from procurement.rounds.objections.services import answering, filing
from procurement.rounds.objections.services.acts import Attachment
from procurement.rounds.queries import results, rounds
from procurement.rounds.views import shown


def of_round(call: Call, round_id: int) -> str:
    """Show how many objections a round has on which grounds, and those the reader knows of."""
    round_ = rounds.one(call.session, round_id, call.actor)
    found = call.session.scalars(queries.listing(call.actor, round_id=round_.id)).all()
    return render(
        "procurement/objection_round.html", counted=queries.public(call.session, round_), found=found,
        seen={each.id: queries.seen(each, call.actor) for each in found}, form=call.form, errors=mistakes(call.error),
        receiving=queries.is_open_for(round_, call.at), **shown.frame(call, round_, "objections"),
    )  # fmt: skip


def reply_time(call: Call, round_id: int) -> Response:
    """Say within how many working days objections are replied to."""
    written = call.form.get("workdays", "").strip()
    if not written.isascii() or not written.isdigit() or len(written) > 4:
        raise Invalid({"workdays": Issue("not-a-whole-number", value=written)})
    answering.say_reply_time(
        call.session, round_id=round_id, workdays=int(written), source=call.form.get("source", ""), actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The time for replies is kept; open objections are due by it."))
    return redirect_to("procurement.round_objections", round_id=round_id)


def new(call: Call, round_id: int) -> str:
    """Show the form of an objection while objections are received."""
    round_ = rounds.one(call.session, round_id, call.actor)
    evaluation = results.for_reader(call.session, round_, call.actor)
    if call.actor.runs_platform:
        raise Forbidden
    if evaluation is None:
        raise NotFound(round=round_id)
    decided = queries.decided(call.session, evaluation)
    lots = {number: name for (number, _company), (name, _title) in decided.items()}
    companies = {company: title for (_number, company), (_name, title) in decided.items()}
    return render(
        "procurement/objection_form.html", companies=companies, ground_options=options(Ground),
        lot_options=[(number, f"{number:02} {name}") for number, name in lots.items()], form=call.form,
        errors=mistakes(call.error), receiving=queries.is_open_for(round_, call.at),
        standing=queries.standing_of(call.session, round_, call.actor), **shown.frame(call, round_, "objections"),
    )  # fmt: skip


def file(call: Call, round_id: int) -> Response:
    """File an objection with its evidence."""
    reader = FormReader(call.form)
    ground = reader.choice("ground", Ground, _("Ground"))
    reader.done()
    lot, company = call.form.get("lot", ""), call.form.get("company", "")
    claim = filing.Claim(
        lot_number=record_id(lot) or 0 if lot else None, company_id=record_id(company) or 0 if company else None,
        ground=ground, text=call.form.get("text", ""), private=call.form.get("private", ""),
    )  # fmt: skip
    made = filing.file(
        call.session, round_id=round_id, claim=claim, evidence=attached(call.files), actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The objection is received under number %(receipt)s.", receipt=made.receipt))
    return redirect_to("procurement.objection", objection_id=made.id)


def options(codes: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return codes with their names, for a form."""
    return [(each.value, label(each)) for each in codes]


def attached(given: MultiDict[str, FileStorage]) -> list[Attachment]:
    """Return the files of a form; a field left empty is none."""
    return [Attachment(each.filename or "", each.stream.read()) for each in given.getlist("files") if each.filename]


def show(call: Call, objection_id: int) -> str:
    """Show an objection as the reader may see it, with what he may do now."""
    seen = queries.one(call.session, objection_id, call.actor)
    one = seen.objection
    people = rounds.names(call.session, [one.claimed_by_id, one.replied_by_id, one.confirmed_by_id])
    return render(
        "procurement/objection.html", one=one, seen=seen, files=queries.kept(call.session, seen), people=people,
        finding_options=options(Finding), form=call.form, errors=mistakes(call.error), reader=call.actor.user_id,
        may_do={action.value for action in OBJECTION_FLOW.actions(one.state)},
        answers=call.actor.may(P.OBJECTION_ANSWER) and seen.inside,
    )  # fmt: skip


def download(call: Call, objection_id: int, file_id: int) -> Response:
    """Send a file of an objection to whoever may read it."""
    seen = queries.one(call.session, objection_id, call.actor)
    found: StoredFile = queries.file_of(call.session, seen, file_id)
    return attachment(found)


def claim(call: Call, objection_id: int) -> Response:
    """Take an objection up."""
    answering.claim(call.session, objection_id=objection_id, actor=call.actor, at=call.at)
    flash_done(_("The objection is yours to answer."))
    return redirect_to("procurement.objection", objection_id=objection_id)


def release(call: Call, objection_id: int) -> Response:
    """Give an objection back to the queue."""
    answering.release(call.session, objection_id=objection_id, actor=call.actor, at=call.at)
    flash_done(_("The objection waits in the queue again."))
    return redirect_to("procurement.objection", objection_id=objection_id)


def reply(call: Call, objection_id: int) -> Response:
    """Draft a reply."""
    reader = FormReader(call.form)
    finding = reader.choice("finding", Finding, _("Finding"))
    reader.done()
    answering.reply(
        call.session, objection_id=objection_id, finding=finding, text=call.form.get("reply", ""),
        given=attached(call.files), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The reply waits for a second person."))
    return redirect_to("procurement.objection", objection_id=objection_id)


def send_back(call: Call, objection_id: int) -> Response:
    """Return a drafted reply."""
    reason = call.form.get("reason", "")
    answering.send_back(call.session, objection_id=objection_id, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The reply went back to whoever drafted it."))
    return redirect_to("procurement.objection", objection_id=objection_id)


def confirm(call: Call, objection_id: int) -> Response:
    """Confirm a reply."""
    answering.confirm(call.session, objection_id=objection_id, actor=call.actor, at=call.at)
    flash_done(_("The reply is out; the objector was told."))
    return redirect_to("procurement.objection", objection_id=objection_id)


def withdraw(call: Call, objection_id: int) -> Response:
    """Take an objection back."""
    filing.withdraw(call.session, objection_id=objection_id, actor=call.actor, at=call.at)
    flash_done(_("The objection is withdrawn."))
    return redirect_to("procurement.objection", objection_id=objection_id)


def comment(call: Call, objection_id: int) -> Response:
    """Comment on an objection about one's own company."""
    filing.comment(
        call.session, objection_id=objection_id, text=call.form.get("comment", ""), given=attached(call.files),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The statement is with the agency."))
    return redirect_to("procurement.objection", objection_id=objection_id)


def index(call: Call) -> str:
    """List the objections the reader knows of, oldest first."""
    found = paginate(call.session, queries.listing(call.actor, **queries.asked(call.args)))
    return render(
        "procurement/objections.html", list=found, counts=queries.counts(call.session, call.actor),
        state_names={each.value: label(each) for each in ObjectionState},
        seen={each.id: queries.seen(each, call.actor) for each in found.rows},
    )  # fmt: skip


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show the agency what waits for a reply, what is due first first."""
    if not actor.runs_platform:
        return None
    found = queries.waiting(session, actor)
    rows = [
        QueueRow(
            what=f"{each.receipt} {label(each.ground)}", url=url_for("procurement.objection", objection_id=each.id),
            due=minute(each.due_at)[5:] if each.due_at else "", detail=_detail(each.round, label(each.state)),
            tone=nearness(each.due_at, at).tone if each.due_at else "",
        )
        for each in found[:3]
    ]  # fmt: skip
    url = url_for("procurement.objections", state="open")
    return Queue(_("Objections"), "", rows, len(found), url, str(_("No objection waits")))


def _detail(round_: Round, state: str) -> str:
    return f"{round_.title}；{state}"


def waits(session: Session, actor: Actor, ids: Sequence[int], _at: datetime) -> Iterator[Wait]:
    """Say for the board which objections of rounds wait, for whom, and by when."""
    for one in queries.waiting(session, actor):
        if one.round_id in set(ids):
            url = url_for("procurement.objection", objection_id=one.id)
            second = one.state is ObjectionState.DRAFTED
            whom = str(_("Second person") if second else _("Agency"))
            yield Wait(one.round_id, str(_("Objection %(receipt)s", receipt=one.receipt)), whom, one.due_at, url)


def count(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what waits for the reader's reply, and say whether one is overdue."""
    if not actor.may(P.OBJECTION_ANSWER):
        return 0, False
    found = queries.waiting(session, actor)
    return len(found), any(each.due_at is not None and each.due_at <= at for each in found)


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how an objection is called and where it is, to whoever may see it."""
    try:
        found = queries.one(session, int(identity), actor).objection
    except NotFound:
        return None
    return found.receipt, url_for("procurement.objection", objection_id=found.id)
