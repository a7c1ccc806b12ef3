"""What people do to a plan on its page."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import Invalid, Issue, NotFound
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.web import flash_done, redirect_to
from pricing.adjustments.flow import StatementKind
from pricing.adjustments.queries import plans
from pricing.adjustments.services import saying, steps

NOTED = {"convene": steps.convene, "propose": steps.propose, "monitor": steps.monitor}
VOTES = {"yes": True, "no": False}
REASONED = {"return": steps.send_back, "withdraw": steps.withdraw}


def _papers(call: Call) -> list[tuple[str, bytes]]:
    given = [each for each in call.files.getlist("papers") if each.filename]
    return [(each.filename or "", each.stream.read()) for each in given]


def _done(plan_id: int) -> Response:
    flash_done(_("Done."))
    return redirect_to("pricing.adjustment", plan_id=plan_id)


def act(call: Call, plan_id: int) -> Response:
    """Take a plan to its next state, with what came out of the step."""
    name, text = call.form.get("act", ""), call.form.get("text", "")[:4000]
    given: dict[str, Any] = {"plan_id": plan_id, "actor": call.actor, "at": call.at}
    if name in NOTED:
        NOTED[name](call.session, text=text, papers=_papers(call), **given)
    elif name in REASONED:
        REASONED[name](call.session, reason=call.form.get("return_reason", "")[:400], **given)
    elif name == "survey":
        steps.survey(call.session, **given)
    elif name == "file":
        reader = FormReader(call.form)
        starts_on = reader.day("starts_on")
        reader.done()
        steps.file(call.session, filing=call.form.get("filing", "")[:120], starts_on=starts_on, **given)
    else:
        raise NotFound(plan=plan_id)
    return _done(plan_id)


def ask(call: Call, plan_id: int) -> Response:
    """Note what the survey found and ask for opinions."""
    reader = FormReader(call.form)
    due_at = reader.until("due_at", _("Day"))
    reader.done()
    steps.ask(
        call.session, plan_id=plan_id, text=call.form.get("text", "")[:4000], due_at=due_at, papers=_papers(call),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    return _done(plan_id)


def vote(call: Call, plan_id: int) -> Response:
    """Vote."""
    said, reason = call.form.get("vote", ""), call.form.get("reason", "")[:400]
    if said not in VOTES:
        raise Invalid({"vote": Issue("needed" if not said else "unknown-choice", value=said[:40])})
    steps.vote(
        call.session, plan_id=plan_id, approves=VOTES[said], reason=reason, actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("Your vote is recorded."))
    return redirect_to("pricing.adjustment", plan_id=plan_id)


def say(call: Call, plan_id: int) -> Response:
    """Say an opinion or object."""
    reader = FormReader(call.form)
    kind = reader.choice("kind", StatementKind, _("Kind"))
    reader.done()
    saying.say(call.session, plan_id=plan_id, kind=kind, text=call.form.get("text", ""), actor=call.actor, at=call.at)
    flash_done(_("It has reached the bureau, which will answer."))
    return redirect_to("pricing.adjustment", plan_id=plan_id)


def reply(call: Call, plan_id: int, statement_id: int) -> Response:
    """Answer."""
    plan = plans.one(call.session, plan_id, call.actor)
    if statement_id not in {one.id for one in plans.statements(call.session, plan, call.actor)}:
        raise NotFound(statement=statement_id)
    saying.reply(call.session, statement_id=statement_id, text=call.form.get("reply", ""), actor=call.actor, at=call.at)
    flash_done(_("The answer is sent."))
    return redirect_to("pricing.adjustment", plan_id=plan_id)
