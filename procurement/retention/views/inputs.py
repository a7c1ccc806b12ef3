"""Pages of what people bring in: shares of the pooling areas, and the rule sets with their versions."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.forms import FormReader, mistakes
from kernel.i18n import _
from kernel.parties import regions
from kernel.policy import UNSET
from kernel.web import flash_done, redirect_to, render
from procurement.retention import rules
from procurement.retention.flow import SetState
from procurement.retention.labels import PARAMETERS
from procurement.retention.queries import brought
from procurement.retention.services import inputs
from procurement.retention.sets import queries as sets
from procurement.retention.sets import services as rule_sets
from procurement.retention.sets.rules import read, written
from procurement.settlement.schemas import Reader


def index(call: Call) -> str:
    """Show what was brought in, and the forms for more."""
    return render(
        "procurement/retention_inputs.html", shares=brought.shares(call.session), rounds=brought.rounds(call.session),
        areas=[(code, one.name) for code, one in sorted(regions.by_code(call.session).items())],
        errors=mistakes(call.error), values=call.form, year=today(call.at).year,
    )  # fmt: skip


def share(call: Call) -> Response:
    """Say the shares of a pooling area."""
    numbers = Reader(call.form)
    year, r, s = (numbers.number(name, "number-bad") for name in ("year", "r", "s"))
    numbers.done()
    inputs.say_share(
        call.session, area_code=numbers.text("area"), year=int(year), r=r, s=s, source=numbers.text("source")[:200],
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The shares are recorded."))
    return redirect_to("procurement.retention_inputs")


def rule_list(call: Call) -> str:
    """List rule sets."""
    return render("procurement/retention_rules.html", list=sets.latest(call.session), built_in=rules.RULE_SETS.ids())


def take(call: Call) -> Response:
    """Write the built-in rule sets down as they stand in this release."""
    rule_sets.built_in(call.session, actor=call.actor, at=call.at)
    flash_done(_("The built-in rule sets are up to date."))
    return redirect_to("procurement.retention_rules")


def rule_set(call: Call, code: str) -> str:
    """Show the parameters of a rule set, who changed what and why."""
    versions = sets.versions(call.session, code)
    held = read(versions[0].values)
    names = list(PARAMETERS)
    shown = sorted(held.items(), key=lambda one: names.index(one[0]) if one[0] in names else len(names))
    own = code not in rules.RULE_SETS.ids() and call.actor.may(P.RETENTION_RUN)
    return render(
        "procurement/retention_rule_set.html", last=versions[0], versions=versions, parameters=shown, names=PARAMETERS,
        written=written, unset=UNSET, changes=own, errors=mistakes(call.error), values=call.form,
        options=[(name, PARAMETERS.get(name, name)) for name, _one in shown],
        approves=own and versions[0].state is SetState.WRITTEN and versions[0].made_by_id != call.actor.user_id,
        copies=call.actor.may(P.RETENTION_RUN),
    )  # fmt: skip


def copy(call: Call, code: str) -> Response:
    """Begin a rule set of one's own."""
    base = sets.versions(call.session, code)[0]
    made = rule_sets.copy(
        call.session, rules_id=base.id, code=call.form.get("code", "").strip()[:40],
        title=call.form.get("title", "")[:80], actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The rule set is begun; change it, then a second person approves it."))
    return redirect_to("procurement.retention_rule_set", code=made.code)


def change(call: Call, code: str) -> Response:
    """Change a parameter."""
    reader = FormReader(call.form)
    parameter, text = reader.text("parameter", _("Parameter")), reader.text("text", _("Value"))
    reader.done()
    rule_sets.change(
        call.session, code=code, parameter=parameter, text=text, source=call.form.get("source", "")[:200],
        reason=call.form.get("reason", "")[:400], actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The next version is written and waits for a second person."))
    return redirect_to("procurement.retention_rule_set", code=code)


def approve(call: Call, code: str) -> Response:
    """Approve the latest version."""
    rule_sets.approve(call.session, code=code, actor=call.actor, at=call.at)
    flash_done(_("The version is approved; runs may take it."))
    return redirect_to("procurement.retention_rule_set", code=code)
