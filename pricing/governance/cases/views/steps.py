"""What is done with a case, a form each."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import read_beijing
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to
from pricing.governance.cases import schemas
from pricing.governance.cases.flow import CaseAction, InterviewMode
from pricing.governance.cases.queries import cases as queries
from pricing.governance.cases.services import answering, handling, harming, opening

Act = Callable[[Call, int], Response]


def fresh(view: Act) -> Act:
    """Refuse what was decided about a case as it stood before somebody else acted in it."""

    @wraps(view)
    def acted(call: Call, case_id: int) -> Response:
        queries.as_seen(call.session, case_id, call.actor, record_id(call.form.get("seen", "")))
        return view(call, case_id)

    return acted


def _done(case_id: int, message: str) -> Response:
    flash_done(message)
    return redirect_to("pricing.case", case_id=case_id)


def move(call: Call, case_id: int) -> Response:
    """Send, judge, verify, fail or drop."""
    reader = FormReader(call.form)
    action = reader.choice("action", CaseAction, _("Act"))
    reader.done()
    text = call.form.get("text", "")
    handling.move(call.session, case_id=case_id, action=action, text=text, actor=call.actor, at=call.at)
    return _done(case_id, _("Saved."))


def call_(call: Call, case_id: int) -> Response:
    """Call the company to an interview."""
    reader = FormReader(call.form)
    mode = reader.choice("mode", InterviewMode, _("Kind of interview"))
    reader.done()
    handling.call(
        call.session, case_id=case_id, mode=mode, interview_at=read_beijing(call.form.get("interview_at", "")),
        place=call.form.get("place", ""), text=call.form.get("call_text", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    return _done(case_id, _("The company is called to the interview."))


def hold(call: Call, case_id: int) -> Response:
    """Keep the minutes."""
    handling.hold(
        call.session, case_id=case_id, held_at=read_beijing(call.form.get("held_at", "")),
        present=call.form.get("present", ""), text=call.form.get("minutes", ""),
        commit_by=schemas.day(call.form, "commit_by"), actor=call.actor, at=call.at,
    )  # fmt: skip
    return _done(case_id, _("The minutes are kept; both sides sign them."))


def sign(call: Call, case_id: int) -> Response:
    """Sign the minutes for the bureau."""
    handling.sign(call.session, case_id=case_id, actor=call.actor, at=call.at)
    return _done(case_id, _("The minutes are signed."))


def attach(call: Call, case_id: int) -> Response:
    """Keep the bureau's attachments."""
    files = schemas.attached(call.files)
    opening.attach(call.session, case_id=case_id, files=files, actor=call.actor, at=call.at)
    return _done(case_id, _("The files are kept."))


def propose(call: Call, case_id: int) -> Response:
    """Propose what comes next against the company."""
    text = call.form.get("proposal", "")
    harming.propose(call.session, case_id=case_id, text=text, actor=call.actor, at=call.at)
    return _done(case_id, _("The decision is proposed; another person of the bureau decides."))


def confirm(call: Call, case_id: int) -> Response:
    """Decide what another person proposed."""
    harming.confirm(call.session, case_id=case_id, actor=call.actor, at=call.at)
    return _done(case_id, _("Decided."))


def give_back(call: Call, case_id: int) -> Response:
    """Take a proposal back."""
    text = call.form.get("back", "")
    harming.give_back(call.session, case_id=case_id, text=text, actor=call.actor, at=call.at)
    return _done(case_id, _("The proposal is taken back."))


def lift(call: Call, case_id: int) -> Response:
    """Lift the suspension."""
    text = call.form.get("lift", "")
    harming.lift(call.session, case_id=case_id, text=text, actor=call.actor, at=call.at)
    return _done(case_id, _("The suspension is lifted."))


def answer(call: Call, case_id: int) -> Response:
    """Answer for the company."""
    answering.answer(
        call.session, case_id=case_id, text=call.form.get("answer", ""), files=schemas.attached(call.files),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    return _done(case_id, _("The answer is sent."))


def sign_own(call: Call, case_id: int) -> Response:
    """Sign the minutes for the company."""
    answering.sign(call.session, case_id=case_id, actor=call.actor, at=call.at)
    return _done(case_id, _("The minutes are signed."))


def commit(call: Call, case_id: int) -> Response:
    """Commit to prices, and where asked cut them at once."""
    found = queries.one(call.session, case_id, call.actor)
    answering.commit_to(
        call.session, case_id=case_id, written=schemas.prices(call.form, [line.id for line in found.lines]),
        keep_by=schemas.day(call.form, "keep_by"), text=call.form.get("commitment", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    if call.form.get("cut"):
        return cut(call, case_id)
    return _done(case_id, _("The commitment is sent."))


def cut(call: Call, case_id: int) -> Response:
    """Cut the prices to what was committed to."""
    count = answering.cut(call.session, case_id=case_id, actor=call.actor, at=call.at)
    if count:
        return _done(case_id, _("The prices are cut from today on; labels that no longer hold go tomorrow."))
    return _done(case_id, _("Every price is already as committed."))
