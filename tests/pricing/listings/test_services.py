"""Prices by product, region and kind: one current, every past one kept, all mistakes at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalogue.search.queries import search
from catalogue.search.rules.tokens import Filters
from kernel.errors import Conflict, DomainError, NotFound
from pricing.listings import queries
from pricing.listings.flow import LISTING_FLOW, ListingAction, ListingKind, ListingState
from pricing.listings.marks.services import mark_turned
from pricing.listings.models import Listing
from pricing.listings.rules import Change, Current, NewListing, change, counts, cut
from pricing.listings.services import Changed, ListingsRefused, end, list_awarded, list_products, restore, suspend
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE, TOWN, Scene, populate

TODAY = date(2026, 11, 20)
LISTED, AGREEMENT = ListingKind.LISTED, ListingKind.AGREEMENT


@pytest.fixture
def scene(session: Session) -> Scene:
    return populate(session)


def new(scene: Scene, price: str, starts: date = TODAY, ends: date | None = None, **more: object) -> NewListing:
    given = {"product_id": scene.products[0].id, "region_code": PROVINCE, "kind": LISTED, **more}
    return NewListing(price=Decimal(price), starts=starts, ends=ends, **given)  # type: ignore[arg-type]  # tests name fields


def put(session: Session, scene: Scene, *rows: NewListing) -> Changed:
    return list_products(session, rows=rows, actor=scene.officer, at=NOW)


def price_on(session: Session, scene: Scene, day: date, region: str = PROVINCE) -> Decimal | None:
    found = queries.standing(session, product_ids=[scene.products[0].id], region_code=region, day=day)
    listing = found.get((scene.products[0].id, LISTED))
    return listing.price if listing else None


def test_a_new_price_ends_the_old_one_and_every_day_keeps_its_price(session: Session, scene: Scene) -> None:
    assert put(session, scene, new(scene, "1.20")) == Changed(1)
    later = TODAY + timedelta(days=30)
    assert put(session, scene, new(scene, "0.95", later)) == Changed(changed=1)
    days = (TODAY - timedelta(days=1), TODAY, later - timedelta(days=1), later)
    assert [price_on(session, scene, day) for day in days] == [None, Decimal("1.2"), Decimal("1.2"), Decimal("0.95")]
    states = [(row.state, row.ends) for row in queries.history(session, scene.products[0].id)]
    assert states == [(ListingState.ENDED, later), (ListingState.ACTIVE, None)]


def test_the_same_price_again_changes_nothing_and_a_longer_term_prolongs_it(session: Session, scene: Scene) -> None:
    ends = date(2027, 1, 1)
    put(session, scene, new(scene, "1.2", ends=ends))
    assert put(session, scene, new(scene, "1.2000", ends=ends)) == Changed(unchanged=1)
    assert put(session, scene, new(scene, "1.2", ends, date(2028, 1, 1))) == Changed(changed=1)
    assert len(queries.history(session, scene.products[0].id)) == 1
    assert price_on(session, scene, date(2027, 6, 1)) == Decimal("1.2")


def test_all_mistakes_are_told_at_once_and_nothing_is_listed(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "1.2"))
    rows = [
        new(scene, "0", region_code=CITY), new(scene, "1.00001", region_code=TOWN), new(scene, "-1", region_code="1"),
        new(scene, "1", product_id=999_999), new(scene, "1", TODAY - timedelta(days=1)),
        new(scene, "1", TODAY, TODAY, region_code=OTHER), new(scene, "2", region_code=OTHER),
    ]  # fmt: skip
    with pytest.raises(ListingsRefused) as refusal:
        put(session, scene, *rows)
    assert [(place, fault.code) for place, fault in refusal.value.faults] == [
        (0, "listing-bad-price"), (1, "listing-bad-price"), (2, "listing-no-region"), (2, "listing-bad-price"),
        (3, "listing-no-product"), (4, "listing-starts-early"), (5, "listing-ends-first"), (6, "listing-twice"),
    ]  # fmt: skip
    assert len(session.scalars(select(Listing)).all()) == 1


def test_a_region_follows_those_above_it_and_the_nearest_counts(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "1.2"), new(scene, "1.1", region_code=CITY))
    prices = [price_on(session, scene, TODAY, region) for region in (PROVINCE, CITY, TOWN, OTHER, "000000")]
    assert prices == [Decimal("1.2"), Decimal("1.1"), Decimal("1.1"), None, None]


def test_a_suspended_product_does_not_stand_until_it_is_restored(session: Session, scene: Scene) -> None:
    put(
        session,
        scene,
        new(scene, "1.2", TODAY - timedelta(days=9)),
    )
    put(session, scene, new(scene, "0.9", TODAY + timedelta(days=9)))
    key = (scene.products[0].id, PROVINCE, LISTED)
    listing = queries.of_key(session, key)
    with pytest.raises(DomainError, match="listing-no-reason"):
        suspend(session, listing_id=listing.id, reason=" ", actor=scene.officer, at=NOW)
    session.expire_all()
    suspend(session, listing_id=listing.id, reason="质量抽检不合格", actor=scene.officer, at=NOW)
    session.flush()
    session.expire_all()
    assert price_on(session, scene, TODAY - timedelta(days=1)) == Decimal("1.2")
    assert [price_on(session, scene, TODAY + timedelta(days=each)) for each in (0, 5, 20)] == [None] * 3
    put(session, scene, new(scene, "0.8", TODAY + timedelta(days=9)))  # a new price does not lift it
    assert price_on(session, scene, TODAY + timedelta(days=20)) is None
    with pytest.raises(Conflict, match="wrong-state"):
        suspend(session, listing_id=listing.id, reason="再次", actor=scene.officer, at=NOW)
    session.expire_all()
    restore(session, listing_id=queries.of_key(session, key).id, reason="整改完成", actor=scene.officer, at=NOW)
    session.flush()
    session.expire_all()
    days = [price_on(session, scene, TODAY + timedelta(days=each)) for each in (0, 20)]
    assert days == [Decimal("1.2"), Decimal("0.8")]


def test_an_ended_listing_counts_until_its_day_and_what_has_not_begun_never(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "1.2", TODAY - timedelta(days=9)))
    listing = queries.of_key(session, (scene.products[0].id, PROVINCE, LISTED))
    late = {"listing_id": listing.id, "reason": "企业撤网", "actor": scene.officer, "at": NOW}
    with pytest.raises(DomainError, match="listing-ends-past"):
        end(session, day=TODAY - timedelta(days=1), **late)  # type: ignore[arg-type]  # one dict for two calls
    end(session, day=TODAY + timedelta(days=3), **late)  # type: ignore[arg-type]  # as above
    session.flush()
    days = [price_on(session, scene, TODAY + timedelta(days=each)) for each in (0, 2, 3)]
    assert days == [Decimal("1.2"), Decimal("1.2"), None]
    put(session, scene, new(scene, "1.3", TODAY + timedelta(days=30)))
    coming = queries.of_key(session, (scene.products[0].id, PROVINCE, LISTED))
    end(session, listing_id=coming.id, day=TODAY, reason="录入错误", actor=scene.officer, at=NOW)
    session.flush()
    assert price_on(session, scene, TODAY + timedelta(days=31)) is None
    with pytest.raises(NotFound):
        end(session, listing_id=999_999, day=TODAY, reason="无", actor=scene.officer, at=NOW)


def test_two_current_prices_of_one_key_are_refused_by_the_database(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "1.2"))
    twin = queries.of_key(session, (scene.products[0].id, PROVINCE, LISTED)).snapshot() | {"id": None}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Listing(**twin))
        session.flush()


def test_an_older_award_never_cuts_a_newer_one(session: Session, scene: Scene) -> None:
    def awarded(price: str, starts: date) -> Changed:
        row = new(scene, price, starts, starts + timedelta(days=365), kind=AGREEMENT)
        return list_awarded(session, origin="round/1", rows=[row], actor=scene.officer, at=NOW)

    assert awarded("0.5", TODAY) == Changed(1)
    assert awarded("0.6", TODAY - timedelta(days=90)) == Changed()
    assert awarded("0.4", TODAY + timedelta(days=90)) == Changed(changed=1)


def test_thousands_of_products_are_asked_at_once(session: Session, scene: Scene) -> None:
    put(session, scene, *(new(scene, "1.2", product_id=product.id) for product in scene.products))
    ids = [*(product.id for product in scene.products), *range(10_000, 22_000)]
    assert len(queries.standing(session, product_ids=ids, region_code=TOWN, day=TODAY)) == len(scene.products)


def test_the_flow_names_what_each_state_allows() -> None:
    allowed = {state: LISTING_FLOW.actions(state) for state in ListingState}
    assert allowed[ListingState.ACTIVE] == (ListingAction.SUSPEND, ListingAction.END)
    assert allowed[ListingState.SUSPENDED] == (ListingAction.RESTORE, ListingAction.END)
    assert allowed[ListingState.ENDED] == ()


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
prices = st.sampled_from([Decimal("1.0"), Decimal("1.1"), Decimal("0.9")])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(days, st.none() | st.integers(1, 40), prices), min_size=1, max_size=8))
def test_no_day_ever_has_two_prices_whatever_follows_whatever(told: list[tuple[date, int | None, Decimal]]) -> None:
    rows: list[tuple[date, date | None, Decimal]] = []
    current: Current | None = None
    for starts, length, price in sorted(told, key=lambda each: each[0]):
        ends = None if length is None else starts + timedelta(days=length)
        row = NewListing(1, "98", LISTED, price, starts, ends)
        act = change(row, current)
        if act is Change.REPLACE and current is not None:
            rows[-1] = (rows[-1][0], cut(current, starts), rows[-1][2])
        if act in (Change.CREATE, Change.REPLACE):
            rows.append((starts, ends, price))
        elif act is Change.PROLONG:
            rows[-1] = (rows[-1][0], ends, rows[-1][2])
        current = Current(1, rows[-1][2], rows[-1][0], rows[-1][1])
    for each in range(120):
        day = date(2026, 1, 1) + timedelta(days=each)
        assert sum(counts(day, starts=row[0], ends=row[1], suspended_on=None) for row in rows) <= 1


def found(session: Session, scene: Scene, flag: str) -> dict[int, str]:
    """Return what a search narrowed to a flag finds, with the price that is shown."""
    name = scene.products[0].registered_name
    hits = search(session, name, kind="product", filters=Filters(flags=[flag]))
    return {hit.subject_id: hit.facts["price"] for hit in hits}


def test_the_search_knows_what_is_listed_what_has_won_and_the_lowest_price(session: Session, scene: Scene) -> None:
    first, second = (product.id for product in scene.products[:2])
    soon = TODAY + timedelta(days=3)
    put(
        session,
        scene,
        new(scene, "1.20"),
        new(scene, "1.10", region_code=CITY),
        new(scene, "0.90", soon, kind=AGREEMENT),
    )
    put(session, scene, new(scene, "2.00", product_id=second))
    assert (found(session, scene, "listed"), found(session, scene, "winner")) == (
        {first: "1.1000", second: "2.0000"},
        {},
    )

    mark_turned(session, day=soon)
    assert (found(session, scene, "listed")[first], found(session, scene, "winner")) == ("0.9000", {first: "0.9000"})

    other = next(one for one in queries.history(session, second))
    suspend(session, listing_id=other.id, reason="断供", actor=scene.officer, at=NOW)
    assert set(found(session, scene, "listed")) == {first}
    restore(session, listing_id=other.id, reason="恢复供应", actor=scene.officer, at=NOW)
    end(session, listing_id=other.id, day=TODAY, reason="企业撤网", actor=scene.officer, at=NOW)
    assert set(found(session, scene, "listed")) == {first}
