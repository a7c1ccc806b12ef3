"""Pages of plans: the list, the beginning of one, one with its steps, its effect and plots."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Issue
from kernel.files import queries as files
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, _l, label
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from kernel.parties import regions
from kernel.policy import covers
from kernel.rulebooks.rules import held
from kernel.sending import attachment
from kernel.web import flash_done, paginate, redirect_to, render
from pricing.adjustments.flow import PLAN_FLOW, UNDECIDED, PlanAction, PlanKind, PlanState, StatementKind
from pricing.adjustments.labels import PARAMETERS
from pricing.adjustments.models import AdjustmentPlan
from pricing.adjustments.queries import complexes, effects, judging, plans
from pricing.adjustments.queries.judging import Judged
from pricing.adjustments.rules import APPROVALS
from pricing.adjustments.services import drafting
from pricing.adjustments.services.drafting import Draft
from pricing.adjustments.services.steps import NOTE
from pricing.items.flow import PriceGrade
from pricing.triggers import queries as triggers

DRAWN, READ = 15, P.ADJUSTMENT_READ
AXIS: dict[str, Any] = {
    "splitNumber": 4,
    "axisLabel": {"color": "--muted", "hideOverlap": True},
    "splitLine": {"lineStyle": {"color": "--line"}},
}


def index(call: Call) -> str:
    """List plans, the newest first."""
    found = paginate(call.session, plans.listing(call.actor, **plans.asked(call.args)))
    return render(
        "pricing/adjustments.html", list=found, states=[(one.value, label(one)) for one in PlanState],
        areas=_areas(call), state_of=lambda plan: plans.state_of(plan, call.at),
    )  # fmt: skip


def _areas(call: Call) -> list[tuple[str, str]]:
    return [(code, one.name) for code, one in sorted(regions.by_code(call.session).items())]


def new(call: Call) -> str:
    """Ask what a plan stands on."""
    year = today(call.at).year
    return render(
        "pricing/adjustment_new.html", kinds=[(one.value, label(one)) for one in PlanKind],
        areas=[one for one in _areas(call) if covers(call.actor.region, one[0])],
        started=[(one.id, f"{one.region.name} {one.year}") for one in triggers.started(call.session)
                 if covers(call.actor.region, one.region_code)],
        year=year - 1, starts=date(year + 1, 1, 1), errors=mistakes(call.error), values=call.form,
    )  # fmt: skip


def create(call: Call) -> Response:
    """Begin a plan."""
    reader = FormReader(call.form)
    base = number(reader, "base") if call.form.get("base", "").strip() else None
    draft = Draft(
        reader.text("code", _("Code"), most=40), reader.text("title", _("Title")),
        reader.choice("kind", PlanKind, _("Kind")), reader.text("region", _("Region")),
        record_id(reader.text("volume_year", _("Year of the volumes"))) or 0,
        reader.day("starts_on", _("Day")) or date.max,
        record_id(reader.text("trigger")), reader.text("document"), base, reader.text("base_source"),
    )  # fmt: skip
    reader.done()
    made = drafting.begin(call.session, draft=draft, actor=call.actor, at=call.at)
    flash_done(_("The plan is begun; fill in its numbers and set its lines."))
    return redirect_to("pricing.adjustment", plan_id=made.id)


def number(reader: FormReader, name: str) -> Decimal:
    """Read a decimal."""
    written = reader.text(name, _("Number"))
    try:
        return parse_decimal(written)
    except NotANumber:
        reader.wrong.setdefault(name, Issue("not-a-number", value=written))
        return Decimal(0)


def show(call: Call, plan_id: int) -> str:
    """Show a plan with its steps and what the reader can do."""
    plan = plans.one(call.session, plan_id, call.actor)
    state, writes = plans.state_of(plan, call.at), plans.works_on(plan, call.actor)
    return render(
        "pricing/adjustment.html", **_common(call, plan), **(_inside(call, plan) if call.actor.may(READ) else {}),
        statements=plans.statements(call.session, plan, call.actor), stated=_stated(plan), held=held(plan.values),
        names=PARAMETERS, writes=writes, errors=mistakes(call.error), values=call.form,
        actions=PLAN_FLOW.actions(state) if writes else (), count=plans.count(call.session, plan),
        says=_says(call, plan, state), next=NEXT.get(state) if writes else None,
    )  # fmt: skip


NEXT = {
    PlanState.DRAFT: _l(
        "Next: fill in the numbers, set the lines until every check passes, then begin the cost survey."
    ),
    PlanState.SURVEY: _l("Next: note what the cost survey found and ask the region's hospitals for their opinions."),
    PlanState.OPINIONS: _l(
        "Next: answer every opinion; when the time is over, note the outcome and convene the experts."
    ),
    PlanState.PANEL: _l("Next: note what the experts concluded and put the plan to the vote."),
    PlanState.DECISION: _l(
        "Next: two officers of the bureau who neither drafted nor changed the plan approve it; one vote against sends "
        "it back."
    ),
    PlanState.PUBLICITY: _l(
        "Next: answer every objection; when the publicity is over, file the plan, which sets its prices."
    ),
    PlanState.FILED: _l("Nothing more to do: the prices change by themselves at 00:00 Beijing time of their day."),
    PlanState.EFFECTIVE: _l("Next: watch volumes and costs, and record what the monitoring finds."),
}


def _inside(call: Call, plan: AdjustmentPlan) -> dict[str, Any]:
    """Return what only the bureau sees: the effect as it is now, votes, outcomes of the steps, volumes since."""
    notes = plans.notes(call.session, plan)
    watched = plans.state_of(plan, call.at) in (PlanState.EFFECTIVE, PlanState.MONITORED)
    return {
        "found": judging.judged(call.session, plan, today(call.at)), "notes": notes,
        "papers": files.of_parents(call.session, NOTE, [one.id for one in notes]),
        "later": effects.later(call.session, plan) if watched else (), **_voices(call, plan),
    }  # fmt: skip


def _voices(call: Call, plan: AdjustmentPlan) -> dict[str, Any]:
    """Return who wrote a plan, who voted, whether the reader did, and how many voters there are where they are few."""
    authors, votes = plans.authors(call.session, plan), plans.votes(call.session, plan)
    cast = {one.user_id for one in votes if one.turn == plan.turn}
    left = len({*plans.voters(call.session, plan), *cast}) if plan.state in UNDECIDED else APPROVALS
    return {
        "authors": authors, "author": call.actor.user_id in {one.id for one in authors}, "votes": votes,
        "voted": call.actor.user_id in cast, "few": left if left < APPROVALS else None,
    }  # fmt: skip


def _stated(plan: AdjustmentPlan) -> dict[str, Any] | None:
    """Return what a plan was decided on, as figures; None before it is put to the vote."""
    if plan.effect is None:
        return None
    whole = {name: None if one is None else Decimal(one) for name, one in plan.effect["whole"].items()}
    return {"lines": plan.effect["lines"], **whole}


def _common(call: Call, plan: AdjustmentPlan) -> dict[str, Any]:
    """Return what every page of a plan shows."""
    complex_ = bool(plan.proposal_round or complexes.marked(call.session, plan)) and concerned(call, plan)
    return {"plan": plan, "state": plans.state_of(plan, call.at), "A": PlanAction, "complex": complex_,
            "staff": call.actor.may(READ)}  # fmt: skip


def concerned(call: Call, plan: AdjustmentPlan) -> bool:
    """Say whether the reader works on prices or for a hospital that the plan's prices hold for."""
    return call.actor.may(READ) or call.actor.organisation_id in effects.places(call.session, plan.region_code)


