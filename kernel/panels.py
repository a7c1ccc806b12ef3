"""Panels on pages of another package: a product's rounds, listings and stocks come from packages to the left of it.

The page asks `panels` for what was registered for it and includes base/panels.html; the left package calls `panel`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import Permission


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel as drawn: its template is included with `facts` under the name `panel`, and draws one `page.panel`."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Make = Callable[[Session, Actor, Any, datetime], Panel | None]
_registered: dict[str, list[tuple[int, Permission, Make]]] = {}


def panel(page: str, order: int, permission: Permission, make: Make) -> None:
    """Add a panel to a page, for those who have the permission; `make(session, actor, subject, at)` may answer None.

    Pages: catalogue.drug (CodedDrug), catalogue.product (Product), catalogue.consumable (Consumable),
    pricing.credit_case (CreditCase), pricing.credit_rating (CreditRating). Orders: 5 what bars it, 10 what it is, 20
    payment, 30 who else makes it, 40 where it is kept, 50 rounds and agreements, 60 listings, 70 prices.
    """
    _registered.setdefault(page, []).append((order, permission, make))


def panels(session: Session, page: str, subject: Any, *, actor: Actor, at: datetime) -> list[Panel]:
    """Return a page's panels in their order."""
    known = sorted(_registered.get(page, []), key=lambda row: row[0])
    made = [make(session, actor, subject, at) for _order, permission, make in known if actor.may(permission)]
    return [each for each in made if each is not None]
