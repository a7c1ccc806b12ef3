"""The notice page, its questions and answers, and the later deadline."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.web import flash_done, redirect_to, render
from procurement.rounds import schemas
from procurement.rounds.announcements import queries as announcements
from procurement.rounds.labels.parameters import GROUPS, PARAMETERS, in_words
from procurement.rounds.queries import notice as queries
from procurement.rounds.queries import rounds, rulesets
from procurement.rounds.services import extension, notice
from procurement.rounds.views import shown


def show(call: Call, round_id: int) -> str:
    """Show everybody what bidders go by: calendar, lots with caps, rules, questions, how the deadline moved."""
    round_ = rounds.one(call.session, round_id, call.actor)
    rules = {one.name: one for one in rulesets.shown(round_)}
    groups = [(title, [one for name, one in rules.items() if name.split(".")[0] in part]) for title, part in GROUPS]
    return render(
        "procurement/round_notice.html", groups=groups, words=PARAMETERS, in_words=in_words, form=call.form,
        errors=mistakes(call.error), lots=rounds.lots(call.session, round_), rule_set=rulesets.in_force(round_),
        issued=announcements.all_of(call.session, round_),
        questions=queries.questions(call.session, round_, call.actor),
        extensions=queries.extensions(call.session, round_, confirmed=True), **shown.frame(call, round_, "notice"),
    )  # fmt: skip


def ask(call: Call, round_id: int) -> Response:
    """Ask a question."""
    notice.ask(call.session, round_id=round_id, text=call.form.get("question", ""), actor=call.actor, at=call.at)
    flash_done(_("The question was sent. Everybody will see the answer, nobody but the agency who asked."))
    return redirect_to("procurement.round_notice", round_id=round_id)


def answer(call: Call, round_id: int, question_id: int) -> Response:
    """Answer a question."""
    notice.answer(
        call.session, round_id=round_id, question_id=question_id, text=call.form.get("answer", ""), actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The answer is public."))
    return redirect_to("procurement.round_notice", round_id=round_id)


def extend(call: Call, round_id: int) -> str:
    """Show the form of a later deadline, and the requests there were."""
    round_ = rounds.one(call.session, round_id, call.actor)
    found = queries.extensions(call.session, round_)
    ids = [one.asked_by_id for one in found] + [one.decided_by_id for one in found if one.decided_by_id]
    return render(
        "procurement/round_extend.html", found=found, names=rounds.names(call.session, ids), form=call.form,
        errors=mistakes(call.error), reader=call.actor.user_id, **shown.frame(call, round_, "extend"),
    )  # fmt: skip


def extend_ask(call: Call, round_id: int) -> Response:
    """Ask for a later deadline."""
    deadline, reason = schemas.deadline(call.form), call.form.get("reason", "")
    extension.ask(call.session, round_id=round_id, deadline=deadline, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The later deadline waits for a second person."))
    return redirect_to("procurement.round_extend", round_id=round_id)


def extend_confirm(call: Call, round_id: int, extension_id: int) -> Response:
    """Confirm a later deadline."""
    extension.confirm(call.session, round_id=round_id, extension_id=extension_id, actor=call.actor, at=call.at)
    flash_done(_("The later deadline holds; every company was told."))
    return redirect_to("procurement.round_extend", round_id=round_id)


def extend_refuse(call: Call, round_id: int, extension_id: int) -> Response:
    """Refuse a later deadline."""
    extension.refuse(call.session, round_id=round_id, extension_id=extension_id, actor=call.actor, at=call.at)
    flash_done(_("The request was turned down; the deadline stands."))
    return redirect_to("procurement.round_extend", round_id=round_id)
