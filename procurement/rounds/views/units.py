"""Bidding units of a round: companies by intended volume, the line they cover, and who stands in which unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kernel.calls import Call
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.money import working
from kernel.web import render
from procurement.rounds.labels.facts import named
from procurement.rounds.queries import facts, rounds, rulesets
from procurement.rounds.queries.table import BidTable, bid_table
from procurement.rounds.rules.columns import Item
from procurement.rounds.rules.eligibility import with_systems
from procurement.rounds.rules.ruleset import RuleSet
from procurement.rounds.rules.units import Placed, explained
from procurement.rounds.views import shown

STEP = Decimal("0.1")


def show(call: Call, round_id: int) -> str:
    """Show every lot's units with their working: to the agency once bids are open, to all once announced."""
    round_ = rounds.one(call.session, round_id, call.actor)
    rule_set = rulesets.in_force(round_)
    seen = rounds.shows_results(round_, call.actor) or (rounds.is_inside(call.actor) and round_.opened_at is not None)
    if not seen or "units.share" not in rule_set.parameters:
        raise NotFound(round=round_id)
    table, get = bid_table(call.session, round_), rule_set.parameters.value
    known = facts.provided(call.session, round_)
    units = [_unit(table, name, rule_set, known) for name in sorted(table.lots)]
    return render(
        "procurement/round_units.html", units=[one for one in units if one["placed"]], share=get("units.share"),
        minimum=get("units.minimum"), crossing=get("units.crossing_counts", True),
        commitments=[named(name) for name in get("units.commitments", [])], intent=get("intent.share"),
        **shown.frame(call, round_, "units"),
    )  # fmt: skip


def _unit(table: BidTable, name: str, rule_set: RuleSet, known: dict[int, frozenset[str]]) -> dict[str, Any]:
    lot = table.lots[name]
    own = [row for row in table.rows if row.variety == name]
    rows = with_systems(own) if rule_set.parameters.value("bidder.sum_components") else own
    found = explained(rows, rule_set) if rows else []
    from_reports = Item.INTENDED_VOLUME in known.get(lot.id, ())
    declared = {row.company for row in rows if row.declared}
    share = rule_set.parameters.value("units.share")
    return {
        "lot": lot, "placed": found, "declared": declared, "from_reports": from_reports,
        "plot": _plot(found, share) if found else None, "top": sum(one.unit == "A" for one in found),
    }  # fmt: skip


def _plot(found: list[Placed], share: Any) -> dict[str, Any]:
    """Return the cumulative curve with the line, in percent."""
    with working():
        points = [str((one.cumulative * 100).quantize(STEP)) for one in found]
        line = str((share * 100).normalize())
    return {
        "tooltip": {"renderMode": "richText", "trigger": "axis"}, "animation": False,
        "grid": {"left": 48, "right": 64, "top": 24, "bottom": 64},
        "xAxis": {"type": "category", "data": [one.company for one in found],
                  "axisLabel": {"interval": 0, "rotate": 30}},
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value} %"}},
        "series": [
            {"type": "line", "name": str(_("Cumulative share")), "data": points, "symbolSize": 8,
             "itemStyle": {"color": "--primary"}, "lineStyle": {"color": "--primary"},
             "markLine": {"symbol": "none", "silent": True, "data": [{"yAxis": line}],
                          "lineStyle": {"color": "--bad", "type": "dashed"}, "label": {"formatter": f"{line} %"}}},
        ],
    }  # fmt: skip
