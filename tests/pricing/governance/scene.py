"""A labelled price, the people about it, and the steps that tests of cases begin with."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.notices.models import Notice
from pricing.governance.cases.flow import CaseAction, CaseReason, InterviewMode
from pricing.governance.cases.models import PriceCase
from pricing.governance.cases.services import answering, handling, harming
from pricing.governance.cases.services.opening import open_case
from pricing.governance.labelling.services.running import run
from pricing.governance.sets.services import BOOK, place
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.factories.people import user
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE, Scene, acting, populate

TODAY = date(2026, 11, 20)
A, M = CaseAction, InterviewMode
DAY = timedelta(days=1)
ROWS = ((0, PROVINCE, "4.00"), (1, PROVINCE, "1.00"), (1, CITY, "1.01"), (1, OTHER, "1.02"), (0, OTHER, "1.00"))


def labelled(session: Session, at: datetime, rows: tuple[tuple[int, str, str], ...] = ROWS) -> Scene:
    """Company 1's price in the province is four times the others' and labelled; two officers and an overseer."""
    scene = populate(session)
    for who, role in (("second", Role.PRICE_OFFICER), ("overseer", Role.SUPERVISOR)):
        scene.users[who] = user(session, scene.users["officer"].organisation, role)
    BOOK.take_over(session, actor=SYSTEM, at=at)
    session.flush()
    place(session, region_code=PROVINCE, code="anhui", reason="试行", actor=scene.officer, at=at)
    listed = [
        NewListing(scene.products[which].id, region, ListingKind.LISTED, Decimal(price), today(at) - 9 * DAY)
        for which, region, price in rows
    ]
    list_products(session, rows=listed, actor=scene.officer, at=at)
    run(session, day=today(at), actor=SYSTEM, at=at)
    return scene


def company(scene: Scene, who: str = "company") -> Actor:
    return acting(scene.users[who], Role.MANUFACTURER)


def second(scene: Scene) -> Actor:
    return acting(scene.users["second"], Role.PRICE_OFFICER)


def listing(session: Session, scene: Scene, which: int = 0, region: str = PROVINCE) -> Listing:
    query = select(Listing).where(Listing.product_id == scene.products[which].id, Listing.region_code == region)
    return session.scalars(query.where(Listing.state != ListingState.ENDED)).one()


def drafted(session: Session, scene: Scene, **more: Any) -> PriceCase:
    given = {"listing_ids": [listing(session, scene).id], "reason": CaseReason.HIGH, "text": "挂网价明显偏高",
             "actor": scene.officer, "at": NOW} | more  # fmt: skip
    return open_case(session, **given)


def move(session: Session, scene: Scene, found: PriceCase, action: A, **more: Any) -> PriceCase:
    session.flush()
    given = {"text": "见卷", "actor": scene.officer, "at": NOW} | more
    return handling.move(session, case_id=found.id, action=action, **given)


def call(session: Session, scene: Scene, found: PriceCase, mode: M = M.AFTER, **more: Any) -> PriceCase:
    session.flush()
    given = {
        "interview_at": NOW + DAY,
        "place": "省医保局",
        "text": "说明价格",
        "actor": scene.officer,
        "at": NOW,
    } | more
    return handling.call(session, case_id=found.id, mode=mode, **given)


def held(session: Session, scene: Scene, found: PriceCase, **more: Any) -> PriceCase:
    given = {"held_at": NOW + DAY, "present": "双方", "text": "企业同意降价", "commit_by": TODAY + 5 * DAY,
             "actor": scene.officer, "at": NOW + 2 * DAY} | more  # fmt: skip
    return handling.hold(session, case_id=found.id, **given)


def minuted(session: Session, scene: Scene) -> PriceCase:
    found = drafted(session, scene)
    call(session, scene, found, M.REPLACES)
    held(session, scene, found)
    handling.sign(session, case_id=found.id, actor=scene.officer, at=NOW + 2 * DAY)
    return answering.sign(session, case_id=found.id, actor=company(scene), at=NOW + 2 * DAY)


def committed(session: Session, scene: Scene, price: str = "1.00") -> PriceCase:
    found = minuted(session, scene)
    written = {found.lines[0].id: Decimal(price)}
    return answering.commit_to(
        session, case_id=found.id, written=written, keep_by=TODAY + 9 * DAY, text="", actor=company(scene),
        at=NOW + 2 * DAY,
    )  # fmt: skip


def failed(session: Session, scene: Scene) -> PriceCase:
    return move(session, scene, committed(session, scene), A.FAIL, at=NOW + 20 * DAY)


def harm(session: Session, scene: Scene, found: PriceCase, at: Any = NOW + 21 * DAY) -> PriceCase:
    harming.propose(session, case_id=found.id, text="拒不履行承诺", actor=scene.officer, at=at)
    return harming.confirm(session, case_id=found.id, actor=second(scene), at=at)


def told(session: Session, who: int) -> list[str]:
    """Return what somebody was told."""
    return list(session.scalars(select(Notice.code).where(Notice.user_id == who).order_by(Notice.id)))
