"""What the demo's first hospital bought outside the rounds: the same listed products, before and after price cuts."""

from __future__ import annotations

import random
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from importers.demo.purchases import SECOND, deliver
from importers.demo.stage import SEED, Stage
from kernel.clock import today
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from procurement.orders.flow import OrderKind
from procurement.orders.services import plans
from procurement.orders.services.plans import Wanted
from procurement.orders.services.sources import sources

EARLIER, MOST = (-120, -110), 24
"""Days on which other hospitals buy, too: the invented past of monitoring stands in the months without purchases."""


def build(stage: Stage) -> None:
    """Let it order the same products each time, and take what arrives."""
    chance = random.Random(SEED + 97)  # noqa: S311 - invented quantities, the same at every build
    last = today(stage.now).replace(day=1) - today(stage.now)
    for day in (*EARLIER, last.days - 20):
        deliver(stage, _place(stage, day, chance), day + 1)


def _place(stage: Stage, day: int, chance: random.Random) -> list[int]:
    at, actor = stage.day(day, 9), stage.hospital(0)
    with stage.at(at) as session:
        packs = _bought(session, stage, day)
        lines = [Wanted(product, Decimal(pack * chance.randint(8, 60))) for product, pack in packs]
        plan = plans.create(session, kind=OrderKind.LISTED, title="挂网药品采购", department="药库", actor=actor, at=at)
        plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=actor, at=at)
        plans.submit(session, plan_id=plan.id, version=plan.version, actor=actor, at=at)
        return [one.id for one in plans.approve(session, plan_id=plan.id, actor=stage.actor(SECOND), at=at)]


def _bought(session: Session, stage: Stage, day: int) -> list[tuple[int, int]]:
    """Return product and pack of what is listed and may be bought on that day, the first few."""
    hospital = stage.cast.hospitals[0]
    listed = select(Listing.product_id).where(Listing.kind == ListingKind.LISTED)
    query = select(Product).where(Product.id.in_(listed)).order_by(Product.id).limit(MOST)
    products = {one.id: one for one in session.scalars(query)}
    found, _missing = sources(
        session, kind=OrderKind.LISTED, hospital_id=hospital.id, region_code=hospital.region_code or "",
        products=products, day=today(stage.day(day)),
    )  # fmt: skip
    return [(key, products[key].pack) for key in sorted(found)]
