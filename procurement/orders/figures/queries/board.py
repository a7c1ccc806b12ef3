"""The figures of a period as a page shows them: together, by month, and by who stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.periods import months
from procurement.orders.figures.flow import FigureCode, Level
from procurement.orders.figures.queries import sums
from procurement.orders.figures.queries.sums import Asked, Reported
from procurement.orders.figures.rules import Figure, Offline, Waiting, figures, terms
from procurement.orders.figures.rules import period as read
from procurement.orders.rules import ZERO

ONLINE = (FigureCode.ONLINE_DRUGS, FigureCode.ONLINE_CONSUMABLES, FigureCode.ONLINE)
COLUMNS = (
    FigureCode.RESPONSE, FigureCode.RESPONSE_24H, FigureCode.TIMELINESS, FigureCode.COMPLETION, FigureCode.AMOUNT_FILL,
    FigureCode.SPECIFICATION_FILL, FigureCode.PAYMENT,
)  # fmt: skip
"""What the table of parties shows of each."""


@dataclass(frozen=True, slots=True)
class View:
    """The figures of the period and of the months up to its end, with the hospitals behind them."""

    figures: tuple[Figure, ...]
    months: tuple[tuple[date, tuple[Figure, ...]], ...]
    reported: Reported
    sums: Mapping[str, Decimal]
    without_short: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A hospital, a company or a deliverer with its figures."""

    id: int
    name: str
    sums: Mapping[str, Decimal]
    figures: Mapping[FigureCode, Figure]


def view(session: Session, actor: Actor, asked: Asked, at: datetime) -> View:
    """Return the figures of a period. Who only supplies knows nothing of purchases beside the platform."""
    held, drop = sums.totals(session, actor, asked), _without_short(asked)
    beside = sums.offline(session, actor, asked).values()
    offline = Offline(sum((one.drugs for one in beside), ZERO), sum((one.consumables for one in beside), ZERO))
    late = sums.waiting(session, actor, asked, at).get(None, Waiting())
    by_month = sums.by_month(session, actor, asked)
    shown = figures(held, late, offline, without_short=drop)
    if actor.supplies:
        shown = tuple(one for one in shown if one.code not in ONLINE)
    each = tuple(
        (month, figures(found, _waiting(session, actor, asked, at, month), Offline(), without_short=drop))
        for month, found in by_month.items()
    )
    return View(shown, each, sums.reported(session, actor, asked), held, drop)


def _waiting(session: Session, actor: Actor, asked: Asked, at: datetime, month: date) -> Waiting:
    """Return what waits of a month: orders older than two months wait for nothing."""
    if (at.date() - month).days > 75:
        return Waiting()
    alone = Asked(asked.text, read(f"{month:%Y-%m}"), asked.kind, asked.region)
    return sums.waiting(session, actor, alone, at).get(None, Waiting())


def _without_short(asked: Asked) -> bool:
    return bool(terms(asked.region, months(asked.span)[-1].year).value("exclude.producer-short"))


def parties(
    session: Session, actor: Actor, asked: Asked, at: datetime, by: Level, sort: str, most: int | None = None
) -> tuple[list[Row], int]:
    """Return the period's figures by party (at most so many), and how many parties there are.

    In the order asked for: a figure, the amount, or the name. Figures are worked out for all only to sort by one.
    """
    held, late = sums.by_party(session, actor, asked, by), sums.waiting(session, actor, asked, at, by)
    names, drop = sums.names(session, held), _without_short(asked)

    def row(key: int) -> Row:
        worked = figures(held[key], late.get(key, Waiting()), Offline(), without_short=drop)
        return Row(key, names.get(key, ""), held[key], {figure.code: figure for figure in worked})

    name, back = sort.lstrip("-"), sort.startswith("-")
    if name in set(FigureCode):
        rows = sorted(map(row, held), key=lambda one: _rank(one, FigureCode(name)), reverse=back)
        return rows[:most], len(rows)
    amounts = {key: one["amount"] if name == "amount" else ZERO for key, one in held.items()}
    keys = sorted(held, key=lambda key: (amounts[key], names.get(key, "")), reverse=back)
    return [row(key) for key in keys[:most]], len(keys)


def _rank(row: Row, code: FigureCode) -> tuple[bool, Decimal, str]:
    value = row.figures[code].value
    return value is None, value or ZERO, row.name
