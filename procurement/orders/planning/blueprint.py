"""The map of purchase plans."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _, _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, Queue, QueueRow, home_queue, moment, nav_item, subject_link
from procurement.orders.planning import api as calls
from procurement.orders.planning import exports, queries, schemas, views
from procurement.orders.queries import plans

READ, PLAN, APPROVE, POST = P.ORDER_READ, P.ORDER_PLAN, P.ORDER_APPROVE, ("POST",)
ONE = "/plans/<int:plan_id>"
SHOWN = 3
assert exports  # registers what goes out


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, its line to the side bar and its queue to the first page."""
    _pages(pages)
    api.add(
        "plan_draft",
        f"{ONE}/draft",
        calls.keep,
        PLAN,
        methods=POST,
        body=schemas.PlanDraftIn,
        returns=schemas.PlanDraftOut,
    )
    rows = schemas.PlanRowsOut
    api.add(
        "plan_products",
        f"{ONE}/products",
        calls.products,
        PLAN,
        query=schemas.PlanProductQuery,
        returns=schemas.PlanChoicesOut,
    )
    api.add("plan_usual", f"{ONE}/usual", calls.usual, PLAN, query=schemas.PlanUsualQuery, returns=rows)
    api.add("plan_block", f"{ONE}/block", calls.block, PLAN, methods=POST, body=schemas.PlanBlockIn, returns=rows)
    nav_item(NavItem(_l("Procurement"), _l("Purchase plans"), "procurement.plans", "cart", READ, _count, order=42))
    home_queue(APPROVE, _queue, order=12)
    subject_link("purchase_plan", _link)


def _pages(pages: Pages) -> None:
    pages.add("plans", "/plans", views.index, READ)
    pages.add("plan_new", "/plans/new", views.new, PLAN)
    pages.add("plan_create", "/plans/new", views.create, PLAN, methods=POST, again=views.new)
    pages.add("plan_templates", "/plans/templates", views.templates, PLAN)
    remove = "/plans/templates/<int:template_id>/remove"
    pages.add("plan_template_remove", remove, views.remove_template, PLAN, methods=POST)
    pages.add("plan", ONE, views.show, READ)
    pages.add("plan_save", ONE, views.save, PLAN, methods=POST, again=views.show)
    pages.add("plan_change", f"{ONE}/head", views.change, PLAN, methods=POST, again=views.show)
    pages.add("plan_withdraw", f"{ONE}/withdraw", views.withdraw, PLAN, methods=POST)
    pages.add("plan_template", f"{ONE}/template", views.save_template, PLAN, methods=POST, again=views.show)
    pages.add("plan_approve", f"{ONE}/approve", views.approve, APPROVE, methods=POST, again=views.show)
    pages.add("plan_return", f"{ONE}/return", views.return_, APPROVE, methods=POST, again=views.show)


def _count(session: Session, actor: Actor, _at: datetime) -> tuple[int, bool]:
    """Count the plans this person may approve."""
    return len(queries.waiting(session, actor)), False


def _queue(session: Session, actor: Actor, _at: datetime) -> Queue | None:
    """Plans that wait for a second person; hidden where there is none."""
    found = queries.waiting(session, actor)
    if not found:
        return None
    rows = [
        QueueRow(
            one.title, url_for("procurement.plan", plan_id=one.id), moment(one.submitted_at, "%m-%d %H:%M"), "",
            one.department or (one.submitted_by.name if one.submitted_by else ""),
        )
        for one in found[:SHOWN]
    ]  # fmt: skip
    address = url_for("procurement.plans", state="submitted")
    return Queue(_("Purchase plans to approve"), "", rows, len(found), address, _("No plan waits for you"))


def _link(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a plan for the audit pages."""
    try:
        found = plans.one(session, int(identity), actor)
    except NotFound:
        return None
    return found.title, url_for("procurement.plan", plan_id=found.id)
