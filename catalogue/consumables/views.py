"""Pages of consumables and their categories, and what they add to the page of a consumable."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.codes.views import explained
from catalogue.consumables import exports, queries
from catalogue.consumables.labels import FIELDS
from catalogue.consumables.models import Consumable
from catalogue.search.lists.queries import behind
from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.clock import today
from kernel.panels import Panel, panels
from kernel.sheets import Sheet
from kernel.web import page_number, paginate, render


def index(call: Call) -> str:
    """List consumables."""
    asked = _filtered(call)
    ranked = bool(asked["text"] or asked["category"] or asked["maker"])
    return render(
        "catalogue/consumables.html", list=queries.page(call.session, **asked, number=page_number()), names=FIELDS,
        ranked=ranked, behind=ranked and behind(call.session, Consumable, kind="consumable"), asked=asked,
        category=queries.category(call.session, asked["category"]), now=today(call.at),
    )  # fmt: skip


def show(call: Call, code: str) -> str:
    """Show a consumable: its code, certificate and identifiers, and others of its category."""
    found = queries.one(call.session, code)
    added = panels(call.session, "catalogue.consumable", found, actor=call.actor, at=call.at)
    return render(
        "catalogue/consumable.html", found=found, names=FIELDS, category=queries.category(call.session, code),
        now=today(call.at), panels=added,
    )  # fmt: skip


def table(call: Call) -> Sheet:
    """Return what the filter shows, to be imported as it is."""
    return exports.consumables(call.session, queries.consumables(**_filtered(call)))


def categories(call: Call) -> str:
    """List the categories with how many consumables each has."""
    found = paginate(call.session, queries.categories(text=call.args.get("q", "")))
    counts = queries.counts(call.session, [each.code for each in found.rows])
    return render("catalogue/consumable_categories.html", list=found, counts=counts)


def categories_table(call: Call) -> Sheet:
    """Return what the filter shows, to be imported as it is."""
    return exports.categories(call.session, queries.categories(text=call.args.get("q", "")))


def _filtered(call: Call) -> dict[str, Any]:
    asked = {"text": "q", "category": "category", "maker": "maker"}
    return {name: call.args.get(key, "") for name, key in asked.items()} | {"sort": call.args.get("sort", "code")}


def code_panel(session: Session, actor: Actor, found: Consumable, _at: datetime) -> Panel:
    """Explain a consumable's code on its page."""
    return Panel("catalogue/code_panel.html", explained(session, actor, found.code))


def identifiers_panel(session: Session, _actor: Actor, found: Consumable, at: datetime) -> Panel:
    """Show a consumable's device identifiers, and the devices that are published under its certificate."""
    pairs = queries.identifiers(session, found.code)
    named = {each.di for each in pairs}
    near = [each for each in queries.devices_of(session, found.certificate) if each.di not in named]
    return Panel("catalogue/consumable_identifiers.html", {"pairs": pairs, "near": near, "now": today(at)})


def others_panel(session: Session, _actor: Actor, found: Consumable, _at: datetime) -> Panel:
    """Show other consumables of the same category."""
    return Panel("catalogue/consumable_others.html", {"others": queries.same_category(session, found), "names": FIELDS})
