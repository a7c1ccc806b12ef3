"""How many of the order lines arrived, beside the spending that they make up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.panels import Panel
from kernel.periods import Period, month_of
from pricing.monitoring.queries.asked import Asked
from procurement.orders.monitored import queries


def lines_panel(session: Session, actor: Actor, asked: Asked, _at: datetime) -> Panel:
    """Show of each month the order lines that were placed, and which share of them stands in the spending."""
    span = Period(asked.start, month_of(asked.last, 1))
    region = asked.region if actor.runs_platform else ""
    held = queries.placed(session, actor, span, region)
    rows = [(month, held.get(month)) for month in reversed(asked.months)]
    narrowed = bool(asked.goods or asked.class_code or asked.grade or asked.source or asked.region != region)
    return Panel("procurement/monitored_lines.html", {"rows": rows, "narrowed": narrowed, "any": bool(held)})
