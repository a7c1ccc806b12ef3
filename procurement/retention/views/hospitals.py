"""Pages of one hospital in a run, and of one of its lines with everything its numbers come from."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.files import queries as files
from kernel.forms import FormReader, mistakes
from kernel.i18n import _, label
from kernel.sending import attachment
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.retention.flow import Exempting, Indicator, LineState, RunState, Scored, Term
from procurement.retention.labels import STEPS
from procurement.retention.queries import lines, runs, shares
from procurement.retention.scoring.rules import weights
from procurement.retention.services import answering, assessing, paying
from procurement.retention.services.answering import Evidence
from procurement.settlement.schemas import Reader

EVIDENCE = "retention_dispute"


def show(call: Call, run_id: int, hospital_id: int) -> str:
    """Show what a hospital retains, which variety loses what, and its points."""
    run = runs.one(call.session, run_id, call.actor)
    share = shares.one(call.session, run, hospital_id, call.actor)
    held, said = lines.parameters(run), shares.said(call.session, run.id, [hospital_id]).get(hospital_id, {})
    rows = paginate(call.session, lines.listed(run, hospital_id))
    own = call.actor.organisation_id == hospital_id and call.actor.may(P.RETENTION_ANSWER)
    return render(
        "procurement/retention_hospital.html", run=run, share=share, rows=rows, steps=STEPS,
        workings={one.id: lines.working(one, held) for one in rows.rows}, weights=weights(held),
        points=shares.points(call.session, run, hospital_id), errors=mistakes(call.error), values=call.form,
        answers=own and run.state is RunState.SENT and run.confirm_by is not None and call.at < run.confirm_by,
        reports=own and run.state is RunState.PAID, open=share.lines_count - sum(said.values()),
        scores=call.actor.may(P.RETENTION_RUN) and run.state is RunState.DRAFT,
        forecast=lines.forecast(call.session, run, hospital_id, held),
        sources=[(one.value, label(one)) for one in (Scored.DESK, Scored.ON_SITE)],
        indicators=[(one.value, label(one)) for one in weights(held)],
    )  # fmt: skip


def confirm(call: Call, run_id: int, hospital_id: int) -> Response:
    """Confirm the ticked lines of one's own hospital, or all of them."""
    shares.one(call.session, runs.one(call.session, run_id, call.actor), hospital_id, call.actor)
    ticked = None if call.form.get("all") else Reader(call.form).ids("line")
    count = answering.confirm(call.session, run_id=run_id, line_ids=ticked, actor=call.actor, at=call.at)
    flash_done(_("%(count)s lines are confirmed.", count=count))
    return redirect_to("procurement.retention_hospital", run_id=run_id, hospital_id=hospital_id)


def score(call: Call, run_id: int, hospital_id: int) -> Response:
    """Give a hospital points, or all hospitals that have none of this indicator."""
    reader, numbers = FormReader(call.form), Reader(call.form)
    indicator = reader.choice("indicator", Indicator, _("Indicator"))
    source = reader.choice("source", Scored, _("Where they come from"), among=(Scored.DESK, Scored.ON_SITE))
    reader.done()
    points = numbers.number("points", "number-bad")
    numbers.done()
    everybody = call.form.get("everybody") == "1"
    assessing.score(
        call.session, run_id=run_id, hospitals=None if everybody else [hospital_id], indicator=indicator,
        points=points, source=source, reason=call.form.get("reason", "")[:400], actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The points are kept and the lines figured anew."))
    return redirect_to("procurement.retention_hospital", run_id=run_id, hospital_id=hospital_id)


def report(call: Call, run_id: int, hospital_id: int) -> Response:
    """Report what was distributed inside the hospital."""
    numbers = Reader(call.form)
    distributed = numbers.number("distributed", "number-bad")
    numbers.done()
    paying.report(
        call.session, run_id=run_id, distributed=distributed, text=call.form.get("text", "")[:1000], actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The distribution is reported."))
    return redirect_to("procurement.retention_hospital", run_id=run_id, hospital_id=hospital_id)


def line(call: Call, line_id: int) -> str:
    """Show a line: its steps, where each number comes from, what the hospital says, and what would change it."""
    row = lines.one(call.session, line_id, call.actor)
    found, held = lines.sources(call.session, row), lines.parameters(row.run)
    own = call.actor.organisation_id == row.hospital_id and call.actor.may(P.RETENTION_ANSWER)
    completion, other = lines.standing(row)
    heard = row.run.state is RunState.SENT and row.state in (LineState.OPEN, LineState.CONFIRMED)
    return render(
        "procurement/retention_line.html", row=row, run=row.run, found=found, steps=STEPS,
        working=lines.working(row, held), completion=completion, other=other, errors=mistakes(call.error),
        values=call.form, terms=[(one.value, label(one)) for one in Term],
        causes=[(one.value, label(one)) for one in Exempting], runs=call.actor.may(P.RETENTION_RUN),
        disputes=own and heard and row.run.confirm_by is not None and call.at < row.run.confirm_by,
        exempts=call.actor.may(P.RETENTION_RUN) and row.run.state in assessing.OPEN and not row.completed,
        papers={one.id: files.of_parent(call.session, EVIDENCE, one.id) for one in found.disputes},
    )  # fmt: skip


def dispute(call: Call, line_id: int) -> Response:
    """Dispute a line."""
    reader = FormReader(call.form)
    term = reader.choice("term", Term, _("What is disputed"))
    reader.done()
    papers = [Evidence(one.filename or "", one.stream.read()) for one in call.files.getlist("evidence") if one.filename]
    answering.dispute(
        call.session, line_id=line_id, term=term, text=call.form.get("text", ""), evidence=papers, actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The dispute is filed; the agency answers it."))
    return redirect_to("procurement.retention_line", line_id=line_id)


def decide(call: Call, dispute_id: int) -> Response:
    """Grant or refuse a dispute."""
    found = answering.decide(
        call.session, dispute_id=dispute_id, granted=call.form.get("act") == "grant",
        answer=call.form.get("answer", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The dispute is decided."))
    return redirect_to("procurement.retention_line", line_id=found.line_id)


def evidence(call: Call, dispute_id: int, file_id: int) -> Response:
    """Give out a paper of a dispute."""
    found = lines.dispute(call.session, dispute_id, call.actor)
    return attachment(files.one(call.session, file_id, parent_kind=EVIDENCE, parent_id=found.id))


def exempt(call: Call, line_id: int) -> Response:
    """Exempt a missed agreed volume."""
    reader = FormReader(call.form)
    cause = reader.choice("cause", Exempting, _("Cause"))
    reader.done()
    assessing.exempt(
        call.session, line_id=line_id, cause=cause, reason=call.form.get("reason", "")[:400], actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The exemption is recorded."))
    return redirect_to("procurement.retention_line", line_id=line_id)
