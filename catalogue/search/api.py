"""JSON of the search, for pickers and for other programs."""

from __future__ import annotations

from typing import Any

from catalogue.search.queries import search
from catalogue.search.schemas import filters
from catalogue.search.views import address
from kernel.calls import Call


def index(call: Call) -> dict[str, Any]:
    """Return what was found, best first."""
    query, limit = call.query, call.query["limit"]
    hits = search(
        call.session, query["q"], kind=query["kind"] or None, filters=filters(query), limit=limit, after=query["after"]
    )
    items = [
        {
            "kind": hit.kind, "value": hit.subject_id, "text": hit.title, "detail": hit.detail, "facts": hit.facts,
            "url": address(call, hit),
        }
        for hit in hits
    ]  # fmt: skip
    return {"items": items, "after": hits[-1].after if len(hits) == limit else ""}
