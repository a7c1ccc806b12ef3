"""What procurement adds to the page of a product."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.panels import Panel
from procurement.agreements.products import queries


def rounds_panel(session: Session, actor: Actor, product: Product, _at: datetime) -> Panel:
    """Show the rounds a product won, at which price, and what its agreements come to."""
    return Panel("procurement/product_rounds.html", {"won": queries.won(session, product, actor)})
