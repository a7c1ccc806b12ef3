"""Calls of the grid: a draft that saves itself, products to be added, blocks pasted from a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from catalogue.drugs.models import Product
from catalogue.search.queries import search
from kernel.calls import Call
from kernel.errors import Issue
from kernel.i18n import _
from kernel.problems import sentence
from procurement.orders.planning import exports, queries, schemas
from procurement.orders.planning.naming import queries as naming
from procurement.orders.planning.naming.rules import BlockLine, read_block
from procurement.orders.planning.services import LAST_MONTH
from procurement.orders.queries import plans
from procurement.orders.services import plans as verbs


def keep(call: Call, plan_id: int) -> dict[str, Any]:
    """Keep rows of a draft; those that can't be taken are named, and of the others those that can't be bought."""
    typed = schemas.typed(call.body["rows"])
    kept = verbs.keep(
        call.session, plan_id=plan_id, version=call.body["version"], lines=typed.lines, cleared=typed.cleared,
        actor=call.actor, at=call.at,
    )  # fmt: skip
    wanted = {
        one.product_id: (one.quantity, one.price, "") for one in typed.lines if one.product_id not in kept.refused
    }
    products = plans.products(call.session, list(wanted))
    offered = queries.offered(call.session, kept.plan, products, call.at, wanted)
    return {
        "version": kept.plan.version, "saved_at": kept.plan.saved_at,
        "refused": [_said(key, issue) for key, issue in {**typed.unread, **kept.refused}.items()],
        "said": [{"id": str(one.product.id), "detail": exports.in_row(one.issue)} for one in offered if one.issue],
    }  # fmt: skip


def _said(product: int, issue: Any) -> dict[str, str]:
    return {"id": str(product), "detail": sentence(issue)}


def products(call: Call, plan_id: int) -> dict[str, Any]:
    """Find products for a plan; each hit says price, right to buy and what is left of the agreements."""
    plan = plans.one(call.session, plan_id, call.actor)
    hits = search(call.session, call.query["q"], kind="product", limit=20)
    sold = plans.products(call.session, [hit.subject_id for hit in hits])
    found = {hit.subject_id: sold[hit.subject_id] for hit in hits if hit.subject_id in sold}
    items = []
    for one in queries.offered(call.session, plan, found, call.at):
        row = exports.grid_row(one)
        items.append({"value": row["id"], "text": one.product.registered_name, "detail": _detail(row), "row": row})
    return {"items": items}


def _detail(row: dict[str, Any]) -> str:
    """Say what tells products apart: specification, pack, maker, price, what is left, or why it can't be bought."""
    price = _("%(price)s yuan", price=row["price"]) if row["price"] else ""
    left = _("%(left)s left of the agreement", left=row["left"]) if row["agreed"] else ""
    return "  ".join(
        each
        for each in (row["text"], _("%(count)s a pack", count=row["pack"]), row["maker"], price, left, row["issue"])
        if each
    )


def usual(call: Call, plan_id: int) -> dict[str, Any]:
    """Return last month's purchases or a template's lines as rows of the grid."""
    plan = plans.one(call.session, plan_id, call.actor)
    source = schemas.source(call.query)
    if source == LAST_MONTH:
        held = queries.last_month(call.session, hospital_id=plan.hospital_id, kind=plan.kind, at=call.at)
    else:
        held = queries.of_template(call.session, queries.template(call.session, int(source or 0), call.actor))
    known = plans.products(call.session, list(held))
    wanted = {key: known[key] for key in held if key in known}
    return {"rows": [_filled(one, held) for one in queries.offered(call.session, plan, wanted, call.at)], "wrong": []}


def _filled(one: queries.Quoted, quantities: Mapping[int, Decimal | None]) -> dict[str, Any]:
    return {**exports.grid_row(one), "quantity": schemas.plain(quantities.get(one.product.id))}


def block(call: Call, plan_id: int) -> dict[str, Any]:
    """Read a block pasted from a workbook: rows for the grid, and lines that could not be used."""
    plan = plans.one(call.session, plan_id, call.actor)
    lines = read_block(call.body["text"])
    found = naming.found(call.session, [line.named for line in lines])
    known = {one.id: one for held in found for one in held}
    offered = {one.product.id: one for one in queries.offered(call.session, plan, known, call.at)}
    quantities: dict[int, Decimal | None] = {}
    wrong = []
    for line, held in zip(lines, found, strict=True):
        meant, issue = _meant(line, held, offered, quantities)
        if meant:
            quantities[meant] = line.quantity
        elif issue and (line.number > 1 or line.quantity is not None):  # the first line may be a heading
            wrong.append({"line": line.number, "text": line.text, "detail": sentence(issue)})
    return {"rows": [_filled(offered[key], quantities) for key in quantities], "wrong": wrong}


def _meant(
    line: BlockLine, held: Sequence[Product], offered: Mapping[int, queries.Quoted], taken: Mapping[int, Any]
) -> tuple[int, Issue | None]:
    """Return the product a line means, or 0 and why it can't be told."""
    if len(held) > 1:
        held = [one for one in held if offered[one.id].source] or held
    if not held:
        return 0, Issue("product-unknown", value=line.named.codes[0])
    if line.quantity is None:
        return 0, Issue("quantity-not-positive", value="")
    if len(held) > 1:
        packs = [f"{one.specification.text}×{one.pack}" for one in held]
        return 0, Issue("product-in-several-packs", value=line.named.codes[0], facts={"packs": packs})
    if held[0].id in taken:
        return 0, Issue("product-twice", value=line.named.codes[0])
    return held[0].id, None
