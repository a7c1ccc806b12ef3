"""Price governance in the demo: label rules, dear prices with their labels, applications on their way, cases."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from catalogue.drugs.services.products import ProductDraft, create_product
from importers.demo import cases, gaps
from importers.demo.stage import SEED, Stage
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.money import round_price
from pricing.applications.flow import ApplicationAction, Back, Purpose
from pricing.applications.models import ListingApplication
from pricing.applications.rules import Draft
from pricing.applications.services import filing, reviewing
from pricing.governance.labelling.services import evaluating, running
from pricing.governance.sets import services as sets
from pricing.listings.duplicates import services as merging
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products

PROVINCE, CODE, OLDER = "980000", "XJ01CAA040A001010100001", "国药准字H20129001"


def build(stage: Stage) -> None:
    """Label the province by Henan's rules; some rivals of winners are dear; companies ask for new prices."""
    chance = random.Random(SEED + 43)  # noqa: S311 - of its own, so that other scenes stay as they are
    officer, at = stage.actor("bureau"), stage.day(-4)
    with stage.at(at) as session:
        sets.BOOK.take_over(session, actor=SYSTEM, at=at)
        session.flush()
        sets.place(session, region_code=PROVINCE, code="henan-2026", reason="试行", actor=officer, at=at)
        rivals = _rivals(session)
        said = {product.id: (place % 4 > 0, "国家药监局公告") for place, product in enumerate(rivals)}
        evaluating.say(session, said=said, actor=officer, at=at)
        list_products(session, rows=list(_dear(session, rivals, chance, stage)), actor=officer, at=at)
        running.run(session, day=clock.today(at), actor=SYSTEM, at=at)
    _applications(stage)
    with stage.at(stage.now) as session:
        running.run(session, day=clock.today(stage.now), actor=SYSTEM, at=stage.now)
    gaps.build(stage)
    cases.build(stage)
    _twins(stage)


def _twins(stage: Stage) -> None:
    """List a product of the demo's company again, under an older approval number; the bureau proposes to merge."""
    at, officer = stage.day(-1), stage.actor("bureau")
    with stage.at(at) as session:
        query = select(Listing).join(Product).where(
            Listing.kind == ListingKind.LISTED, Listing.state == ListingState.ACTIVE, Listing.region_code == PROVINCE,
            Product.company_id == stage.cast.companies[0].id,
        )  # fmt: skip
        first = session.scalars(query.order_by(Listing.id).limit(1)).one()
        name, pack = first.product.registered_name, first.product.pack
        twin = create_product(
            session, company_id=first.product.company_id, specification_id=first.product.specification_id,
            draft=ProductDraft(registered_name=name, approval_number=OLDER, pack=pack), actor=SYSTEM, at=at,
        )  # fmt: skip
        session.flush()
        price = round_price(first.price * Decimal("1.05"))
        row = NewListing(twin.id, PROVINCE, ListingKind.LISTED, price, clock.today(at), reason="同品种重复建档")
        list_products(session, rows=[row], actor=officer, at=at)
        merging.propose(session, region_code=PROVINCE, actor=officer, at=at)


def _rivals(session: Session) -> Sequence[Product]:
    """Return products of varieties that have winners, and did not win."""
    won = select(Listing.product_id).where(Listing.kind == ListingKind.AGREEMENT)
    specifications = select(Product.specification_id).where(Product.id.in_(won))
    query = select(Product).where(Product.specification_id.in_(specifications), Product.id.not_in(won))
    return session.scalars(query.order_by(Product.id).limit(24)).all()


def _dear(session: Session, rivals: Sequence[Product], chance: random.Random, stage: Stage) -> Sequence[NewListing]:
    """List rivals at up to four times the highest price their specification was won with."""
    day, found = clock.today(stage.day(-4)), []
    won = {
        product.specification_id: price
        for product, price in session.execute(
            select(Product, Listing.price).join(Listing, Listing.product_id == Product.id)
            .where(Listing.kind == ListingKind.AGREEMENT).order_by(Listing.price)
        )
    }  # fmt: skip
    for product in rivals:
        price = round_price(won[product.specification_id] * chance.randint(90, 400) / 100)
        found.append(NewListing(product.id, PROVINCE, ListingKind.LISTED, price, day, reason="企业申报挂网"))
    return found


def _applications(stage: Stage) -> None:
    """Let companies ask for lower and higher prices and for a delisting; a reviewer checks one and returns one."""
    at, officer = stage.day(-2), stage.actor("bureau")
    with stage.at(at) as session:
        query = (
            select(Listing).join(Product).where(
                Listing.kind == ListingKind.LISTED, Listing.state == ListingState.ACTIVE,
                Product.company_id.in_([one.id for one in stage.cast.companies[1:-3]]),
            )
            .order_by(Listing.id.desc()).limit(6)
        )  # fmt: skip
        made = [_applied(session, stage, one, place) for place, one in enumerate(session.scalars(query).all())]
        session.flush()
        for one, action in zip(made, (ApplicationAction.CHECK, ApplicationAction.RETURN), strict=False):
            reviewing.review(
                session, application_id=one.id, action=action, version=one.version, text="已核对申报材料，见附件",
                back=Back.DOCUMENTS if action is ApplicationAction.RETURN else None, actor=officer, at=at,
            )  # fmt: skip


def _applied(session: Session, stage: Stage, listing: Listing, place: int) -> ListingApplication:
    share = (80, 95, 130, 90, 70, 0)[place]
    draft = Draft(
        listing.product_id, listing.region_code, listing.kind, Purpose.PRICE,
        round_price(listing.price * share / Decimal(100)), clock.today(stage.now) + timedelta(days=9), "原料价格变动",
        code=CODE, certificate_until=clock.today(stage.day(900)), passed=True,
    )  # fmt: skip
    if not share:
        draft = replace(draft, purpose=Purpose.DELIST, price=None, reason="停产", passed=None)
    company = stage.company(listing.product.company_id)
    return filing.submit(session, draft=draft, actor=company, at=stage.day(-2))
