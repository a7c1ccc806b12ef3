"""What templates call besides macros: figures and times as pages show them, addresses of pages and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for

from kernel.clock import beijing, now
from kernel.downloads.links import export_links, may_export
from kernel.money import capitals, round_amount, round_price, working

ABSENT = "—"  # not applicable; a zero is written 0


def price(value: Decimal | None) -> str:
    """Show a unit price with 4 decimals: 0.4861."""
    return ABSENT if value is None else _signs(f"{round_price(value):,.4f}")


def amount(value: Decimal | str | None) -> str:
    """Show yuan with 2 decimals and groups: 18,420.00. Records keep them as text."""
    return ABSENT if value is None else _signs(f"{round_amount(Decimal(value)):,.2f}")


def percent(ratio: Decimal | None, places: int = 1) -> str:
    """Show a ratio as a share of a hundred without the sign, half-up: 0.17111 is 17.1."""
    return ABSENT if ratio is None else _signs(_fixed(ratio * 100, places))


def signed(value: Decimal | None, places: int = 1) -> str:
    """Show a change with its sign: +11.9, −85.7; a zero has none."""
    if value is None:
        return ABSENT
    text = _fixed(value, places)
    return _signs(f"+{text}" if Decimal(text.replace(",", "")) > 0 else text)


def _fixed(value: Decimal, places: int) -> str:
    with working():
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-places))
    return f"{abs(rounded) if rounded == 0 else rounded:,.{places}f}"


def _signs(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def minute(at: datetime | None) -> str:
    """Show an instant as Beijing has it, to the minute."""
    return ABSENT if at is None else f"{beijing(at):%Y-%m-%d %H:%M}"


def wall(at: datetime | str | None) -> str:
    """Write an instant as the value of a datetime-local field; what the user typed stays as it is."""
    if at is None or isinstance(at, str):
        return at or ""
    return f"{beijing(at):%Y-%m-%dT%H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a due moment is: `word` is late, minutes, hours, today, days or date; `tone` bad, warn or empty."""

    word: str
    count: int
    tone: str


def nearness(due: datetime, at: datetime | None = None) -> Nearness:
    """Say how near a due moment is: a date → 3 days left → today → 5 hours left → 4 days late."""
    at = at or now()
    days = (beijing(due).date() - beijing(at).date()).days
    if due <= at:
        return Nearness("late", -days, "bad")
    left = due - at
    if left < timedelta(hours=1):
        return Nearness("minutes", left // timedelta(minutes=1), "bad" if left < timedelta(minutes=15) else "warn")
    if left < timedelta(hours=6):
        return Nearness("hours", left // timedelta(hours=1), "warn")
    if days == 0:
        return Nearness("today", 0, "warn")
    return Nearness("days", days, "warn" if days == 1 else "") if days <= 3 else Nearness("date", days, "")


def link(endpoint: str, **values: Any) -> str:
    """Give the address of a page, or nothing where no package has it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def asset(name: str) -> str:
    """Give the address of a file under static/, with its age, so that browsers keep a file until it changes."""
    known = current_app.extensions.setdefault("jicai-assets", {})  # a page asks for dozens; they change with a restart
    key = request.script_root if request else "", name
    if key not in known:
        path = Path(str(current_app.static_folder), name)
        known[key] = url_for("static", filename=name, v=int(path.stat().st_mtime) if path.exists() else None)
    return str(known[key])


FILTERS = {function.__name__: function for function in (price, amount, percent, signed, minute, wall, capitals)}
GLOBALS = {function.__name__: function for function in (nearness, link, asset, may_export, export_links)}


def install(app: Flask) -> None:
    """Give the filters and functions to every template of the app."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(GLOBALS)
