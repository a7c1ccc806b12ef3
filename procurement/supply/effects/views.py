"""The page of a preview, and its figures on the pages of cases and ratings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.i18n import label
from kernel.paging import Page
from kernel.panels import Panel
from kernel.parties import regions
from kernel.web import address, page_number, paginate, render
from pricing.credit.models import CreditCase
from pricing.credit.ratings.flow import OPEN, Level
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries import ratings
from pricing.credit.ratings.rules import RULE_SETS, benchmark, measures_of
from procurement.supply.effects.flow import Part
from procurement.supply.effects.queries import asked as asking
from procurement.supply.effects.queries import market, rounds, totals, trade
from procurement.supply.effects.queries.asked import Asked
from procurement.supply.effects.queries.totals import Totals

SHOWN = 500
"""Products that the form shows one by one."""


def show(call: Call) -> str:
    """Show what a finding would do: its figures, and one of its lists."""
    asked = asking.read(call.session, call.actor, call.args, call.at)
    part = Part(call.args["part"]) if call.args.get("part") in set(Part) else Part.PRODUCTS
    found = totals.totals(call.session, asked, call.actor)
    return render(
        "procurement/effects.html", asked=asked, totals=found, part=part, Part=Part, **_form(call, asked),
        tabs=[(label(one), address(part=one.value, page=None), one is part, found.counts[one]) for one in Part],
        **LISTS[part](call, asked, found),
    )  # fmt: skip


def _form(call: Call, asked: Asked) -> dict[str, Any]:
    """Return what the form is drawn with."""
    known = sorted(regions.by_code(call.session).values(), key=lambda one: one.code)
    chosen = [] if asked.whole else market.named(call.session, asked, SHOWN)
    return {
        "versions": [(one, one) for one in RULE_SETS.ids()],
        "levels": [(one, f"{version} {label(Level(one))}") for version in RULE_SETS.ids()
                   for one in benchmark(version)["levels"][1:]],
        "provinces": [(one.code, one.name) for one in known if one.parent_code is None],
        "names": {one.code: one.name for one in known}, "measures": measures_of(asked.version, asked.level),
        "chosen": [(one.id, f"{one.registered_name} {one.approval_number}") for one in chosen],
        "may_see_orders": call.actor.may(P.ORDER_READ),
    }  # fmt: skip


def _products(call: Call, asked: Asked, _found: Totals) -> dict[str, Any]:
    page = paginate(call.session, market.products(asked))
    ids = [one.id for one in page.rows]
    sums = trade.by_product(call.session, asked, ids)
    for key, count in market.listed(call.session, asked, market.PRODUCT, ids).items():
        sums[key].listings = count
    return {"list": page, "sums": sums}


def _regions(call: Call, _asked: Asked, found: Totals) -> dict[str, Any]:
    rows = sorted(found.regions.items(), key=lambda row: (-row[1].worth, -row[1].to_come, row[0]))
    return {"list": _cut(rows)}


def _listings(call: Call, asked: Asked, _found: Totals) -> dict[str, Any]:
    return {"list": paginate(call.session, market.listings(asked))}


def _rounds(call: Call, asked: Asked, _found: Totals) -> dict[str, Any]:
    page = rounds.page(call.session, asked, call.actor, page_number())
    return {"list": page, "stage_of": lambda one: rounds.stage_of(one, call.at)}


def _orders(call: Call, asked: Asked, _found: Totals) -> dict[str, Any]:
    page, sums = trade.orders_page(call.session, asked, page_number())
    return {"list": page, "sums": sums}


def _volume(_call: Call, _asked: Asked, found: Totals) -> dict[str, Any]:
    return {"list": _cut(found.volume)}


def _substitutes(call: Call, asked: Asked, _found: Totals) -> dict[str, Any]:
    return {"list": market.substitutes_page(call.session, asked, page_number())}


def _cut(rows: list[Any], size: int = 50) -> Page:
    number = min(max(1, page_number()), max(1, -(-len(rows) // size)))
    return Page(rows[(number - 1) * size : number * size], len(rows), number, size)


LISTS: dict[Part, Callable[[Call, Asked, Totals], dict[str, Any]]] = {
    Part.PRODUCTS: _products, Part.REGIONS: _regions, Part.LISTINGS: _listings, Part.ROUNDS: _rounds,
    Part.ORDERS: _orders, Part.VOLUME: _volume, Part.SUBSTITUTES: _substitutes,
}  # fmt: skip


def rating_panel(session: Session, actor: Actor, rating: CreditRating, at: datetime) -> Panel | None:
    """Draw what a rating would do, as long as it is not decided."""
    if rating.state not in OPEN:
        return None
    return _panel(
        session, actor, asking.of_rating(session, actor, rating, at), url_for("procurement.effects", rating=rating.id)
    )


def case_panel(session: Session, actor: Actor, case: CreditCase, at: datetime) -> Panel | None:
    """Draw what a rating of a case would do, as long as there is none."""
    if ratings.of_case(session, case.id):
        return None
    url = url_for("procurement.effects", case=case.id)
    return _panel(session, actor, asking.of_case(session, actor, case, at), url)


def _panel(session: Session, actor: Actor, asked: Asked, url: str) -> Panel:
    facts = {"asked": asked, "totals": totals.totals(session, asked, actor), "url": url, "Part": Part}
    return Panel("procurement/effects_panel.html", facts)
