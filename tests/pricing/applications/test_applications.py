"""Applications: what is checked by itself, two persons, batches, versions that meet, bars after delisting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from pricing.applications.flow import (
    REVIEWING,
    ApplicationAction,
    ApplicationState,
    Back,
    Check,
    Purpose,
)
from pricing.applications.models import ApplicationLook, ListingApplication
from pricing.applications.queries import applications as queries
from pricing.applications.rules import Draft
from pricing.applications.services import filing
from pricing.applications.services.reviewing import Batch, Stale, review, review_many
from pricing.credit.models import CommitmentLetter
from pricing.credit.ratings.flow import MeasureKind
from pricing.governance.labelling.models import PriceLabel, ProductEvaluation
from pricing.governance.labelling.services.running import run
from pricing.governance.rules import Label
from pricing.governance.sets.services import BOOK, place
from pricing.listings.flow import ListingKind, ListingState
from pricing.listings.models import Listing
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.factories.credit import measure
from tests.factories.people import user
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE, Scene, acting, populate

TODAY, CODE = date(2026, 11, 20), "XJ01CAA040A001010100001"
A, S = ApplicationAction, ApplicationState
LISTED = ListingKind.LISTED


def draft(scene: Scene, place_: int = 0, price: str | None = "1.20", **more: Any) -> Draft:
    given = {"region_code": PROVINCE, "kind": LISTED, "purpose": Purpose.LIST, "starts": TODAY, "reason": "新品挂网",
             "code": CODE} | more  # fmt: skip
    return Draft(scene.products[place_].id, price=Decimal(price) if price else None, **given)


@pytest.fixture
def scene(session: Session) -> Scene:
    scene = populate(session)
    for company, who in zip(scene.companies, ("company", "other"), strict=True):
        session.add(CommitmentLetter(
            company_id=company.id, year=2026, signed_by_id=scene.users[who].id, signed_at=NOW, digest="x"
        ))  # fmt: skip
    second = user(session, scene.users["officer"].organisation, Role.PRICE_OFFICER)
    scene.users["second"] = second
    session.flush()
    return scene


def maker(scene: Scene, who: str = "company") -> Actor:
    return acting(scene.users[who], Role.MANUFACTURER)


def second(scene: Scene) -> Actor:
    return acting(scene.users["second"], Role.PRICE_OFFICER)


def submitted(session: Session, scene: Scene, *args: Any, who: str = "company", **more: Any) -> ListingApplication:
    found = filing.submit(session, draft=draft(scene, *args, **more), actor=maker(scene, who), at=NOW)
    session.flush()
    return found


def act(session: Session, one: ListingApplication, action: A, actor: Actor, **more: Any) -> ListingApplication:
    session.flush()
    found = review(
        session, application_id=one.id, action=action, version=one.version, actor=actor, at=NOW, **more
    )  # fmt: skip
    session.flush()
    return found


def listed(session: Session, scene: Scene, place_: int, price: str, region: str = PROVINCE) -> None:
    row = NewListing(scene.products[place_].id, region, LISTED, Decimal(price), TODAY - timedelta(days=400))
    list_products(session, rows=[row], actor=scene.officer, at=NOW)
    session.flush()


def results(one: ListingApplication) -> dict[str, bool | None]:
    return {step["code"]: step.get("passed") for step in one.checks}


def test_two_persons_list_what_a_company_applies_for(session: Session, scene: Scene) -> None:
    one = submitted(session, scene, passed=True)
    assert (one.state, one.failed, one.before) == (S.SUBMITTED, 0, None)
    act(session, one, A.CHECK, scene.officer)
    act(session, one, A.APPROVE, second(scene))
    listing = session.get_one(Listing, one.listing_id)
    assert (one.state, listing.price, listing.state, listing.origin) == (
        S.APPROVED, Decimal("1.2"), ListingState.ACTIVE, "application"
    )  # fmt: skip
    assert session.get_one(ProductEvaluation, scene.products[0].id).passed
    assert [look.action for look in session.scalars(select(ApplicationLook))] == [A.CHECK, A.APPROVE]


@pytest.mark.parametrize("action", REVIEWING)
def test_no_reviewing_action_is_done_by_whoever_applied(session: Session, scene: Scene, action: A) -> None:
    one = submitted(session, scene)
    if action is A.APPROVE:
        act(session, one, A.CHECK, scene.officer)
    more: dict[str, Any] = {"back": Back.ELSE} if action is A.RETURN else {}
    with pytest.raises(Forbidden):
        act(session, one, action, maker(scene), text="自审", **more)
    session.expire_all()
    theirs = replace(second(scene), user_id=scene.users["company"].id)  # the same person at another desk
    with pytest.raises(DomainError, match="same-person"):
        act(session, one, action, theirs, text="自审", **more)
    session.expire_all()
    with pytest.raises(DomainError, match="same-person"):
        act(session, one, action, SYSTEM, text="自动", **more)


def test_whoever_checked_does_not_approve_alone_or_in_a_batch(session: Session, scene: Scene) -> None:
    one = submitted(session, scene)
    act(session, one, A.CHECK, scene.officer)
    with pytest.raises(DomainError, match="same-person"):
        act(session, one, A.APPROVE, scene.officer)
    session.expire_all()
    told = {"application_ids": [one.id], "action": A.APPROVE, "at": NOW}
    assert review_many(session, actor=scene.officer, **told) == Batch(0, ((one.id, "same-person"),))
    assert review_many(session, actor=second(scene), **told) == Batch(1, ())
    assert review_many(session, actor=second(scene), **told) == Batch(0, ((one.id, "wrong-state"),))


def test_a_batch_leaves_what_fails_a_check(session: Session, scene: Scene) -> None:
    good, bad = submitted(session, scene, 0), submitted(session, scene, 2, code="no code")
    assert (bad.failed, results(bad)[Check.CODE]) == (1, False)
    ids = [good.id, bad.id]
    done = review_many(session, application_ids=ids, action=A.CHECK, actor=scene.officer, at=NOW)
    assert done == Batch(1, ((bad.id, "application-fails"),))
    with pytest.raises(Invalid):
        act(session, bad, A.CHECK, scene.officer)
    session.expire_all()
    act(session, bad, A.CHECK, scene.officer, text="编码在途，国家医保局已受理")
    for ids, action in (([], A.CHECK), ([good.id], A.RETURN), (list(range(1, 300)), A.CHECK)):
        with pytest.raises(DomainError, match="application-batch"):
            review_many(session, application_ids=ids, action=action, actor=scene.officer, at=NOW)
    with pytest.raises(NotFound):
        review_many(session, application_ids=[good.id, 999], action=A.CHECK, actor=scene.officer, at=NOW)


def test_the_second_of_two_reviewers_sees_both_versions_and_nothing_is_lost(session: Session, scene: Scene) -> None:
    one = submitted(session, scene)
    opened = one.version
    act(session, one, A.NOTE, scene.officer, text="请核对包装")
    more = {"application_id": one.id, "version": opened, "actor": second(scene), "at": NOW}
    for action in REVIEWING:
        with pytest.raises(Stale, match="application-changed"):
            review(session, action=action, text="另一意见", back=Back.ELSE, **more)
    session.expire_all()
    act(session, one, A.NOTE, second(scene), text="另一意见")
    looks = session.scalars(select(ApplicationLook).order_by(ApplicationLook.id)).all()
    assert [look.text for look in looks] == ["请核对包装", "另一意见"]
    act(session, one, A.NOTE, second(scene), text="另一意见")  # the same words again are a version, too
    assert one.version > opened + 2


def test_a_returned_application_is_mended_and_comes_back_to_two_persons(session: Session, scene: Scene) -> None:
    one = submitted(session, scene)
    act(session, one, A.CHECK, scene.officer)
    for wrong in ({}, {"back": Back.ELSE}):
        with pytest.raises(Invalid):
            act(session, one, A.RETURN, second(scene), **wrong)
        session.expire_all()
    act(session, one, A.RETURN, second(scene), back=Back.TOO_DEAR)
    new = draft(scene, 0, "1.10")
    told = {"application_id": one.id, "at": NOW}
    for given, who, code in (
        (new, maker(scene, "other"), "not-found"),
        (replace(new, region_code=CITY), maker(scene), "application-another"),
        (replace(new, price=None), maker(scene), "invalid"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            filing.mend(session, draft=given, version=one.version, actor=who, **told)
        assert refused.value.code == code
        session.expire_all()
    with pytest.raises(Conflict):
        filing.mend(session, draft=new, version=one.version - 1, actor=maker(scene), **told)
    session.expire_all()
    filing.mend(session, draft=new, version=one.version, actor=maker(scene), **told)
    assert (one.state, one.price, one.checked_by_id, one.back) == (S.SUBMITTED, Decimal("1.1"), None, None)
    filing.withdraw(session, actor=maker(scene), **told)
    with pytest.raises(Conflict):
        act(session, one, A.CHECK, scene.officer)


def test_what_can_not_be_applied_for_is_refused_at_its_field(session: Session, scene: Scene) -> None:
    listed(session, scene, 0, "1.00")
    for given, field in (
        (draft(scene, 0), "purpose"), (draft(scene, 2, purpose=Purpose.PRICE), "purpose"),
        (draft(scene, 1), "product_id"), (draft(scene, 2, None), "price"), (draft(scene, 2, "0"), "price"),
        (draft(scene, 2, starts=TODAY - timedelta(days=1)), "starts"), (draft(scene, 2, reason=" "), "reason"),
        (draft(scene, 2, kind=ListingKind.AGREEMENT), "kind"), (draft(scene, 2, region_code="77"), "region_code"),
        (draft(scene, 0, "1.00", purpose=Purpose.PRICE), "price"),
        (draft(scene, 2, ceiling=Decimal(9)), "ceiling_source"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            filing.submit(session, draft=given, actor=maker(scene), at=NOW)
        assert set(refused.value.fields) == {field}
    submitted(session, scene, 2)
    with pytest.raises(Invalid):
        submitted(session, scene, 2)
    session.delete(session.scalars(select(CommitmentLetter).order_by(CommitmentLetter.id)).first())
    session.flush()
    with pytest.raises(Invalid) as refused:
        submitted(session, scene, 0, "0.9", purpose=Purpose.PRICE)
    assert refused.value.fields[""].code == "application-no-letter"


def test_prices_are_compared_with_other_provinces_and_the_makers_own(session: Session, scene: Scene) -> None:
    listed(session, scene, 0, "1.00", OTHER)
    assert results(submitted(session, scene, 0, "1.0001"))[Check.LINKAGE] is False
    listed(session, scene, 1, "1.00")
    factor = scene.products[3].specification.price_factor / scene.products[1].specification.price_factor
    limit = factor.quantize(Decimal("0.0001"))
    dear = submitted(session, scene, 3, str(limit + Decimal("0.0001")), who="other")
    assert results(dear)[Check.RATIO] is False
    fine = submitted(session, scene, 3, str(limit), who="other", region_code=CITY)
    assert results(fine)[Check.RATIO] is None  # nothing of the maker's is listed there


def test_a_delisted_product_comes_back_after_its_bar_and_at_no_higher_price(session: Session, scene: Scene) -> None:
    listed(session, scene, 0, "1.00")
    one = submitted(session, scene, 0, None, purpose=Purpose.DELIST, reason="停产")
    act(session, one, A.CHECK, scene.officer)
    act(session, one, A.APPROVE, second(scene))
    assert one.bar_until == date(2028, 11, 20)
    assert session.get_one(Listing, one.listing_id).state is ListingState.ENDED
    again = submitted(session, scene, 0, "1.20")
    assert (results(again)[Check.BAR], results(again)[Check.KEPT_PRICE], again.failed) == (False, False, 2)
    filing.withdraw(session, application_id=again.id, actor=maker(scene), at=NOW)
    later = NOW.replace(year=2029, month=11, day=19)
    session.add(CommitmentLetter(
        company_id=scene.companies[0].id, year=2029, signed_by_id=scene.users["company"].id, signed_at=later, digest="x"
    ))  # fmt: skip
    session.flush()
    for day, kept in ((date(2029, 11, 19), False), (date(2029, 11, 21), None)):
        at = later.replace(day=day.day)
        new = filing.submit(session, draft=draft(scene, 0, "1.20", starts=day), actor=maker(scene), at=at)
        assert (results(new)[Check.BAR], results(new)[Check.KEPT_PRICE]) == (True, kept)
        filing.withdraw(session, application_id=new.id, actor=maker(scene), at=at)
        session.flush()


def test_a_new_price_shows_its_label_before_and_loses_it_the_day_after_the_cut(session: Session, scene: Scene) -> None:
    BOOK.take_over(session, actor=SYSTEM, at=NOW)
    session.flush()
    place(session, region_code=PROVINCE, code="anhui", reason="试行", actor=scene.officer, at=NOW)
    for step, region in enumerate((PROVINCE, CITY, OTHER)):
        listed(session, scene, 1, f"1.0{step}", region)
    listed(session, scene, 0, "4.00")
    run(session, day=TODAY, actor=SYSTEM, at=NOW)
    one = submitted(session, scene, 0, "1.00", purpose=Purpose.PRICE)
    assert (one.before, results(one)[Check.LABEL]) == (Decimal(4), True)
    act(session, one, A.CHECK, scene.officer)
    act(session, one, A.APPROVE, second(scene))
    (label,) = session.scalars(select(PriceLabel))
    assert (label.label, label.until) == (Label.RED, TODAY + timedelta(days=1))


def test_a_company_sees_its_own_applications_only(session: Session, scene: Scene) -> None:
    one = submitted(session, scene)
    assert queries.one(session, one.id, scene.officer) is one
    with pytest.raises(NotFound):
        queries.one(session, one.id, maker(scene, "other"))
    with pytest.raises(NotFound):
        filing.withdraw(session, application_id=one.id, actor=maker(scene, "other"), at=NOW)


def test_a_suspension_stops_listing_what_it_covers_and_nothing_else(session: Session, scene: Scene) -> None:
    waiting = submitted(session, scene)
    act(session, waiting, A.CHECK, scene.officer)
    held = measure(session, scene.products[0].id, MeasureKind.PRODUCTS_HERE, at=NOW, region=PROVINCE, starts=TODAY)
    for again in (lambda: act(session, waiting, A.APPROVE, second(scene), text="例外"),
                  lambda: submitted(session, scene, region_code=CITY)):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            again()
        assert {one.code for one in refused.value.fields.values()} == {"application-credit"}
    assert submitted(session, scene, region_code=OTHER) and submitted(session, scene, 2)
    held.ends_on = TODAY
    assert act(session, waiting, A.APPROVE, second(scene), text="例外").state is S.APPROVED
