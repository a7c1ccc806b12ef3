"""Which old items go into which new ones, and what that brings, for the bureau."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kernel.calls import Call
from kernel.clock import today
from kernel.identity import record_id
from kernel.money import round_amount
from kernel.periods import read_day
from kernel.policy import nationwide
from kernel.web import render
from pricing.items.queries import mappings
from pricing.items.queries.mappings import Group


def index(call: Call) -> str:
    """List the pairs by old item, with the effect on a year's revenue at the prices of a day."""
    years, day = mappings.years(call.session), read_day(call.args.get("day", "")) or today(call.at)
    year = record_id(call.args.get("year", "")) or next(iter(years), today(call.at).year - 1)
    groups = mappings.effects_of(call.session, year=year, day=day, office=call.actor.region)
    known = [one for one in groups if one.effect.difference is not None]
    return render(
        "pricing/service_mappings.html", groups=groups, years=[(one, one) for one in years], year=year, day=day,
        before=_sum(known, "before"), after=_sum(known, "after"), open=len(groups) - len(known),
        nation=nationwide(call.actor.region),
    )  # fmt: skip


def _sum(groups: Sequence[Group], name: str) -> Decimal:
    return round_amount(sum((getattr(one.effect, name) for one in groups), Decimal(0)))
