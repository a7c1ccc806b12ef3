"""The map of rule sets."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Pages
from kernel.web import NavItem, nav_item, subject_link
from procurement.rounds.sets import labels, queries, views

assert labels  # registers names and sentences

POST = ("POST",)
ONE = "/rule-sets/<code>"


def mount(pages: Pages) -> None:
    """Add the pages of rule sets."""
    pages.add("rule_sets", "/rule-sets", views.index, P.ROUND_READ)
    pages.add("rule_sets_compare", "/rule-sets/compare", views.compare, P.ROUND_READ)
    pages.add("rule_set", ONE, views.show, P.ROUND_READ)
    pages.add("rule_set_text", f"{ONE}/text.toml", views.text, P.ROUND_READ)
    pages.add("rule_set_copy", f"{ONE}/copy", views.copy, P.ROUND_SET_UP, methods=POST, again=views.show)
    pages.add("rule_set_edit", f"{ONE}/parameter", views.edit, P.ROUND_SET_UP)
    pages.add("rule_set_save", f"{ONE}/parameter", views.save, P.ROUND_SET_UP, methods=POST, again=views.edit)
    pages.add("rule_set_act", f"{ONE}/act", views.act, P.ROUND_SET_UP, methods=POST, again=views.show)
    nav_item(NavItem(_l("Procurement"), _l("Rule sets"), "procurement.rule_sets", "sliders", P.ROUND_READ, order=25))
    subject_link("written_set", subject)


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a written set is called and where it is, to whoever may see it."""
    found = queries.by_id(session, int(identity), actor)
    return (found.title, url_for("procurement.rule_set", code=found.code)) if found else None
