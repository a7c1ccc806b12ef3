"""JSON for the pickers of dual channel."""

from __future__ import annotations

from typing import Any

from catalogue.dual_channel.queries import drugs, places
from catalogue.editions.rules.parts import AGREED
from kernel.calls import Call
from kernel.i18n import label


def entry_options(call: Call) -> list[dict[str, Any]]:
    """Find entries of the national list that may be put on a region's list."""
    found = drugs.options(call.session, call.query["q"], sorted(AGREED), call.query["limit"])
    return [
        {"value": each.id, "text": each.name, "detail": f"{each.edition.code} {label(each.part)} {each.shown_number}"}
        for each in found
    ]


def place_options(call: Call) -> list[dict[str, Any]]:
    """Find hospitals and pharmacies that may be proposed."""
    found = places.proposable(call.session, call.query["q"].strip(), call.query["limit"])
    return [{"value": each.id, "text": each.name, "detail": f"{label(each.kind)} {each.code}"} for each in found]
