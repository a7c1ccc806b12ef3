"""Prices beside the rounds in the demo: open listings that moved, shortage drugs, one suspended; letters, one fact."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from importers.demo import letters, ratings
from importers.demo.drugs import Drug
from importers.demo.stage import SEED, Stage
from kernel import clock
from kernel.money import round_price
from pricing.credit import services as credit
from pricing.credit.flow import Matter
from pricing.listings import services
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing

PROVINCE = "980000"
KINDS = (ListingKind.LISTED,) * 8 + (ListingKind.NEGOTIATED, ListingKind.SHORTAGE)


def build(stage: Stage) -> None:
    """List every product outside the rounds, cut some prices twice, suspend one; let companies sign."""
    chance = random.Random(SEED + 22)  # noqa: S311 - invented prices of its own, so that other scenes stay as they are
    officer = stage.actor("bureau")
    with stage.at(stage.day(-400)) as session:
        stands = list(_first(session, stage.drugs, chance, clock.today(stage.day(-400))))
        services.list_products(session, rows=stands, actor=officer, at=stage.day(-400))
    for days in (-210, -60):
        at = stage.day(days)
        told = [_cheaper(row, chance, clock.today(at)) for row in stands if chance.random() < 0.35]
        with stage.at(at) as session:
            services.list_products(session, rows=told, actor=officer, at=at)
        changed = {row.key: row for row in told}
        stands = [changed.get(row.key, row) for row in stands]
    at = stage.day(-12)
    with stage.at(at) as session:
        query = select(Listing).where(Listing.kind == ListingKind.SHORTAGE, Listing.state == ListingState.ACTIVE)
        one = session.scalars(query.order_by(Listing.id).limit(1)).one()
        services.suspend(session, listing_id=one.id, reason="抽检不合格，暂停采购", actor=officer, at=at)
    _letters(stage)
    ratings.build(stage)


def _first(session: Session, drugs: Sequence[Drug], chance: random.Random, day: date) -> Iterator[NewListing]:
    """Price every product of the drugs somewhat under its variety's cap."""
    caps = {one.id: drug.cap for drug in drugs for one in drug.specifications}
    query = select(Product.id, Product.specification_id).where(Product.specification_id.in_(caps)).order_by(Product.id)
    for product, specification in session.execute(query):
        price = round_price(caps[specification] * chance.randint(55, 99) / 100)
        yield NewListing(product, PROVINCE, chance.choice(KINDS), price, day, reason="企业申报挂网")


def _cheaper(row: NewListing, chance: random.Random, day: date) -> NewListing:
    cut = Decimal(chance.randint(82, 97)) / 100
    return replace(row, price=max(Decimal("0.0001"), round_price(row.price * cut)), starts=day, reason="企业主动降价")


def _letters(stage: Stage) -> None:
    """Let all but a few companies sign this year's letter, and report what one did."""
    at = stage.day(-8)
    for company in stage.cast.companies[1:-3]:
        letters.sign(stage, company.id, at)
    at = stage.day(-3)
    with stage.at(at) as session:
        credit.report_fact(
            session, company_id=stage.cast.companies[0].id, matter=Matter.BREACH, subject_kind="listing", subject_id=1,
            note="挂网产品连续两个月不响应订单，经约谈未改正", region_code=PROVINCE,
            happened_on=clock.today(stage.day(-5)), actor=stage.actor("bureau"), at=at,
        )  # fmt: skip
