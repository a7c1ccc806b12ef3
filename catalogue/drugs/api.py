"""JSON for pickers and for other programs."""

from __future__ import annotations

from typing import Any

from catalogue.drugs.queries import varieties
from catalogue.search.queries import search
from kernel.calls import Call


def variety_options(call: Call) -> list[dict[str, Any]]:
    """Find varieties by name, pinyin or number."""
    return _options(call, "variety")


def product_options(call: Call) -> list[dict[str, Any]]:
    """Find products by name, pinyin, approval number, maker or trade name."""
    return _options(call, "product")


def company_options(call: Call) -> list[dict[str, Any]]:
    """Find companies by name, pinyin or credit code."""
    return _options(call, "company")


def hospital_options(call: Call) -> list[dict[str, Any]]:
    """Find hospitals by name, pinyin or credit code."""
    return _options(call, "hospital")


def specification_options(call: Call) -> list[dict[str, Any]]:
    """Find specifications by their variety's name, pinyin or number."""
    found = varieties.specification_options(
        call.session, text=call.query["q"], variety_id=call.query["variety"], limit=call.query["limit"]
    )
    return [
        {"value": each.id, "text": f"{each.variety.name} {each.text}", "detail": each.variety.code} for each in found
    ]


def variety(call: Call, variety_id: int) -> Any:
    """Return a variety with its specifications and factors."""
    return varieties.one(call.session, variety_id)


def _options(call: Call, kind: str) -> list[dict[str, Any]]:
    hits = search(call.session, call.query["q"], kind=kind, limit=call.query["limit"])
    return [{"value": hit.subject_id, "text": hit.title, "detail": hit.detail} for hit in hits]
