"""The search, for everybody: strangers find what is public, without leaving the page for what is not."""

from __future__ import annotations

from typing import Any

from flask import url_for

from catalogue.search.queries import Hit, search
from catalogue.search.rules.public import KINDS as PUBLIC
from catalogue.search.rules.public import told
from catalogue.search.schemas import filters, from_address
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.web import registry, render

PAGES = {
    "variety": ("catalogue.variety", "variety_id", ""),
    "product": ("catalogue.product", "product_id", ""),
    "company": ("catalogue.organisation", "organisation_id", ""),
    "hospital": ("catalogue.organisation", "organisation_id", ""),
    "coded_drug": ("catalogue.drug", "code", "code"),
    "consumable": ("catalogue.consumable", "code", "code"),
    "category": ("catalogue.consumables", "category", "code"),
    "local_product": ("catalogue.local_products", "q", "local_code"),
}
"""The page of a kind: its endpoint, what it asks for, and which fact that is (nothing: the record's number)."""
OPEN = ("service_item",)
"""Kinds whose own pages are for everybody."""
SIZE = 50


def index(call: Call) -> str:
    """Show what was found, best first; filters stand in the address."""
    asked, reader = from_address(call.args), call.actor.may(P.CATALOGUE_READ)
    open_to = tuple(PAGES) if reader else PUBLIC
    kinds = tuple(kind for kind in asked["kind"] if kind in open_to) or (() if reader else PUBLIC)
    hits = search(call.session, asked["q"], kind=kinds, filters=filters(asked), limit=SIZE, after=asked["after"])
    found = [(hit, hit.facts if reader else told(hit.facts), address(call, hit)) for hit in hits]
    return render(
        "catalogue/search.html", asked=asked, text=asked["q"], kind=kinds[0] if len(kinds) == 1 else "", found=found,
        kinds=open_to, more=hits[-1].after if len(hits) == SIZE else "", further=bool(asked["after"]),
    )  # fmt: skip


def address(call: Call, hit: Hit) -> str:
    """Return the page of a hit; other packages' records are found by their subject link."""
    if not call.actor.may(P.CATALOGUE_READ):
        return _elsewhere(call, call.actor, hit) if hit.kind in OPEN else _public_address(hit)
    if hit.kind in PAGES:
        endpoint, argument, fact = PAGES[hit.kind]
        value = hit.facts.get(fact) if fact else hit.subject_id
        values: dict[str, Any] = {argument: value or hit.title}
        return url_for(endpoint, **values)
    return _elsewhere(call, call.actor, hit)


def _public_address(hit: Hit) -> str:
    """A code is explained to everybody; other pages of the catalogue need an account."""
    code = hit.facts.get("code")
    return url_for("catalogue.codes", code=code) if code and hit.kind in ("coded_drug", "consumable") else ""


def _elsewhere(call: Call, actor: Actor, hit: Hit) -> str:
    find = registry.subjects.get(hit.kind)
    named = find(call.session, actor, str(hit.subject_id)) if find else None
    return named[1] if named else ""
