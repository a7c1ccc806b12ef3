"""Where a table's export buttons lead, for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, request, url_for

from kernel.auth.actor import Actor
from kernel.downloads.flow import FileForm
from kernel.downloads.registry import exports

OURS = frozenset({"page", "as", "name"})


def may_export(name: str) -> bool:
    """Say whether the reader may export a table."""
    actor: Actor = g.actor
    return actor.may(exports()[name].permission)


def export_links(name: str, values: Mapping[str, Any]) -> list[tuple[FileForm, str]]:
    """Return each form with its address; the page's own filter goes along."""
    kept = {key: value for key, value in {**request.args.to_dict(), **values}.items() if key not in OURS}
    addresses: list[dict[str, Any]] = [{**kept, "name": name, "as": form.value} for form in FileForm]
    return [(form, url_for("kernel.export", **address)) for form, address in zip(FileForm, addresses, strict=True)]
