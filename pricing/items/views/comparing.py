"""Pages that put prices beside each other, and what each day changed: for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.calls import Call
from kernel.clock import today
from kernel.errors import NotFound
from kernel.i18n import label
from kernel.money import round_ratio
from kernel.periods import read_day
from kernel.web import page_number, paginate, render
from pricing.items.flow import PriceGrade
from pricing.items.queries import comparing, lists
from pricing.items.views.lists import home

MOST_REGIONS, YEARS = 6, 6


def compare(call: Call) -> str:
    """Put the prices of regions beside each other, or of one region through the years."""
    regions, day = lists.regions(call.session), today(call.at)
    wanted = lists.asked(call.args, today=day, region=home(call, regions))
    wanted = replace(wanted, grade=wanted.grade or PriceGrade.THIRD)
    page = paginate(call.session, lists.versions(wanted), number=page_number())
    by_years = call.args.get("by") == "years"
    chosen = [one for one in regions if one[0] in call.args.getlist("beside")][:MOST_REGIONS] or regions[:MOST_REGIONS]
    columns = [(one.isoformat(), str(one.year)) for one in _days(wanted.day)] if by_years else list(chosen)
    table = _table(call, wanted, [one.item_id for one in page.rows], columns, by_years)
    return render(
        "pricing/service_comparison.html", list=page, asked=wanted, regions=regions, chosen=[one[0] for one in chosen],
        columns=columns, table_of=table, spread={item: spread(list(row.values())) for item, row in table.items()},
        by_years=by_years, categories=lists.categories(call.session, wanted.day),
        grades=[(one.value, label(one)) for one in PriceGrade],
    )  # fmt: skip


def _days(day: date) -> list[date]:
    """Return the same day of the last years, the day itself last."""
    return [date(year, 12, 31) for year in range(day.year - YEARS + 1, day.year)] + [day]


def _table(
    call: Call, wanted: lists.Asked, ids: Sequence[int], columns: Sequence[tuple[str, str]], by_years: bool
) -> comparing.Table:
    assert wanted.grade is not None
    if by_years:
        days = _days(wanted.day)
        return comparing.of_days(call.session, ids, wanted.region, wanted.grade, days)
    return comparing.of_regions(call.session, ids, [code for code, _name in columns], wanted.grade, wanted.day)


def spread(found: Sequence[Decimal]) -> Decimal | None:
    """Return how many times the lowest the highest price is; None below two prices or where one is nought."""
    return round_ratio(max(found) / min(found)) if len(found) > 1 and min(found) else None


def announcements(call: Call) -> str:
    """List the days on which prices began."""
    regions = lists.regions(call.session)
    region = call.args.get("region", "")
    found = comparing.announcements(call.session, region=region)
    return render("pricing/service_announcements.html", found=found, regions=regions, today=today(call.at))


def announcement(call: Call, day: str, region: str) -> str:
    """Show what began in a region on a day, with the prices before."""
    read = read_day(day)
    place: Any = dict(lists.regions(call.session)).get(region)
    if read is None or place is None:
        raise NotFound(day=day, region=region)
    page = comparing.began(call.session, day=read, region=region, number=page_number())
    return render("pricing/service_announcement.html", list=page, day=read, place=place, today=today(call.at))
