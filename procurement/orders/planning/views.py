"""Pages of purchase plans: the list, writing one, the second person's review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.errors import FileRefused
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.orders.flow import OrderKind, PlanState
from procurement.orders.models.plans import Plan, PlanLine
from procurement.orders.planning import exports, queries, schemas, services
from procurement.orders.planning.queries import Quoted
from procurement.orders.queries import plans
from procurement.orders.rules import ZERO
from procurement.orders.services import plans as verbs


def index(call: Call) -> str:
    """List plans by state, the latest first."""
    state, text = call.args.get("state", ""), call.args.get("q", "").strip()
    asked = PlanState(state) if state in set(PlanState) else None
    page = paginate(call.session, queries.listing(call.actor, asked, text))
    return render(
        "procurement/plans.html", list=page, counts=queries.counts(call.session, call.actor), states=list(PlanState),
        sizes=queries.sizes(call.session, page.rows), waiting=queries.waiting(call.session, call.actor),
        buys=call.actor.buys,
    )  # fmt: skip


def new(call: Call) -> str:
    """Show the form of a new plan."""
    verbs.own_hospital(call.actor)
    return render(
        "procurement/plan_new.html", values=call.form or call.args, errors=mistakes(call.error),
        kinds=[(kind.value, label(kind)) for kind in OrderKind], usual=queries.templates(call.session, call.actor),
    )  # fmt: skip


def create(call: Call) -> Response:
    """Begin a plan."""
    values = {"kind": OrderKind.AGREEMENT} | schemas.head(call.form)
    made = services.begin(
        call.session, **values, source=schemas.source(call.form), actor=call.actor, at=call.at
    )  # fmt: skip
    return redirect_to("procurement.plan", plan_id=made.id)


def show(call: Call, plan_id: int) -> str:
    """Show a plan: its grid while it is a draft, the review while it waits, its orders once it is placed."""
    plan = plans.one(call.session, plan_id, call.actor)
    found = plans.lines(call.session, plan)
    mine = plan.hospital_id == call.actor.organisation_id
    writes = mine and plan.state is PlanState.DRAFT and call.actor.may(P.ORDER_PLAN)
    template = "procurement/plan_draft.html" if writes else "procurement/plan.html"
    issues = call.error.issues if isinstance(call.error, FileRefused) else ()
    frame = _draft(call, plan, found) if writes else _review(call, plan, found)
    return render(
        template, plan=plan, mine=mine, issues=issues, error=call.error, errors=mistakes(call.error),
        second=plan.submitted_by_id != call.actor.user_id, values=call.form, **frame,
    )  # fmt: skip


def _draft(call: Call, plan: Plan, lines: Sequence[PlanLine]) -> dict[str, Any]:
    typed = schemas.cells(call.form) if call.error and ("lines" in call.form or "then" in call.form) else {}
    rows = queries.quoted(call.session, plan, lines, call.at)
    known = {one.product.id for one in rows}
    fresh = plans.products(call.session, [key for key, row in typed.items() if row["quantity"] and key not in known])
    rows += queries.offered(call.session, plan, fresh, call.at)
    return {
        "columns": exports.grid_columns(plan),
        "rows": [exports.grid_row(one, typed.get(one.product.id)) for one in rows],
        "facts": exports.grid_facts(), "usual": queries.templates(call.session, call.actor, plan.kind),
    }  # fmt: skip


def _review(call: Call, plan: Plan, lines: Sequence[PlanLine]) -> dict[str, Any]:
    """What the second person looks at: lines that can't be bought first, then what stands beyond agreements."""
    placed = queries.orders(call.session, plan)
    rows = [] if placed else sorted(queries.quoted(call.session, plan, lines, call.at), key=_rank)
    return {
        "rows": rows, "orders": placed, "refused": sum(1 for one in rows if one.issue),
        "beyond": sum(1 for one in rows if one.beyond), "lines": len(lines),
        "amount": sum((one.amount for one in placed or rows), ZERO),
        "beyond_amount": sum((one.beyond_amount for one in rows), ZERO), "rank": _rank, "why": exports.in_row,
    }  # fmt: skip


def _rank(one: Quoted) -> int:
    return 0 if one.issue else 1 if one.beyond else 2


def save(call: Call, plan_id: int) -> Response:
    """Keep what stands in the grid, and hand the plan in if that was asked for."""
    typed, version = schemas.read(schemas.cells(call.form)), schemas.version(call.form)
    kept = verbs.keep(
        call.session, plan_id=plan_id, version=version, lines=typed.lines, cleared=typed.cleared, actor=call.actor,
        at=call.at,
    )  # fmt: skip
    if wrong := [*typed.unread.values(), *kept.refused.values()]:
        raise verbs.PlanRefused(wrong)
    if call.form.get("then") != "submit":
        flash_done(_("The plan was saved. It has not been handed in yet."))
        return redirect_to("procurement.plan", plan_id=plan_id)
    verbs.submit(call.session, plan_id=plan_id, version=kept.plan.version, actor=call.actor, at=call.at)
    flash_done(_("The plan was handed in. A second person of your hospital looks at it."))
    return redirect_to("procurement.plan", plan_id=plan_id)


def change(call: Call, plan_id: int) -> Response:
    """Change title, department and reason of a draft."""
    values = schemas.head(call.form)
    values.pop("kind", None)
    verbs.describe(
        call.session, plan_id=plan_id, version=schemas.version(call.form), **values, actor=call.actor, at=call.at
    )
    flash_done(_("The plan was changed."))
    return redirect_to("procurement.plan", plan_id=plan_id)


def withdraw(call: Call, plan_id: int) -> Response:
    """Drop a plan that was not placed."""
    verbs.withdraw(call.session, plan_id=plan_id, actor=call.actor, at=call.at)
    flash_done(_("The plan was withdrawn."))
    return redirect_to("procurement.plans")


def approve(call: Call, plan_id: int) -> Response:
    """Place a plan as the second person."""
    made = verbs.approve(call.session, plan_id=plan_id, actor=call.actor, at=call.at)
    flash_done(_("%(count)s orders were placed; their suppliers are told.", count=len(made)))
    return redirect_to("procurement.plan", plan_id=plan_id)


def return_(call: Call, plan_id: int) -> Response:
    """Give a plan back."""
    verbs.return_(call.session, plan_id=plan_id, reason=call.form.get("reason", "")[:400], actor=call.actor, at=call.at)
    flash_done(_("The plan was given back to who wrote it."))
    return redirect_to("procurement.plan", plan_id=plan_id)


def templates(call: Call) -> str:
    """List the hospital's templates."""
    found = queries.templates(call.session, call.actor)
    return render("procurement/plan_templates.html", found=found, sizes=queries.template_sizes(call.session, found))


def save_template(call: Call, plan_id: int) -> Response:
    """Keep a plan's lines as a template."""
    made = services.save_template(
        call.session, plan_id=plan_id, title=call.form.get("template", "")[:80], actor=call.actor, at=call.at
    )
    flash_done(_("Kept as template “%(title)s”.", title=made.title))
    return redirect_to("procurement.plan", plan_id=plan_id)


def remove_template(call: Call, template_id: int) -> Response:
    """Throw a template away."""
    services.remove_template(call.session, template_id=template_id, actor=call.actor, at=call.at)
    flash_done(_("The template was removed."))
    return redirect_to("procurement.plan_templates")
