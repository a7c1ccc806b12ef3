"""Invented purchases of earlier months, so that indices, spending and savings have a past to show."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product, Specification, Variety
from catalogue.drugs.rules.codes import Part, VarietyKind
from importers.demo.stage import SEED, Stage
from kernel.clock import today
from kernel.money import round_amount
from kernel.periods import month_of
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.monitoring import services
from pricing.monitoring.flow import Ground
from pricing.monitoring.services import Fact
from procurement.orders.monitored import queries
from procurement.orders.monitored import services as monitored
from procurement.rounds.models.rounds import Round

MONTHS, BEFORE, MOST, STENT = 18, 9, 30, Decimal("890.0000")
"""How far back, since when the round's prices are paid, how many products of a kind are bought, what a stent costs."""
_LISTED = literal(ListingKind.LISTED, Listing.kind.type).label("kind")
FEW = Decimal(50)
"""Yuan; of what costs more a hundredth is bought."""
PLACES = (("980100", "三级甲等"), ("980200", "三级乙等"), ("980300", "二级甲等"))


def build(stage: Stage) -> None:
    """Push what nobody ordered through the platform: months in which it has purchases of its own are left alone."""
    chance = random.Random(SEED + 81)  # noqa: S311 - invented quantities, the same at every build
    at, day = stage.now, today(stage.now)
    with stage.at(at) as session:
        session.flush()
        known = set(queries.bought(session))
        months = [one for back in range(MONTHS, 0, -1) if (one := month_of(day, -back)) not in known]
        won = {f"round/{one.id}": one.code for one in session.scalars(select(Round))}
        facts = [fact for row in _listed(session) for fact in _bought(row, months, won, day, chance)]
        services.push(session, facts, at=at)
        monitored.check(session, at=at)


def _listed(session: Session) -> list[Any]:
    """Return products with a price, so many of each kind; consumables have none listed, theirs is made up."""
    query = (
        select(Product.id, Listing.kind, Listing.price, Listing.origin)
        .join(Product, Product.id == Listing.product_id)
        .where(Listing.kind.in_((ListingKind.AGREEMENT, ListingKind.NEGOTIATED, ListingKind.LISTED)))
    )
    found = {(row.id, row.kind): row for row in session.execute(query.order_by(Listing.id))}
    some = [row for kind in ListingKind for row in [one for one in found.values() if one.kind is kind][:MOST]]
    made_up = literal(STENT, Listing.price.type).label("price")
    stents = (
        select(
            Product.id,
            literal(ListingKind.LISTED, Listing.kind.type).label("kind"),
            made_up,
            literal("").label("origin"),
        )
        .join(Specification, Specification.id == Product.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .where(Variety.kind == VarietyKind.CONSUMABLE, Specification.part == Part.PRODUCT)
    )
    return [*some, *session.execute(stents.order_by(Product.id).limit(6))]


def _bought(
    row: Any, months: list[date], won: dict[str, str], day: date, chance: random.Random
) -> Iterator[Fact]:  # fmt: skip
    """Buy a product in each month and city; a winner cost a multiple until its round, others drift a little."""
    winner, drift = row.kind is ListingKind.AGREEMENT, Decimal(100)
    for month in months:
        drift += Decimal(chance.randint(-10, 8)) / 10
        before = winner and month < month_of(day, -BEFORE)
        price = row.price * (3 if before else 1) * (1 if winner else drift / 100)
        source = str(Ground.LISTED if before else row.kind)
        if winner and not before:
            source = f"{Ground.ROUND}/{won[row.origin]}" if row.origin in won else str(Ground.AGREEMENT)
        for region, grade in PLACES:
            if chance.random() < 0.85:
                count = Decimal(chance.randint(20, 200) * 10) // (1 if row.price < FEW else 100)
                yield Fact(month, row.id, region, grade, source, count, round_amount(count * price))
