"""Prices of other regions in the demo: a workbook's worth of five provinces, some dear prices, one match to settle."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.rules.forms import chinese_name
from importers.demo.stage import SEED, Stage
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.money import round_price
from kernel.parties import regions
from pricing.governance.comparison.models import LinkageWarning
from pricing.governance.comparison.rules.matching import Written
from pricing.governance.comparison.rules.prices import Held
from pricing.governance.comparison.services import answering, building
from pricing.governance.comparison.services.bringing import Said, bring
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing

NEIGHBOURS = {"910000": "山河省", "920000": "云岭省", "930000": "海陵省", "940000": "平原省", "950000": "北原省"}
"""Invented provinces: no such codes are given."""


def build(stage: Stage) -> None:
    """Bring in five provinces' prices of 24 products, a later rise that began in one; a company answers a warning."""
    chance = random.Random(SEED + 46)  # noqa: S311 - of its own, so that other scenes stay as they are
    officer, at = stage.actor("bureau"), stage.day(-3)
    with stage.at(at) as session:
        places = {code: (name, None) for code, name in NEIGHBOURS.items()}
        regions.put(session, regions=places, actor=officer, at=at, facts={})
        said = list(_said(_dear(session), chance, stage))
        bring(session, said=said, import_id=None, actor=officer, at=at)
        building.run(session, day=clock.today(at), actor=SYSTEM, at=at)
    with stage.at(stage.day(-1)) as session:
        own = stage.cast.companies[1].id
        query = select(LinkageWarning).where(LinkageWarning.company_id != own).order_by(LinkageWarning.id).limit(1)
        for one in session.scalars(query):
            answering.answer(
                session, warning_id=one.id, text="该省为短期促销价，已函请更正，附挂网公告。",
                actor=stage.company(one.company_id), at=stage.day(-1),
            )  # fmt: skip


def _dear(session: Session) -> Sequence[Listing]:
    query = select(Listing).where(Listing.kind == ListingKind.LISTED, Listing.state == ListingState.ACTIVE)
    return session.scalars(query.order_by(Listing.id).limit(24)).all()


def _said(listings: Sequence[Listing], chance: random.Random, stage: Stage) -> Iterator[Said]:
    """Yield prices around our own; every fifth product is as dear elsewhere, one is written so that a person looks."""
    first, later = clock.today(stage.day(-200)), clock.today(stage.day(-60))
    for place, one in enumerate(listings):
        product = one.product
        text = product.specification.text if place else f"{product.specification.text}（大规格）"
        written = Written(
            "", product.specification.variety.generic_name.name, product.company.name,
            chinese_name(product.specification.form), text, product.pack,
        )  # fmt: skip
        for number, region in enumerate(NEIGHBOURS):
            share = chance.randint(100, 130) if place % 5 else chance.randint(82, 99)
            price = round_price(one.price * share / 100)
            held = Held(price, None, None, f"{NEIGHBOURS[region]}药品挂网价格公告")
            yield Said(written, region, ListingKind.LISTED, first, held)
            if place % 7 == 3:
                risen = Held(round_price(price * chance.randint(120, 240) / 100), None, None, held.document)
                yield Said(written, region, ListingKind.LISTED, later + timedelta(days=9 * number), risen)
