"""Where a table's export buttons lead, for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, request, url_for
from werkzeug.datastructures import MultiDict

from kernel.auth.actor import Actor
from kernel.downloads.flow import FileForm
from kernel.downloads.registry import exports

OURS = frozenset({"page", "as", "name", "endpoint"})


def asked_of(args: MultiDict[str, str]) -> dict[str, Any]:
    """Return what an address filters by; a part that stands in it more than once is a list.

    Left out are the page's own parts and names that `url_for` would take for itself.
    """
    parts = ((name, values) for name, values in args.lists() if name not in OURS and not name.startswith("_"))
    return {name: values if len(values) > 1 else values[0] for name, values in parts}


def asked_words(query: Mapping[str, Any]) -> str:
    """Say a filter in its own words."""
    values = (value if isinstance(value, list) else [value] for value in query.values())
    return " · ".join(word for words in values for word in words if word)


def may_export(name: str) -> bool:
    """Say whether the reader may export a table."""
    actor: Actor = g.actor
    return actor.may(exports()[name].permission)


def export_links(name: str, values: Mapping[str, Any]) -> list[tuple[FileForm, str]]:
    """Return each form with its address; the page's own filter goes along."""
    kept = {**asked_of(request.args), **values}
    addresses: list[dict[str, Any]] = [{**kept, "name": name, "as": form.value} for form in FileForm]
    return [(form, url_for("kernel.export", **address)) for form, address in zip(FileForm, addresses, strict=True)]
