"""A price on any day for any item, grade and region: no gap, no overlap, and the switch at midnight in Beijing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.errors import DomainError
from pricing.items.flow import PriceGrade, PriceSource
from pricing.items.models import ItemPrice
from pricing.items.queries.prices import charged_on, history, prices_on
from pricing.items.rules.prices import NewPrice
from pricing.items.services.prices import PricesRefused, end_prices, set_prices
from tests.pricing.items.scene import BEGIN, CITY, NOW, PROVINCE, TODAY, Scene, new, populate, put

DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return populate(session)


def of(session: Session, scene: Scene, day: date, region: str = CITY, item: int = 0) -> Decimal | None:
    return prices_on(session, day, region).get((scene.ids[item], PriceGrade.THIRD))


def codes(error: pytest.ExceptionInfo[PricesRefused]) -> list[tuple[int, str]]:
    return [(place, fault.code) for place, fault in error.value.faults]


def test_a_new_price_ends_the_running_one_and_every_day_keeps_its_price(session: Session, scene: Scene) -> None:
    assert put(session, scene, new(scene, "100")) == 1
    later = TODAY + 10 * DAY
    assert put(session, scene, new(scene, "120.5"), on=later) == 1
    days = (BEGIN - DAY, BEGIN, later - DAY, later, later + 900 * DAY)
    assert [of(session, scene, day) for day in days] == [
        None, Decimal(100), Decimal(100), Decimal("120.5"), Decimal("120.5")
    ]  # fmt: skip


def test_a_price_switches_at_midnight_in_beijing(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "100"))
    put(session, scene, new(scene, "120"), on=date(2026, 12, 1))
    midnight = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    moments = (midnight - timedelta(microseconds=1), midnight)
    assert [of(session, scene, today(moment)) for moment in moments] == [Decimal(100), Decimal(120)]


def test_the_same_price_again_changes_nothing(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "100"))
    assert put(session, scene, new(scene, "100.00"), on=TODAY) == 0
    assert len(history(session, scene.ids[0])) == 1


def test_a_city_has_its_own_price_and_follows_the_province_without_one(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "100"), new(scene, "50", item=1), new(scene, "90", region=CITY))
    assert of(session, scene, TODAY) == Decimal(90)
    assert of(session, scene, TODAY, PROVINCE) == Decimal(100)
    assert of(session, scene, TODAY, item=1) == Decimal(50)


def test_a_running_price_is_not_overtaken_and_nothing_is_written(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "100"), on=TODAY)
    with pytest.raises(PricesRefused) as refused:
        put(session, scene, new(scene, "90"), new(scene, "7", item=1), on=TODAY - DAY)
    assert codes(refused) == [(0, "service-price-early")]
    with pytest.raises(PricesRefused):
        put(session, scene, new(scene, "90"), on=TODAY)
    assert [one.price for one in session.scalars(select(ItemPrice))] == [Decimal(100)]


def test_a_price_that_has_not_begun_gives_its_place_to_another_of_the_same_day(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "100"))
    put(session, scene, new(scene, "120"), on=TODAY + DAY)
    assert put(session, scene, new(scene, "125"), on=TODAY + DAY) == 1
    assert [(one.price, one.starts_on, one.ends_on) for one in history(session, scene.ids[0])] == [
        (Decimal(100), BEGIN, TODAY + DAY), (Decimal(125), TODAY + DAY, None)
    ]  # fmt: skip


def test_what_is_wrong_with_prices_is_told_all_at_once(session: Session, scene: Scene) -> None:
    unknown = NewPrice(9_999, "110000", PriceGrade.THIRD, Decimal(1))
    with pytest.raises(PricesRefused) as refused:
        put(session, scene, unknown, new(scene, "-1"), new(scene, "1.00001"), new(scene, "2"))
    assert codes(refused) == [
        (0, "service-no-item"), (0, "service-no-region"), (1, "service-price-bad"), (2, "service-price-twice"),
        (2, "service-price-bad"), (3, "service-price-twice"),
    ]  # fmt: skip


def test_a_hospital_charges_its_own_price_before_the_ceiling_of_its_grade(session: Session, scene: Scene) -> None:
    third, second, _first = scene.hospitals
    put(session, scene, new(scene, "100"), new(scene, "80", grade=PriceGrade.SECOND))
    own = new(scene, "130", region=CITY, hospital=third)
    set_prices(
        session, [own], starts_on=TODAY, source=PriceSource.FILING, source_id=1, actor=scene.officer, at=NOW
    )  # fmt: skip
    item = scene.ids[0]
    assert charged_on(session, TODAY - DAY, third) == {item: Decimal(100)}
    assert charged_on(session, TODAY, third, item_ids=[item]) == {item: Decimal(130)}
    assert charged_on(session, TODAY, second) == {item: Decimal(80)}
    assert of(session, scene, TODAY) == Decimal(100)
    assert [one.price for one in history(session, item, hospital_id=third.id)] == [Decimal(130)]


def test_an_ended_price_holds_no_longer_and_may_begin_again(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "100"))
    ids = [one.id for one in history(session, scene.ids[0])]
    with pytest.raises(DomainError, match="service-price-ends-past"):
        end_prices(session, price_ids=ids, ends_on=TODAY - DAY, reason="", actor=scene.officer, at=NOW)
    assert end_prices(session, price_ids=ids, ends_on=TODAY, reason="停用", actor=scene.officer, at=NOW) == 1
    assert end_prices(session, price_ids=ids, ends_on=TODAY, reason="停用", actor=scene.officer, at=NOW) == 0
    assert of(session, scene, TODAY) is None
    put(session, scene, new(scene, "100"), on=TODAY + 5 * DAY)
    assert of(session, scene, TODAY + 5 * DAY) == Decimal(100)


def test_the_database_itself_holds_one_running_price_of_a_key(session: Session, scene: Scene) -> None:
    put(session, scene, new(scene, "100"))
    (one,) = history(session, scene.ids[0])
    values = {name: value for name, value in one.snapshot().items() if name != "id"}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(ItemPrice(**{**values, "starts_on": TODAY}))
        session.flush()


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(list(PriceGrade)), st.sampled_from((PROVINCE, CITY)), st.integers(0, 40),
        st.integers(0, 3),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_set_each_day_has_one_price_without_gap_or_overlap(
    session: Session, scene: Scene, steps: list[tuple[int, PriceGrade, str, int, int]]
) -> None:
    session.execute(delete(ItemPrice))
    model: dict[tuple[int, PriceGrade, str], dict[int, Decimal]] = {}
    for item, grade, region, start, price in steps:
        line = model.setdefault((item, grade, region), {})
        try:
            put(session, scene, new(scene, str(price), item=item, grade=grade, region=region), on=BEGIN + start * DAY)
        except PricesRefused:
            continue
        earlier = {
            one: line[one] for one in line if one < start
        }  # what began later changed nothing, so it left no trace
        model[item, grade, region] = earlier | {start: Decimal(price)}
    for (item, grade, region), line in model.items():
        periods = [one for one in history(session, scene.ids[item], region_code=region) if one.grade is grade]
        assert all(one.ends_on == following.starts_on for one, following in pairwise(periods))
        assert [one.ends_on for one in periods[-1:]] == [None] * bool(line)
        for day in range(42):
            held = [line[start] for start in sorted(line) if start <= day]
            found = [one.price for one in periods if one.starts_on <= BEGIN + day * DAY]
            assert held[-1:] == found[-1:]
