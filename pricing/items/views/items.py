"""The page of an item: what it is, what it costs where on any day, and what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import groupby, pairwise
from typing import Any

from flask import url_for

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.i18n import label
from kernel.periods import Period, last_day, read_day
from kernel.web import render
from pricing import plots
from pricing.items.flow import PriceGrade, PriceSource
from pricing.items.labels import CELLS
from pricing.items.models import ItemPrice, ItemVersion
from pricing.items.queries import items, mappings, pages, prices
from pricing.items.rules.items import changed
from pricing.items.views.lists import home


def show(call: Call, item_id: int) -> str:
    """Show an item on a day."""
    session, item = call.session, items.one(call.session, item_id)
    every = items.versions(session, item_id)
    day = read_day(call.args.get("day", "")) or today(call.at)
    version = next((one for one in every if one.starts_on <= day), every[-1])
    regions = pages.by_region(session, item_id, day)
    region = call.args.get("region") or home(call, [(one.region.code, one.region.name) for one in regions])
    held = prices.history(session, item_id)
    of_region = [one for one in held if one.region_code == region]
    contents = dict(items.contents(session, every))
    content = contents[version]
    return render(
        "pricing/service_item.html", item=item, version=version, content=content, versions=every, day=day,
        today=today(call.at), regions=regions, own=pages.by_hospital(session, item_id, day), region=region,
        places=_places(held), held=held, plot=_plot(of_region, today(call.at)), grades=list(PriceGrade),
        excluded=pages.excluded(session, content.exclusions), branch=pages.branch(session, version.category_code),
        changes=_changes(every, contents), last=last, origin=partial(origin, call.actor),
        pairs=mappings.of_item(session, item_id),
    )  # fmt: skip


def last(one: ItemPrice | ItemVersion) -> date | None:
    """Return the last day of a period, as documents print it; None while it is open."""
    return last_day(Period(one.starts_on, one.ends_on))


ORIGINS = {
    PriceSource.PLAN: ("pricing.adjustment", "plan_id"),
    PriceSource.TRIAL: ("pricing.new_item_announced", "application_id"),
    PriceSource.FILING: ("pricing.service_filing", "filing_id"),
}  # fmt: skip


def origin(actor: Actor, one: ItemPrice) -> str:
    """Return the address of what a price came from; nothing where the reader may not see it, or it was a workbook."""
    endpoint, name = ORIGINS.get(one.source, ("", ""))
    own = actor.runs_platform or actor.organisation_id == one.hospital_id
    if not endpoint or (one.source is PriceSource.FILING and not (own and actor.may(P.SERVICE_FILINGS))):
        return ""
    place: Any = {name: one.source_id}
    return url_for(endpoint, **place)


def _places(held: Sequence[ItemPrice]) -> list[tuple[str, str]]:
    return sorted({(one.region_code, one.region.name) for one in held})


def _plot(held: Sequence[ItemPrice], day: date) -> dict[str, Any] | None:
    """Draw the ceilings of a region, a line a grade."""
    order = list(PriceGrade)
    lines = [
        (label(grade), [(one.starts_on, one.ends_on, one.price) for one in some])
        for grade, some in groupby(sorted(held, key=lambda one: order.index(one.grade)), key=lambda one: one.grade)
    ]
    return plots.steps(lines, day)


def _changes(every: Sequence[ItemVersion], contents: Any) -> dict[int, list[tuple[str, ...]]]:
    """Return by version what it changed: the cell, before and after."""
    return {
        new.id: [(str(CELLS[name]), *values) for name, *values in changed(contents[old], contents[new])]
        for new, old in pairwise(every)
    }
