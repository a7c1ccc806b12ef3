"""What every page of monitoring shows around its figures: whose they are, its tabs, its filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalogue.drugs.rules.codes import VarietyKind
from catalogue.editions.queries.classes import names as class_names
from kernel.auth.permissions import P, Permission
from kernel.calls import Call
from kernel.clock import today
from kernel.i18n import _, _l, label
from kernel.parties import regions
from kernel.web import page_number
from pricing.monitoring.flow import Ground, Split, Step
from pricing.monitoring.queries.asked import Asked

SIZE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Pages of one kind: `pages` and `tables` are what their endpoints and workbooks begin with.

    `inside` is what it takes to see more than the indices; `own`: the figures are those of the reader's organisation.
    """

    title: Any
    pages: str
    tables: Mapping[str, str]
    inside: Permission
    splits: Sequence[Split]
    own: bool = False


EVERYBODYS = Place(
    _l("Price monitoring"), "pricing.monitoring",
    {"index": "pricing.indices", "items": "pricing.index-items", "spending": "pricing.spending",
     "savings": "pricing.savings"},
    P.MONITOR_READ, tuple(Split),
)  # fmt: skip
OWN = Place(
    _l("Own purchases"), "pricing.own_purchases",
    {name: f"pricing.own-{name}" for name in ("index", "items", "spending", "savings")},
    P.MONITOR_OWN, (Split.GOODS, Split.CLASS, Split.SOURCE), own=True,
)  # fmt: skip


def frame(
    call: Call, place: Place, asked: Asked, choices: Mapping[Split, Sequence[str]], as_of: datetime
) -> dict[str, Any]:
    """Return what every page of a place shows above its figures."""
    classes, places = class_names(call.session, today(call.at)), regions.by_code(call.session)

    def name(by: str, value: str) -> str:
        return named(Split(by), value, classes, {code: one.name for code, one in places.items()})

    return {
        "place": place, "asked": asked, "named": name, "as_of": as_of,
        "steps": [(one.value, label(one)) for one in Step],
        "methods": [("fixed", _("Fixed base")), ("chained", _("Chained"))],
        "goods": [(one.value, label(one)) for one in VarietyKind],
        "choices": {by: [(value, name(by, value)) for value in values if value] for by, values in choices.items()},
    }  # fmt: skip


def named(by: Split, value: str, classes: Mapping[str, str], places: Mapping[str, str]) -> str:
    """Name a part of a split."""
    if by is Split.GOODS:
        return str(label(VarietyKind(value)))
    if by is Split.SOURCE:
        ground, _slash, code = value.partition("/")
        return code or str(label(Ground(ground)))
    if by is Split.GRADE and value == "-":
        return str(_("Grade not said"))
    if by is Split.CLASS and not value:
        return str(_("In no class"))
    return {Split.CLASS: classes, Split.REGION: places}.get(by, {}).get(value, value)


def turned(rows: Sequence[Any]) -> dict[str, Any]:
    """Return the page of rows that the address asks for, with how far it can be turned."""
    pages = max(1, -(-len(rows) // SIZE))
    number = min(page_number(), pages)
    shown = rows[(number - 1) * SIZE : number * SIZE]
    return {"rows": shown, "total": len(rows), "number": number, "pages": pages, "size": SIZE}
