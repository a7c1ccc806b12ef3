"""Pages of rule sets: the list, one set, its editor, two side by side."""

from __future__ import annotations

import io
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.problems import shown
from kernel.web import flash_done, redirect_to, render
from procurement.rounds.labels.parameters import GROUPS, PARAMETERS, STANDINGS, VALUES, in_words
from procurement.rounds.queries import rounds
from procurement.rounds.queries.rulesets import Shown, of_parameters
from procurement.rounds.rules.freezing import frozen, written
from procurement.rounds.rules.schema import SCHEMA
from procurement.rounds.rules.values import Choice, flag
from procurement.rounds.sets import queries, services
from procurement.rounds.sets.flow import SET_FLOW, SetAction
from procurement.rounds.sets.queries import Known
from procurement.rounds.sets.rules import compared, gaps


def index(call: Call) -> str:
    """List the rule sets with the standing of their parameters."""
    found = queries.known(call.session, call.actor)
    return render(
        "procurement/set_list.html", found=found, uses=queries.uses(call.session), standings=STANDINGS,
        codes=[(one.code, f"{one.rule_set.title}（{one.code}）") for one in found],
    )  # fmt: skip


def show(call: Call, code: str) -> str:
    """Show one set: its parameters in words with source and standing, its changes, the rounds that go by it."""
    found = queries.one(call.session, code, call.actor)
    changes = queries.with_changes(call.session, code, call.actor)
    history = list(reversed(changes.changes)) if changes else []
    people = [found.written.created_by_id, found.written.submitted_by_id, found.written.approved_by_id,
              *(each.by_id for each in history)] if found.written else []  # fmt: skip
    return render(
        "procurement/set_show.html", found=found, history=history, names=rounds.names(call.session, people),
        used=queries.used_by(call.session, found, call.actor), error=mistakes(call.error), form=call.form,
        actions=SET_FLOW.actions(found.written.state) if found.written else (),
        problems=[(name, shown(problem)) for name, problem in gaps(found.rule_set)],
        mine=_wrote(call, found), **_words(found),
    )  # fmt: skip


def _wrote(call: Call, found: Known) -> bool:
    """Say whether the reader submitted the set, so that approving it is another person's."""
    return found.written is not None and found.written.submitted_by_id == call.actor.user_id


def _words(found: Known) -> dict[str, Any]:
    """The parameters by group, as the pages of rounds show them."""
    rows: dict[str, Shown] = {one.name: one for one in of_parameters(found.rule_set)}
    groups = [(title, [one for name, one in rows.items() if name.split(".")[0] in parts]) for title, parts in GROUPS]
    return {"groups": groups, "words": PARAMETERS, "in_words": in_words, "standings": STANDINGS}


def edit(call: Call, code: str) -> str:
    """Show the form of one parameter; without a name, the choice of one that the set lacks."""
    found, name = _draft(call, code), call.args.get("name", "")
    if name and name not in SCHEMA:
        raise NotFound(parameter=name)
    now = found.rule_set.parameters.get(name)
    values = {"value": _typed(written(now.value)) if now else "", "source": now.source if now else "",
              "standing": now.standing if now else "F"}  # fmt: skip
    return render(
        "procurement/set_edit.html", found=found, name=name, now=now, values=values, form=call.form,
        errors=mistakes(call.error), words=PARAMETERS, standings=STANDINGS, options=_options(name),
        lacking=[(each, f"{PARAMETERS.get(each, each)}（{each}）") for each in SCHEMA
                 if each not in found.rule_set.parameters],
    )  # fmt: skip


def _draft(call: Call, code: str) -> Known:
    """Return a written set that may be changed now, or NotFound."""
    found = queries.one(call.session, code, call.actor)
    if found.written is None or not SET_FLOW.allows(found.written.state, SetAction.CHANGE):
        raise NotFound(rule_set=code)
    return found


def _options(name: str) -> list[tuple[str, str]]:
    """The values a parameter is chosen from, where it is chosen and not typed."""
    check = SCHEMA.get(name)
    options = check.options if isinstance(check, Choice) else ("true", "false") if check is flag else ()
    return [(each, str(VALUES.get(each, each))) for each in options]


def _typed(value: str) -> str:
    """A plain text without TOML's quotation marks; anything else as TOML writes it."""
    return value[1:-1] if value.startswith('"') and value.endswith('"') and "\\" not in value else value


def save(call: Call, code: str) -> Response:
    """Change, add or take out one parameter."""
    form = call.form
    common: dict[str, Any] = {"code": code, "version": record_id(form.get("version", "")), "actor": call.actor}
    if form.get("then") == "drop":
        services.drop(call.session, name=form.get("name", ""), reason=form.get("reason", ""), at=call.at, **common)
    else:
        typed = services.Typed(*(form.get(part, "") for part in ("name", "value", "source", "standing", "reason")))
        services.change(call.session, typed=typed, at=call.at, **common)
    flash_done(_("The rule set was changed."))
    return redirect_to("procurement.rule_set", code=code)


def copy(call: Call, code: str) -> Response:
    """Begin a draft that equals this set."""
    made = services.copy(
        call.session, source=code, code=call.form.get("code", ""), title=call.form.get("title", ""),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The rule set was copied. Change what differs, then submit it."))
    return redirect_to("procurement.rule_set", code=made.code)


def act(call: Call, code: str) -> Response:
    """Submit, approve, send back, open again or retire a written set."""
    verbs: dict[str, Any] = {"submit": services.submit, "approve": services.approve, "retire": services.retire,
                             "return": services.return_, "reopen": services.reopen}  # fmt: skip
    name = call.form.get("action", "")
    if name not in verbs:
        raise NotFound(action=name)
    more = {"reason": call.form.get("reason", "")} if name in ("return", "reopen") else {}
    version = record_id(call.form.get("version", ""))
    verbs[name](call.session, code=code, version=version, actor=call.actor, at=call.at, **more)
    flash_done(_("Done."))
    return redirect_to("procurement.rule_set", code=code)


def compare(call: Call) -> str:
    """Set two rule sets side by side, parameter by parameter."""
    known = queries.known(call.session, call.actor)
    codes = [(one.code, f"{one.rule_set.title}（{one.code}）") for one in known]
    left, right = call.args.get("left") or codes[0][0], call.args.get("right") or codes[-1][0]
    one, other = (queries.one(call.session, code, call.actor) for code in (left, right))
    rows = compared(one.rule_set, other.rule_set)
    return render(
        "procurement/set_compare.html", codes=codes, one=one, other=other, words=PARAMETERS, in_words=in_words,
        rows=rows if call.args.get("all") else [row for row in rows if not row.same], total=len(rows),
        differing=sum(not row.same for row in rows),
    )  # fmt: skip


def text(call: Call, code: str) -> Response:
    """Send a set as the .toml file that the command line reads."""
    found = queries.one(call.session, code, call.actor)
    content = found.written.text if found.written else frozen(found.rule_set)
    return send_file(
        io.BytesIO(content.encode()), mimetype="application/toml", as_attachment=True, download_name=f"{code}.toml"
    )
