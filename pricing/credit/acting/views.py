"""What suspends a product, on the product's own page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.panels import Panel
from kernel.parties import regions
from pricing.credit.acting import queries


def suspension_panel(session: Session, _actor: Actor, product: Product, at: datetime) -> Panel | None:
    """Draw what suspends a product today, as the public register has it; nothing where nothing does."""
    found = queries.suspensions(session, {product.id: product.company_id}, today(at)).get(product.id)
    if not found:
        return None
    names = {code: one.name for code, one in regions.by_code(session).items()}
    return Panel("pricing/suspension_panel.html", {"rows": found, "names": names})
