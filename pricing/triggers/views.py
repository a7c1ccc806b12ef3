"""Pages of trigger evaluations: the years of regions, one with its data, evaluation and decision, the report."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Invalid, Issue, NotFound
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from kernel.parties import regions
from kernel.policy import covers
from kernel.rulebooks import queries as sets
from kernel.web import flash_done, number, paginate, redirect_to, render
from pricing.triggers import queries
from pricing.triggers.flow import YEAR_FLOW, Decision, Verdict, YearAction, YearState
from pricing.triggers.labels import FORMULAS, INPUTS
from pricing.triggers.models import TriggerRuleVersion, TriggerYear
from pricing.triggers.services import deciding, years
from pricing.triggers.services.years import Given
from pricing.triggers.sets.rules import day_of, read, within_cycle


def index(call: Call) -> str:
    """List the years of regions."""
    found = paginate(call.session, queries.listing(**queries.asked(call.args)))
    return render(
        "pricing/triggers.html", list=found, states=[(one.value, label(one)) for one in YearState],
        areas=_areas(call), due=queries.next_due, at=call.at, D=YearState.DECIDED,
    )  # fmt: skip


def _areas(call: Call) -> list[tuple[str, str]]:
    return [(code, one.name) for code, one in sorted(regions.by_code(call.session).items())]


def new(call: Call) -> str:
    """Ask which region and year, and by when."""
    year = today(call.at).year - 1
    usable = sets.usable(call.session, TriggerRuleVersion)
    found = next((day_of(read(one.code, one.title, one.values), "calendar.finish", year + 1) for one in usable), None)
    return render(
        "pricing/trigger_new.html", rules=[(one.id, one.name) for one in usable], year=year,
        areas=[one for one in _areas(call) if covers(call.actor.region, one[0])], finish=found,
        errors=mistakes(call.error), values=call.form,
    )  # fmt: skip


def create(call: Call) -> Response:
    """Begin a region's evaluation."""
    reader = FormReader(call.form)
    region, year = reader.text("region", _("Region")), reader.text("year", _("Year of the data"))
    rules = record_id(reader.text("rules", _("Rule set"))) or 0
    data_due, due = (reader.until(name, _("Day")) for name in ("data_due", "due"))
    reader.done()
    made = years.open_year(
        call.session, region_code=region, year=record_id(year) or 0, rules_id=rules, data_due_at=data_due, due_at=due,
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The evaluation is begun; enter the data or import the workbook."))
    return redirect_to("pricing.trigger", year_id=made.id)


def show(call: Call, year_id: int) -> str:
    """Show a region's year: data with sources, what the rules say, the decision."""
    found = queries.one(call.session, year_id)
    return render(
        "pricing/trigger.html", **_whole(call, found), errors=_mistakes(call), values=call.form,
        actions=YEAR_FLOW.actions(found.state) if _works(call, found) else (), A=YearAction,
        verdicts=[(one.value, label(one)) for one in Verdict], due=queries.next_due(found), at=call.at,
        second=queries.decides(found, call.actor),
        entered=call.actor.user_id in queries.entered_by(call.session, found.id),
    )  # fmt: skip


def _mistakes(call: Call) -> dict[str, str]:
    """Return a refusal's sentences by field; those of the data name their figure, of which the form has many."""
    named = {f"v-{name}": words for name, words in INPUTS.items()}
    return {
        field: _("%(figure)s: %(mistake)s", figure=named[field], mistake=said) if field in named else said
        for field, said in mistakes(call.error).items()
    }


def _works(call: Call, found: TriggerYear) -> bool:
    return call.actor.may(P.ADJUSTMENT_WRITE) and covers(call.actor.region, found.region_code)


def _whole(call: Call, found: TriggerYear) -> dict[str, Any]:
    """Return what the page and the report show."""
    own, made = queries.rules_of(found), queries.evaluations(call.session, found.id)
    last = queries.last_year(call.session, found)
    return {
        "year": found, "own": own, "held": queries.values(call.session, found.id), "evaluations": made,
        "last": made[0] if made else None, "names": INPUTS, "formulas": FORMULAS, "decision": Decision,
        "before": last, "in_cycle": within_cycle(own, last, found.year), "figure": _figure,
    }  # fmt: skip


def _figure(written: str) -> str:
    """Show a kept figure with groups, the true minus, and without the zeros at its end."""
    return number(Decimal(written))


def report(call: Call, year_id: int) -> str:
    """Show the report for signature."""
    found = queries.one(call.session, year_id)
    whole = _whole(call, found)
    if whole["last"] is None:
        raise NotFound(year=year_id)
    return render("pricing/trigger_report.html", **whole)


def enter(call: Call, year_id: int) -> Response:
    """Enter data by hand."""
    found = queries.one(call.session, year_id)
    rows = _given(call.form, queries.rules_of(found).inputs(), queries.values(call.session, found.id))
    count = years.enter(call.session, year_id=year_id, rows=rows, actor=call.actor, at=call.at)
    flash_done(_("%(count)s figures were entered or changed.", count=count))
    return redirect_to("pricing.trigger", year_id=year_id)


def _given(form: MultiDict[str, str], names: tuple[str, ...], held: Mapping[str, Any]) -> list[Given]:
    """Read a line of the form for each input; one that nobody has touched stays as it is."""
    rows, wrong = [], {}
    for name in names:
        text, source, note = (" ".join(form.get(f"{part}-{name}", "").split())[:200] for part in "vsn")
        if not (text or source or note) and name not in held:
            continue
        try:
            value = parse_decimal(text) if text else None
        except NotANumber:
            wrong[f"v-{name}"] = Issue("not-a-number", value=text)
            continue
        row = Given(name, value, source, note)
        wrong |= {f"v-{key}": issue for key, issue in years.faults([row], set(names)).items()}
        rows.append(row)
    if wrong:
        raise Invalid(wrong)
    return rows


def evaluate(call: Call, year_id: int) -> Response:
    """Let the rules speak."""
    made = years.evaluate_year(call.session, year_id=year_id, actor=call.actor, at=call.at)
    flash_done(_("The rules say: %(decision)s.", decision=label(made.decision)))
    return redirect_to("pricing.trigger", year_id=year_id)


def propose(call: Call, year_id: int) -> Response:
    """Propose a decision."""
    reader = FormReader(call.form)
    verdict, reason = reader.choice("verdict", Verdict, _("Decision")), reader.text("reason", _("Reason"), most=400)
    reader.done()
    deciding.propose(call.session, year_id=year_id, verdict=verdict, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The proposal waits for a second person."))
    return redirect_to("pricing.trigger", year_id=year_id)


def send_back(call: Call, year_id: int) -> Response:
    """Send a proposal back."""
    reason = call.form.get("return_reason", "")[:400]
    deciding.send_back(call.session, year_id=year_id, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The proposal is sent back."))
    return redirect_to("pricing.trigger", year_id=year_id)


def confirm(call: Call, year_id: int) -> Response:
    """Confirm a proposal."""
    deciding.confirm(call.session, year_id=year_id, actor=call.actor, at=call.at)
    flash_done(_("It is decided."))
    return redirect_to("pricing.trigger", year_id=year_id)
