"""Duplicate listings: which one stays, objections within the window, a second person merges."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from catalogue.drugs.services.products import ProductDraft, create_product
from kernel import clock
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError, Invalid, NotFound, UnsetParameter
from pricing.listings.duplicates import queries
from pricing.listings.duplicates.flow import MERGE_FLOW, Keep, MergeAction, MergeState
from pricing.listings.duplicates.models import ListingMerge
from pricing.listings.duplicates.rules import Twin, kept
from pricing.listings.duplicates.services import answer, drop, merge, object_, propose
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing
from pricing.listings.services import end, list_products
from tests.factories.people import user
from tests.pricing.scene import NOW, OTHER, PROVINCE, Scene, acting, populate

TODAY = date(2026, 11, 20)


@pytest.fixture
def scene(session: Session) -> Scene:
    """Company 1's 100 mg is listed under two approval numbers, at 1.20 and later at 1.10."""
    scene = populate(session)
    first = scene.products[0]
    given = ProductDraft(registered_name=first.registered_name, approval_number="国药准字H20149999", pack=first.pack)
    twin = create_product(
        session, company_id=first.company_id, specification_id=first.specification_id, draft=given, actor=SYSTEM, at=NOW
    )
    session.flush()
    for product, price, ago in ((first, "1.20", 90), (twin, "1.10", 30), (scene.products[1], "9", 9)):
        row = NewListing(product.id, PROVINCE, ListingKind.LISTED, Decimal(price), TODAY - timedelta(days=ago))
        list_products(session, rows=[row], actor=scene.officer, at=NOW)
    scene.users["second"] = user(session, scene.users["officer"].organisation, Role.PRICE_OFFICER)
    session.flush()
    return scene


def company(scene: Scene, who: str = "company") -> Actor:
    return acting(scene.users[who], Role.MANUFACTURER)


def second(scene: Scene) -> Actor:
    return acting(scene.users["second"], Role.PRICE_OFFICER)


def proposed(session: Session, scene: Scene) -> ListingMerge:
    with clock.travel(to=NOW):
        (made,) = propose(session, region_code=PROVINCE, actor=scene.officer, at=NOW)
    return made


def test_the_cheaper_listing_stays_and_the_window_closes_after_five_working_days(
    session: Session, scene: Scene
) -> None:
    made = proposed(session, scene)
    assert (made.keep.price, made.end.price, made.rule) == (Decimal("1.1"), Decimal("1.2"), Keep.LOWEST_PRICE)
    assert clock.beijing(made.due_at).replace(tzinfo=None).isoformat() == "2026-11-27T17:00:00"
    assert propose(session, region_code=PROVINCE, actor=scene.officer, at=NOW) == []
    with pytest.raises(UnsetParameter):
        propose(session, region_code=OTHER, actor=scene.officer, at=NOW)


def test_one_product_listed_in_several_kinds_is_no_duplicate(session: Session, scene: Scene) -> None:
    """The shortage price of the product that is kept stays, and so does that of the one that ends."""
    rows = [NewListing(product.id, PROVINCE, ListingKind.SHORTAGE, Decimal(5), TODAY) for product in scene.products[:2]]
    list_products(session, rows=rows, actor=scene.officer, at=NOW)
    made = proposed(session, scene)
    assert (made.keep.kind, made.end.kind) == (ListingKind.LISTED, ListingKind.LISTED)
    alone = scene.products[1].id
    assert alone not in (made.keep.product_id, made.end.product_id)


def test_what_an_award_set_stays_and_nothing_of_it_ends(session: Session, scene: Scene) -> None:
    row = NewListing(scene.products[0].id, PROVINCE, ListingKind.AGREEMENT, Decimal("1.30"), TODAY - timedelta(days=5))
    list_products(session, rows=[row], actor=scene.officer, at=NOW)
    made = proposed(session, scene)
    assert (made.keep.kind, made.end.price, made.rule) == (ListingKind.AGREEMENT, Decimal("1.1"), Keep.WINNER)