def _says(call: Call, plan: AdjustmentPlan, state: PlanState) -> StatementKind | None:
    """Return what the reader's organisation may say now."""
    asked = {PlanState.OPINIONS: (StatementKind.OPINION, plan.opinions_due_at),
             PlanState.PUBLICITY: (StatementKind.OBJECTION, plan.publicity_ends_at)}  # fmt: skip
    kind, until = asked.get(state, (None, None))
    may = call.actor.may(P.ADJUSTMENT_SAY) and not call.actor.runs_platform
    return kind if may and until is not None and call.at <= until else None


def fill(call: Call, plan_id: int) -> Response:
    """Fill in a number."""
    reader = FormReader(call.form)
    parameter, text = reader.text("parameter", _("Parameter")), reader.text("text", _("Value"))
    reader.done()
    drafting.fill(
        call.session, plan_id=plan_id, parameter=parameter, text=text, source=call.form.get("source", "")[:200],
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The number is filled in."))
    return redirect_to("pricing.adjustment", plan_id=plan_id)


def put_off(call: Call, plan_id: int) -> Response:
    """Let the prices hold from another day on."""
    reader = FormReader(call.form)
    starts_on = reader.day("starts_on", _("Day"))
    reader.done()
    done = drafting.put_off(call.session, plan_id=plan_id, starts_on=starts_on, actor=call.actor, at=call.at)
    flash_done(_("The day is set; %(count)s prices before it are others.", count=done))
    return redirect_to("pricing.adjustment", plan_id=plan_id)


def effect(call: Call, plan_id: int) -> str:
    """Show whom a plan costs what: by grade, by hospital and by department."""
    plan = plans.one(call.session, plan_id, call.actor)
    found = judging.judged(call.session, plan, today(call.at))
    return render(
        "pricing/adjustment_effect.html", **_common(call, plan), found=found,
        grades=list(PriceGrade), of_grade=_grades(found), of_department=_bars(found.effect.by_department, str),
        of_hospital=_bars(found.effect.by_hospital, lambda place: place.name), drawn=DRAWN,
    )  # fmt: skip


def _grades(found: Judged) -> dict[str, Any] | None:
    """Draw what the fund and patients pay more by grade; None while nobody knows their shares."""
    parts = [(label(grade), one) for grade, one in found.effect.by_grade.items()]
    if any(one.fund is None for _name, one in parts):
        return None
    series = ((_("Paid by the fund"), "fund", "--primary"), (_("Paid by patients"), "patients", "--sealed"))
    return _frame([str(name) for name, _one in parts], [
        (str(name), colour, [f"{getattr(one, key):.2f}" for _name, one in parts], "all") for name, key, colour in series
    ])  # fmt: skip


def _bars(rows: Iterable[tuple[Any, Any]], name: Any) -> dict[str, Any] | None:
    """Draw the largest amounts; None where there is too little to compare."""
    drawn = list(rows)[:DRAWN]
    if len(drawn) < 2:
        return None
    names = [name(one) or str(_("not told apart")) for one, _part in drawn]
    return _frame(names, [(str(_("Added a year")), "--primary", [f"{part.amount:.2f}" for _one, part in drawn], "")])


def _frame(names: list[str], series: list[tuple[str, str, list[str], str]]) -> dict[str, Any]:
    return {
        "grid": {"left": 8, "right": 40, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "textStyle": {"color": "--ink-2"}},
        "tooltip": {"trigger": "axis"}, "xAxis": {"type": "value", **AXIS},
        "yAxis": {"type": "category", "inverse": True, "data": names,
                  "axisLabel": {"color": "--ink-2", "width": 150, "overflow": "truncate"}},
        "series": [
            {"type": "bar", "name": name, "itemStyle": {"color": colour}, "data": data, "barMaxWidth": 14,
             **({"stack": stack} if stack else {})}
            for name, colour, data, stack in series
        ],
    }  # fmt: skip


def paper(call: Call, plan_id: int, note_id: int, file_id: int) -> Response:
    """Hand out a paper of a step to the bureau."""
    plan = plans.one(call.session, plan_id, call.actor)
    known = [one.id for one in plans.notes(call.session, plan)]
    parent = note_id if note_id in known else 0
    return attachment(files.one(call.session, file_id, parent_kind=NOTE, parent_id=parent))
