"""Pages of runs: the list, the beginning of one, one with its hospitals, what changed, and its steps to the payment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import NotFound
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.parties import regions
from kernel.rulebooks import queries as sets
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.retention.flow import LineState, RunState
from procurement.retention.labels import TERMS
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.models.runs import RetentionRun, RunShare
from procurement.retention.queries import changes as differences
from procurement.retention.queries import lines, runs, shares
from procurement.retention.services import computing, paying
from procurement.retention.views.plots import bars
from procurement.settlement.schemas import Reader

DRAWN, MOST = 15, 200


def index(call: Call) -> str:
    """List runs, the latest first."""
    asked = runs.asked(call.args)
    found = paginate(call.session, runs.listing(call.actor, **asked))
    totals = runs.totals(call.session, call.actor)
    return render(
        "procurement/retention_runs.html", list=found, states=[(one.value, label(one)) for one in RunState],
        totals=totals, plot=_years(totals), at=call.at,
    )  # fmt: skip


def new(call: Call) -> str:
    """Ask what to compute."""
    bought = runs.bought(call.session)
    return render(
        "procurement/retention_new.html", errors=mistakes(call.error), values=call.form or call.args,
        rounds=[(f"{round_.id}-{year}", _("%(title)s, agreement year %(year)s", title=round_.title, year=year))
                for round_, year in bought],
        areas=[(code, one.name) for code, one in sorted(regions.by_code(call.session).items())],
        rules=[(str(one.id), one.name) for one in sets.usable(call.session, RuleVersion)],
    )  # fmt: skip


def compute(call: Call) -> Response:
    """Compute a run."""
    round_id, _dash, year = call.form.get("round", "").partition("-")
    reader = FormReader(call.form)
    reader.text("round", _("Round and agreement year"))
    area = reader.text("area", _("Area"))
    rules_id = record_id(reader.text("rules", _("Rule set"))) or 0
    reader.done()
    made = computing.compute(
        call.session, round_id=record_id(round_id) or 0, year=record_id(year) or 0, area_code=area, rules_id=rules_id,
        reason=call.form.get("reason", "")[:400], actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("Version %(number)s is computed.", number=made.number))
    return redirect_to("procurement.retention_run", run_id=made.id)


def show(call: Call, run_id: int) -> str:
    """Show a run with its hospitals; a hospital sees its own part."""
    run = runs.one(call.session, run_id, call.actor)
    found = paginate(call.session, shares.listed(run, call.actor, call.args.get("q", "").strip()[:80]))
    some = None if call.actor.runs_platform else [one.hospital_id for one in found.rows]
    said = shares.said(call.session, run.id, some)
    return render(
        "procurement/retention_run.html", run=run, list=found, held=lines.parameters(run), values=call.form,
        said=said, errors=mistakes(call.error),
        unscored=shares.unscored(call.session, run), day=today(call.at), until=run.ends - timedelta(days=1),
        runs=call.actor.may(P.RETENTION_RUN), **_whole(call, run, said.values()),
    )  # fmt: skip


def _whole(call: Call, run: RetentionRun, said: Collection[Mapping[LineState, int]]) -> dict[str, Any]:
    """Return what only those who run the platform see of a run: all hospitals together."""
    if not call.actor.runs_platform:
        return {"all": False}
    return {
        "all": True, "open": run.lines_count - sum(sum(counts.values()) for counts in said),
        "disputed": sum(counts.get(LineState.DISPUTED, 0) for counts in said),
        "grades": shares.grades(call.session, run),
        "plot": _plot(call.session.scalars(shares.listed(run, call.actor).limit(DRAWN)).all()),
    }  # fmt: skip


def reporting(call: Call, run_id: int) -> str:
    """Show who used least and who most of what had been reported."""
    if not call.actor.runs_platform:
        raise NotFound(run=run_id)
    run = runs.one(call.session, run_id, call.actor)
    found = [
        (_("Used least of what was reported (over-reporting)"), shares.reporting(call.session, run, most=False)),
        (_("Used most of what was reported (under-reporting)"), shares.reporting(call.session, run, most=True)),
    ]
    return render("procurement/retention_reporting.html", run=run, found=found)


def application(call: Call, run_id: int) -> str:
    """Show the application to the fund as it is printed and signed; a hospital sees its own row."""
    run = runs.one(call.session, run_id, call.actor)
    if run.published_at is None:
        raise NotFound(run=run_id)
    rows = call.session.scalars(shares.listed(run, call.actor)).all()
    return render(
        "procurement/retention_application.html", run=run, shares=rows, all=call.actor.runs_platform,
        until=run.ends - timedelta(days=1),
    )  # fmt: skip


def changes(call: Call, run_id: int) -> str:
    """Show in which lines a run differs from the version before, and why."""
    run = runs.one(call.session, run_id, call.actor)
    own = None if call.actor.runs_platform else call.actor.organisation_id
    found = differences.changes(call.session, run, hospital_id=own, most=MOST + 1)
    return render(
        "procurement/retention_changes.html", run=run, changes=found[:MOST], more=len(found) > MOST, terms=TERMS,
        says=_says,
    )  # fmt: skip


def _says(value: object) -> str:
    """Write a term of a line: yes or no, or a number without needless zeros."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return f"{value.normalize():f}" if isinstance(value, Decimal) else "—"


def act(call: Call, run_id: int) -> Response:
    """Take a run to its next state."""
    verbs = {"send": paying.send, "publish": paying.publish, "close": paying.close}
    verb = verbs.get(call.form.get("act", ""))
    if verb is None:
        raise NotFound(run=run_id)
    verb(call.session, run_id=run_id, actor=call.actor, at=call.at)
    flash_done(_("Done."))
    return redirect_to("procurement.retention_run", run_id=run_id)


def apply(call: Call, run_id: int) -> Response:
    """Apply to the fund."""
    paying.apply(
        call.session, run_id=run_id, document=call.form.get("document", "")[:120], actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The application is recorded."))
    return redirect_to("procurement.retention_run", run_id=run_id)


def pay(call: Call, run_id: int) -> Response:
    """Record the payment."""
    reader = Reader(call.form)
    paid_on = reader.needed_day("paid_on")
    reader.done()
    paying.pay(
        call.session, run_id=run_id, reference=reader.text("reference")[:120], paid_on=paid_on, actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The payment is recorded; the hospitals are told."))
    return redirect_to("procurement.retention_run", run_id=run_id)


def _plot(drawn: Sequence[RunShare]) -> dict[str, Any] | None:
    """Draw what the hospitals with the most retain beside the measurement base."""
    if len(drawn) < 2:
        return None
    names = [one.hospital.shown_name for one in drawn]
    series = ((_("Measurement base"), "base", "--line-2"), (_("Retained"), "retained", "--primary"))
    return bars(names, [(name, colour, [f"{getattr(one, key):.2f}" for one in drawn]) for name, key, colour in series])


def _years(totals: Any) -> dict[str, Any] | None:
    if len(totals) < 2:
        return None
    names = [f"{one.round} {one.year}" for one in totals]
    return bars(names, [(_("Retained"), "--primary", [f"{one.retained:.2f}" for one in totals])])
