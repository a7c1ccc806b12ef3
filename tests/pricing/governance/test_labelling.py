"""Labels on stored prices: what they are measured against, when they come and go, who cuts a price."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError, Invalid, NotFound
from kernel.notices.models import Notice
from pricing.governance.labelling.models import LabelRun, PriceLabel, ProductEvaluation
from pricing.governance.labelling.queries import labels as queries
from pricing.governance.labelling.rules import band
from pricing.governance.labelling.services.cutting import cut
from pricing.governance.labelling.services.running import run
from pricing.governance.labelling.views import working
from pricing.governance.rules import Label, MissingPrice, ProductKind, label, rules
from pricing.governance.sets import queries as sets
from pricing.governance.sets.services import BOOK, place
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import end, list_products, suspend
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE, Scene, acting, populate

TODAY = date(2026, 11, 20)
START = date(2026, 1, 1)
LISTED, AGREEMENT = ListingKind.LISTED, ListingKind.AGREEMENT
prices = st.integers(1, 500_000).map(lambda fen: Decimal(fen).scaleb(-4))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(
    st.sampled_from(["henan-2026", "anhui"]), st.sampled_from(list(ProductKind)), prices,
    st.fixed_dictionaries({
        name: st.none() | prices
        for name in ("own_winning_price", "highest_winning_price", "highest_listed_price", "percentile_75")
    }),
)  # fmt: skip
def test_bands_say_what_the_rule_says_at_every_price(
    name: str, kind: ProductKind, price: Decimal, anchors: dict[str, Decimal | None]
) -> None:
    among = rules(name)
    made = band(among, kind, anchors)
    near = [price] if made is None else [price, *(begins + off for _c, begins in made.begins for off in NEAR)]
    for each in (one for one in near if one > 0):
        try:
            found = label(among, kind=kind, price=each, prices=anchors, in_supply_region=False).label
        except MissingPrice:
            found = Label.NONE
        assert (made.label(each) if made else Label.NONE) == found
        assert made is None or (each >= made.first) == (found is not Label.NONE)


NEAR = (Decimal("-0.0001"), Decimal(0), Decimal("0.0001"))


def put(session: Session, scene: Scene, place_: int, price: str, region: str = PROVINCE, **more: object) -> None:
    given = {"kind": LISTED, "starts": START, "ends": None, **more}
    row = NewListing(scene.products[place_].id, region, price=Decimal(price), **given)  # type: ignore[arg-type]  # tests name fields
    list_products(session, rows=[row], actor=scene.officer, at=NOW)


@pytest.fixture
def scene(session: Session) -> Scene:
    """Company 1 won at 1.00 (100 mg) elsewhere; company 2 passed; the second specification is half as strong."""
    scene = populate(session)
    BOOK.take_over(session, actor=SYSTEM, at=NOW)
    session.flush()
    place(session, region_code=PROVINCE, code="henan-2026", reason="豫医保", actor=scene.officer, at=NOW)
    for product in scene.products[1:]:
        session.add(ProductEvaluation(product_id=product.id, passed=True, source="国家药监局公告", by_id=None, at=NOW))
    put(session, scene, 0, "1.00", OTHER, kind=AGREEMENT)
    return scene


def go(session: Session, day: date = TODAY, *, whole: bool = False) -> LabelRun | None:
    return run(session, day=day, actor=SYSTEM, at=NOW + (day - TODAY), whole=whole)


def standing(session: Session, day: date = TODAY) -> list[tuple[int, str, Label]]:
    query = select(PriceLabel).where(queries.stands_on(day)).order_by(PriceLabel.product_id, PriceLabel.region_code)
    return [(one.product_id, one.region_code, one.label) for one in session.scalars(query)]


def company(scene: Scene, which: int = 1) -> Actor:
    return acting(scene.users["company" if which == 0 else "other"], Role.MANUFACTURER)


@pytest.mark.parametrize(("price", "expected"), [
    ("1.8000", Label.NONE), ("1.8001", Label.YELLOW), ("3.0000", Label.YELLOW), ("3.0001", Label.RED),
])  # fmt: skip
def test_a_stored_price_is_labelled_at_below_and_above_its_threshold(
    session: Session, scene: Scene, price: str, expected: Label
) -> None:
    put(session, scene, 1, price, CITY)  # the city goes by the province's rules
    go(session)
    found = [] if expected is Label.NONE else [(scene.products[1].id, CITY, expected)]
    assert standing(session) == found
    for one in session.scalars(select(PriceLabel)):
        shown = working(one)
        assert (shown.label, shown.anchor, shown.ratio) == (one.label, one.anchor, one.ratio)


def test_another_specification_is_measured_by_its_price_factor(session: Session, scene: Scene) -> None:
    factor = scene.products[3].specification.price_factor
    limit = (Decimal(1) * factor).quantize(Decimal("0.0001")) * Decimal("1.8")
    put(session, scene, 3, str((limit - Decimal("0.0001")).quantize(Decimal("0.0001"))))
    go(session)
    assert standing(session) == []
    put(session, scene, 3, str((limit + Decimal("0.0002")).quantize(Decimal("0.0001"))), CITY)
    go(session)
    assert standing(session) == [(scene.products[3].id, CITY, Label.YELLOW)]


def test_a_winner_is_measured_outside_its_supply_region_only(session: Session, scene: Scene) -> None:
    put(session, scene, 2, "9.00", OTHER, kind=AGREEMENT)  # another winner, so that W is far above 1.5 w
    put(session, scene, 0, "1.6000")
    go(session)
    assert standing(session) == [(scene.products[0].id, PROVINCE, Label.YELLOW)]
    put(session, scene, 0, "1.00", PROVINCE, kind=AGREEMENT)
    go(session)
    assert standing(session) == []


def test_nothing_is_guessed_of_a_product_nobody_spoke_of_and_regions_without_rules_are_left_alone(
    session: Session, scene: Scene
) -> None:
    session.delete(session.get_one(ProductEvaluation, scene.products[1].id))
    put(session, scene, 1, "9.00")
    put(session, scene, 3, "99.00", OTHER)
    made = go(session)
    assert made is not None and made.unknown == 1 and standing(session) == []
    place(session, region_code=PROVINCE, code="anhui", reason="皖医保", actor=scene.officer, at=NOW)
    made = go(session)  # by the percentile a product need not have been spoken of
    assert made is not None and made.whole and made.unknown == 0


def test_a_cut_price_clears_its_label_the_next_day(session: Session, scene: Scene) -> None:
    put(session, scene, 1, "2.00")
    go(session)
    (found,) = session.scalars(select(PriceLabel))
    listing = queries.standing(session, found)
    assert listing is not None
    theirs = company(scene, 1)
    for who, price, code in (
        (company(scene, 0), "1.00", "not-found"), (scene.officer, "1.00", "not-found"), (theirs, "2.00", "invalid"),
        (theirs, "2.50", "invalid"), (theirs, "0", "invalid"), (theirs, "1.23456", "invalid"), (theirs, "x", "invalid"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            cut(session, listing_id=listing.id, written=price, actor=who, at=NOW)
        assert refused.value.code == code
        session.expire_all()
    made = cut(session, listing_id=listing.id, written="1.8000", actor=theirs, at=NOW)
    assert (made.price, made.starts, made.origin) == (Decimal("1.8"), TODAY, "cut")
    tomorrow = TODAY + timedelta(days=1)
    assert (len(standing(session)), standing(session, tomorrow)) == (1, [])
    session.expire_all()
    assert (found.until, queries.standing(session, found)) == (tomorrow, made)


def test_a_cut_that_is_too_small_changes_the_colour_the_next_day(session: Session, scene: Scene) -> None:
    put(session, scene, 1, "4.00")
    go(session)
    put(session, scene, 1, "2.00", starts=TODAY)
    assert go(session) is not None
    colours = [[one[2] for one in standing(session, TODAY + timedelta(days=each))] for each in (0, 1, 30)]
    assert colours == [[Label.RED], [Label.YELLOW], [Label.YELLOW]]
    assert go(session) is None  # nothing changed since


def test_a_winners_price_is_not_cut_by_the_company(session: Session, scene: Scene) -> None:
    put(session, scene, 0, "1.00", PROVINCE, kind=AGREEMENT)
    from pricing.listings.queries import history

    listing = history(session, scene.products[0].id)[0]
    with pytest.raises(Conflict, match="cut-not-here"):
        cut(session, listing_id=listing.id, written="0.5", actor=company(scene, 0), at=NOW)


def test_between_the_nights_only_what_changed_is_looked_at_and_it_comes_to_the_same(
    session: Session, scene: Scene
) -> None:
    put(session, scene, 1, "2.00")
    put(session, scene, 3, "2.00", CITY)
    first = go(session)
    assert first is not None and first.whole and first.given == 2
    told = len(session.scalars(select(Notice)).all())
    assert told > 0
    put(session, scene, 0, "1.50", OTHER, kind=AGREEMENT, starts=TODAY)  # W rises
    second = go(session)
    assert second is not None and not second.whole and len(session.scalars(select(Notice)).all()) == told
    stand = standing(session)
    assert go(session, whole=True) is not None
    assert standing(session) == stand


def test_what_is_ended_or_suspended_has_no_label(session: Session, scene: Scene) -> None:
    put(session, scene, 1, "2.00")
    put(session, scene, 3, "2.00")
    go(session)
    listings = [one.listing_id for one in session.scalars(select(PriceLabel).order_by(PriceLabel.product_id))]
    end(session, listing_id=listings[0], day=TODAY, reason="撤网", actor=scene.officer, at=NOW)
    suspend(session, listing_id=listings[1], reason="断供", actor=scene.officer, at=NOW)
    go(session)
    assert standing(session) == []


def test_a_company_sees_its_own_labels_only(session: Session, scene: Scene) -> None:
    put(session, scene, 1, "2.00")
    go(session)
    (found,) = session.scalars(select(PriceLabel))
    assert queries.one(session, found.id, company(scene, 1)) is found
    assert queries.tally(session, scene.officer, TODAY) == {Label.YELLOW: 1}
    assert queries.tally(session, company(scene, 0), TODAY) == {}
    with pytest.raises(NotFound):
        queries.one(session, found.id, company(scene, 0))


def test_a_changed_rule_holds_from_its_day_and_after_a_second_person(session: Session, scene: Scene) -> None:
    code, rule = "jianghai", "passed, not winning"
    second = acting(scene.users["company"], Role.PRICE_OFFICER)
    base = sets.standing(session, TODAY)["henan-2026"]
    BOOK.copy(session, rules_id=base.id, code=code, title="江海省", actor=scene.officer, at=NOW)
    told = {
        "code": code,
        "parameter": rule,
        "source": "江医保〔2026〕1号",
        "reason": "收紧",
        "actor": scene.officer,
        "at": NOW,
    }
    for text in ("yellow 1.5", "yellow x; from 2026-01-01", "red 1; yellow 2; from 2026-01-01", "from 2026-01-01", ""):
        with pytest.raises(Invalid):
            BOOK.change(session, text=text, **told)  # type: ignore[arg-type]  # one dict for several calls
    BOOK.approve(session, code=code, actor=second, at=NOW)
    place(session, region_code=PROVINCE, code=code, reason="本省", actor=scene.officer, at=NOW)
    BOOK.change(session, text="yellow 1.5; red 3; from 2026-12-01", **told)  # type: ignore[arg-type]  # as above
    with pytest.raises(DomainError, match="same-person"):
        BOOK.approve(session, code=code, actor=scene.officer, at=NOW)
    BOOK.approve(session, code=code, actor=second, at=NOW)
    put(session, scene, 1, "1.6000")
    go(session)
    assert standing(session) == []
    go(session, date(2026, 12, 1))
    assert standing(session, date(2026, 12, 1)) == [(scene.products[1].id, PROVINCE, Label.YELLOW)]