def test_only_a_second_person_merges_and_not_before_the_window_is_over(session: Session, scene: Scene) -> None:
    made = proposed(session, scene)
    told = {"merge_id": made.id}
    with clock.travel(to=made.due_at - timedelta(seconds=1)), pytest.raises(Conflict, match="merge-window-open"):
        merge(session, actor=second(scene), at=NOW, **told)
    session.expire_all()
    with clock.travel(to=made.due_at):
        with pytest.raises(DomainError, match="same-person"):
            merge(session, actor=scene.officer, at=made.due_at, **told)
        session.expire_all()
        merge(session, actor=second(scene), at=made.due_at, **told)
    assert (made.state, session.get_one(Listing, made.end_id).state) == (MergeState.MERGED, ListingState.ENDED)
    assert session.get_one(Listing, made.keep_id).state is ListingState.ACTIVE


def test_an_objection_comes_in_time_from_the_company_and_is_answered_first(session: Session, scene: Scene) -> None:
    made = proposed(session, scene)
    told = {"merge_id": made.id, "text": "两个批准文号工艺不同"}
    for who in (company(scene, "other"), scene.officer):
        with pytest.raises(NotFound):
            object_(session, actor=who, at=NOW, **told)
    with clock.travel(to=made.due_at), pytest.raises(Conflict, match="merge-window-over"):
        object_(session, actor=company(scene), at=made.due_at, **told)
    session.expire_all()
    with clock.travel(to=NOW):
        with pytest.raises(Invalid):
            object_(session, merge_id=made.id, text=" ", actor=company(scene), at=NOW)
        session.expire_all()
        object_(session, actor=company(scene), at=NOW, **told)
    with clock.travel(to=made.due_at):
        with pytest.raises(Conflict, match="wrong-state"):
            merge(session, merge_id=made.id, actor=second(scene), at=made.due_at)
        session.expire_all()
        answer(session, merge_id=made.id, text="规格包装一致，按规则合并", actor=scene.officer, at=made.due_at)
        merge(session, merge_id=made.id, actor=second(scene), at=made.due_at)
    assert made.state is MergeState.MERGED


def test_a_merge_is_given_up_where_it_makes_no_sense_any_more(session: Session, scene: Scene) -> None:
    made = proposed(session, scene)
    end(session, listing_id=made.keep_id, day=TODAY, reason="停产", actor=scene.officer, at=NOW)
    session.flush()
    with clock.travel(to=made.due_at), pytest.raises(Conflict, match="merge-gone"):
        merge(session, merge_id=made.id, actor=second(scene), at=made.due_at)
    session.expire_all()
    drop(session, merge_id=made.id, text="保留的挂网已终止", actor=scene.officer, at=NOW)
    assert (made.state, queries.open_count(session, scene.officer)) == (MergeState.DROPPED, 0)
    with pytest.raises(NotFound):
        queries.one(session, made.id, company(scene, "other"))


def test_the_keys_are_tried_in_order_and_every_state_says_what_it_allows() -> None:
    one, two = Twin(1, True, Decimal(2), TODAY), Twin(2, False, Decimal(1), TODAY - timedelta(days=1))
    for order, stays, why in (
        ([Keep.WINNER, Keep.LOWEST_PRICE], 1, Keep.WINNER), ([Keep.LOWEST_PRICE, Keep.WINNER], 2, Keep.LOWEST_PRICE),
        ([Keep.EARLIEST], 2, Keep.EARLIEST), ([], 1, Keep.EARLIEST),
    ):  # fmt: skip
        best, decided = kept([one, two], order)
        assert (best.id, set(decided.values())) == (stays, {why})
    allowed = {state for state in MergeState if MERGE_FLOW.allows(state, MergeAction.MERGE)}
    assert allowed == {MergeState.PUBLICISED, MergeState.ANSWERED}
