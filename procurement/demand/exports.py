"""Rows for the grid and for workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import of_query
from kernel.i18n import _, _l, label
from kernel.sheets import Sheet, Value
from procurement.demand.flow import CallState, LineReason, settled
from procurement.demand.models import Call
from procurement.demand.queries import base, calls
from procurement.demand.queries.entry import EntryRow
from procurement.demand.rules import Place, add_up, decimals, least, limits


def grid_columns(call: Call) -> list[dict[str, Any]]:
    """Describe the columns of the entry grid."""
    return [
        {"field": "variety", "title": _("Variety"), "kind": "text", "readonly": True, "frozen": True,
         "second": ["text", "maker"], "rank": 0, "width": 186, "narrow": 138},
        {"field": "text", "title": _("Specification"), "kind": "text", "readonly": True, "width": 88},
        {"field": "maker", "title": _("Reported by"), "kind": "text", "readonly": True, "width": 100},
        {"field": "before", "title": str(call.year - 2), "unit": _("used"), "kind": "number", "readonly": True,
         "decimals": 3, "width": 84, "rank": 5},
        {"field": "last", "title": str(call.year - 1), "unit": _("used"), "kind": "number", "readonly": True,
         "decimals": 3, "width": 84, "rank": 2},
        {"field": "quantity", "title": _("Demand %(year)s", year=call.year), "unit": _("smallest units"),
         "kind": "number", "decimals": 3, "width": 112, "rank": 1, "narrow": 110},
        {"field": "reason", "title": _("Reason"), "unit": _("if below the floor"), "kind": "choice",
         "choices": {"": "", **{each.value: label(each) for each in LineReason}}, "width": 124, "rank": 4},
        {"field": "note", "title": _("To look at"), "kind": "note", "readonly": True, "rank": 3},
    ]  # fmt: skip


def grid_rows(
    rows: Sequence[EntryRow], typed: Mapping[tuple[int, int], tuple[str, str]], *, whole: bool = False
) -> list[dict[str, Any]]:
    """Give the grid its rows as text; what was typed and refused stands as it was typed.

    Makers' rows stand where something is filled in; the others are added in place. `spec`, `lot`, `factor`, `packs` and
    `decimals` are for the checks while somebody types.
    """
    return [
        {
            **({"server": {"quantity": plain(row.quantity), "reason": row.reason or ""}} if row.key in typed else {}),
            "spec": row.row.specification_id,
            "lot": row.lot.id,
            "factor": plain(row.row.volume_factor),
            "packs": row.packs,
            "decimals": decimals(row.row.specification.unit),
            "used": row.used,
            "id": f"{row.key[0]}-{row.key[1]}",
            "variety": f"{row.lot.number}. {row.lot.variety.name}",
            "text": specification(row),
            "maker": maker(row),
            "before": plain(row.year_before),
            "last": plain(row.last_year),
            "quantity": typed.get(row.key, (plain(row.quantity), ""))[0],
            "reason": typed[row.key][1] if row.key in typed else (row.reason or ""),
        }
        for row in rows
        if whole or row.company is None or row.quantity is not None or row.key in typed
    ]


def grid_facts(
    rows: Sequence[EntryRow], earlier: Mapping[tuple[int, int], Decimal], show: str
) -> dict[str, Any]:  # fmt: skip
    """Give the page what it checks by while somebody types: limits, floors of the lots, makers, last year's report."""
    lots: dict[int, list[Place]] = {}
    makers: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        if row.company is None:
            lots.setdefault(row.lot.id, []).append(row.place)
        else:
            makers.setdefault(row.row.specification_id, []).append((row.company.id, row.company.shown_name))
    known = {row.row.specification_id for row in rows}
    return {
        "limits": limits(), "makers": makers, "show": show,
        "floors": {lot: plain(floor) for lot, places in lots.items() if (floor := least(places)) is not None},
        "earlier": {f"{key[0]}-{key[1]}": plain(each) for key, each in earlier.items() if key[0] in known},
        "words": {
            "packs": _("Packs? last year {last}, {pack} to a pack"),
            "units": _("Multiplied by the pack of {pack}? last year {last}"),
            "tenfold": _("10 times last year's {last} or more"),
            "tenth": _("A tenth of last year's {last} or less"),
            "floor": _("Below the floor of {floor}: choose a reason"),
            "whole": _("Whole numbers only"),
            "odd": _("Rows to look at: {n}."), "none": _("Nothing looks odd."),
            "left": _("Used last year and still empty: {n} lots."), "copied": _("Cells copied: {n}."),
        },
    }  # fmt: skip


def specification(row: EntryRow) -> str:
    """Write a specification with its unit, and its form where the text alone does not tell."""
    unit, text = row.row.specification.asked_unit, row.row.specification.asked_text
    return f"{text}/{unit}" if unit else text


def maker(row: EntryRow) -> str:
    """Write whose product is meant."""
    return row.company.shown_name if row.company else _("generic name")


def plain(value: Decimal | None) -> str:
    """Write a quantity without trailing zeros; nothing is an empty cell."""
    return "" if value is None else format(value.normalize(), "f")


def base_sheets(session: Session, call: Call) -> list[Sheet]:
    """The base by lot, specification, region and company, and the totals per lot and region in reference units."""
    lines = base.detail(session, call.id)
    headers = (
        _("Lot"), _("Variety number"), _("Variety"), _("Specification"), _("Region code"), _("Region"),
        _("Company code"), _("Company"), _("Base"), _("Volume factor"), _("Base in reference units"),
    )  # fmt: skip
    return [
        Sheet(_("Base"), headers, _lines(lines)),
        Sheet(_("Totals"), (_("Lot"), _("Variety"), _("Region"), _("Base in reference units")), _totals(lines)),
    ]


def _lines(lines: Sequence[base.Detail]) -> Iterator[Sequence[Value]]:
    for line in lines:
        company = (line.company.code, line.company.name) if line.company else ("", _("generic name"))
        yield (
            line.lot.number, line.lot.variety.code, line.lot.variety.name, line.specification.asked_text,
            line.region.code,
            line.region.name, *company, line.quantity, line.volume_factor,
            add_up([(line.quantity, line.volume_factor)]),
        )  # fmt: skip


def _totals(lines: Sequence[base.Detail]) -> Iterator[Sequence[Value]]:
    parts: dict[tuple[int, str, str], list[tuple[Decimal, Decimal]]] = {}
    for line in lines:
        key = (line.lot.number, line.lot.variety.name, line.region.name)
        parts.setdefault(key, []).append((line.quantity, line.volume_factor))
    for (number, variety, region), pairs in parts.items():
        yield number, variety, region, add_up(pairs)


def collections(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the collections that the list page shows."""
    state = asked.get("state", "")
    query = calls.filtered(actor, CallState(state) if state in set(CallState) else None, at)
    columns: dict[str, Any] = {
        _("Code"): lambda found: found.code, _("Collection"): lambda found: found.title,
        _("Year"): lambda found: found.year, _("Deadline"): lambda found: found.deadline,
        _("State"): lambda found: label(settled(found.state, found.deadline, at)),
    }  # fmt: skip
    return of_query(session, _("Demand reports"), query, columns)


export("procurement.demand", _l("Demand reports"), P.DEMAND_READ, collections)
