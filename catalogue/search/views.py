"""The search of the top bar."""

from __future__ import annotations

from typing import Any

from flask import url_for

from catalogue.search.queries import Hit, search
from kernel.routes import Call
from kernel.web import registry, render

PAGES = {
    "variety": ("catalogue.variety", "variety_id"),
    "product": ("catalogue.product", "product_id"),
    "company": ("catalogue.organisation", "organisation_id"),
    "hospital": ("catalogue.organisation", "organisation_id"),
    "coded_drug": ("catalogue.drug", "code"),
    "consumable": ("catalogue.consumable", "code"),
}
SIZE = 50


def index(call: Call) -> str:
    """Show what was found, best first."""
    text, kind, after = (call.args.get(name, "") for name in ("q", "kind", "after"))
    hits = search(call.session, text, kind=kind or None, limit=SIZE, after=after)
    found = [(hit, address(call, hit)) for hit in hits]
    more = hits[-1].after if len(hits) == SIZE else ""
    return render(
        "catalogue/search.html", text=text, kind=kind, found=found, kinds=list(PAGES), more=more, further=bool(after)
    )


def address(call: Call, hit: Hit) -> str:
    """Return the page of a hit; other packages' records are found by their subject link."""
    if hit.kind in PAGES:
        endpoint, argument = PAGES[hit.kind]
        values: dict[str, Any] = {argument: hit.facts["code"] if argument == "code" else hit.subject_id}
        return url_for(endpoint, **values)
    find = registry.subjects.get(hit.kind)
    named = find(call.session, call.actor, str(hit.subject_id)) if find else None
    return named[1] if named else ""
