"""Prices of other regions compared with the nation: golden figures, gaps, groups, where a rise began."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.errors import NotFound
from kernel.parties.models import Region
from kernel.policy import parse
from pricing.governance.comparison.flow import Same
from pricing.governance.comparison.models import PriceGap, SameGroup
from pricing.governance.comparison.queries import groups
from pricing.governance.comparison.rules import gaps as rules
from pricing.governance.comparison.rules.prices import unit_price
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from pricing.listings.services import end, restore, suspend
from tests.pricing.governance.neighbours import (
    FOURTH,
    START,
    THIRD,
    TODAY,
    D,
    begin,
    company,
    go,
    injection,
    put,
    table,
    tell,
    words,
)
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE, Scene

GOLDEN = parse((Path(__file__).resolve().parents[2] / "golden" / "gaps.toml").read_text("utf-8"))


@pytest.fixture
def scene(session: Session) -> Scene:
    return begin(session)


@pytest.mark.parametrize("case", GOLDEN["national"], ids=lambda case: case["name"])
def test_golden_national_prices(case: Mapping[str, object]) -> None:
    found = rules.national([(region, D(price)) for region, price in case["prices"]])  # type: ignore[attr-defined]  # of TOML
    assert found is not None
    assert [found.least, found.median, found.lowest, found.provinces] == [
        case["least"], case["median"], case["lowest"], case["provinces"]
    ]  # fmt: skip
    assert rules.ratio(D(str(case["price"])), found.lowest) == case["ratio"]


@pytest.mark.parametrize("case", GOLDEN["deadline"], ids=lambda case: case["span"])
def test_golden_deadlines(case: Mapping[str, object]) -> None:
    assert rules.last_day(case["given"], str(case["span"])) == case["last"]  # type: ignore[arg-type]  # a date of TOML


def test_the_database_computes_what_the_rule_says(session: Session, scene: Scene) -> None:
    chance, codes = random.Random(8), [OTHER, THIRD, FOURTH, "940000", "930000"]
    for code in codes[3:]:
        session.add(Region(code=code, name=code, parent_code=None))
    session.flush()
    for _each in range(8):
        drawn = [D(chance.randint(1, 40_000)).scaleb(-4) for _code in (*codes, CITY)]
        for code, price in zip(codes, drawn, strict=False):
            tell(session, scene, code, str(price))
        put(session, scene, 0, str(drawn[-1]), CITY)
        go(session, whole=True)
        held = [(PROVINCE, D(2)), *zip((*codes, CITY), drawn, strict=True)]
        nation = rules.national(held)
        assert nation is not None
        expected = sorted(
            (region, price, rules.ratio(price, nation.lowest), nation.median, nation.least, nation.provinces)
            for region, price in held
            if price > nation.lowest
        )
        found = session.scalars(select(PriceGap).execution_options(populate_existing=True))
        got = [(one.region_code, one.price, one.ratio, one.median, one.least, one.provinces) for one in found]
        assert sorted(got) == expected


def test_gaps_name_the_lowest_median_and_provincial_price_of_their_kind(session: Session, scene: Scene) -> None:
    tell(session, scene, OTHER, "1.00")
    tell(session, scene, THIRD, "1.50")
    put(session, scene, 0, "0.80", CITY)  # a city's price counts for the minimum, not as a provincial one
    tell(session, scene, FOURTH, "0.10", kind=ListingKind.AGREEMENT)  # another kind is compared with its own
    go(session)
    assert table(session) == [
        (THIRD, D("1.5"), D("0.8"), D("1.5"), D(1), OTHER), (PROVINCE, D(2), D("0.8"), D("1.5"), D(1), OTHER)
    ]  # fmt: skip
    marked = {one.region_code: (one.ratio, one.outlier) for one in session.scalars(select(PriceGap))}
    assert marked == {THIRD: (D("1.5"), None), PROVINCE: (D(2), False)}  # no rule says what is one elsewhere


def test_an_outlier_is_marked_at_its_regions_multiple_of_the_median(session: Session, scene: Scene) -> None:
    for code in (OTHER, THIRD, FOURTH):
        tell(session, scene, code, "1.1111")
    for price, outlier in (("1.9999", False), ("2.0000", True)):  # 1.8 × 1.1111 = 1.99998
        put(session, scene, 0, price, starts=TODAY)
        go(session, whole=True)
        assert session.scalars(select(PriceGap.outlier)).all() == [outlier]


def test_only_what_changed_is_built_anew_and_it_comes_to_the_same(session: Session, scene: Scene) -> None:
    put(session, scene, 1, "2.00")
    tell(session, scene, OTHER, "1.00")
    first = go(session)
    assert first is not None and first.whole  # type: ignore[attr-defined]  # a run
    assert go(session, TODAY) is not None  # as of the same instant: looked at once more
    tell(session, scene, THIRD, "0.90")
    tell(session, scene, OTHER, "1.20", TODAY)
    again = go(session)
    assert again is not None and not again.whole  # type: ignore[attr-defined]  # a run
    found = table(session)
    assert found == [
        (OTHER, D("1.2"), D("0.9"), D("1.2"), D("0.9"), THIRD),
        (PROVINCE, D(2), D("0.9"), D("1.2"), D("0.9"), THIRD),
    ]
    go(session, whole=True)
    assert table(session) == found


def test_the_next_day_follows_what_days_and_people_changed_and_comes_to_the_same(
    session: Session, scene: Scene
) -> None:
    """Prices that begin, end, are suspended and restored between two days; what the catalogue moves."""
    put(session, scene, 0, "2.00")
    put(session, scene, 1, "3.00")
    tell(session, scene, OTHER, "1.00")
    tell(session, scene, THIRD, "0.50", TODAY + timedelta(days=2))
    chance, day = random.Random(59), TODAY
    listing = session.scalars(select(Listing).order_by(Listing.id)).first()
    assert listing is not None
    go(session)
    acts = {
        2: lambda at: suspend(session, listing_id=listing.id, reason="暂停", actor=scene.officer, at=at),
        4: lambda at: restore(session, listing_id=listing.id, reason="恢复", actor=scene.officer, at=at),
        5: lambda at: tell(session, scene, FOURTH, "0.70", day),
        7: lambda at: end(session, listing_id=listing.id, day=today(at), reason="撤网", actor=scene.officer, at=at),
        8: lambda at: put(session, scene, 0, str(D(chance.randint(8_000, 30_000)).scaleb(-4)), starts=day),
    }  # fmt: skip
    for step in range(1, 11):
        day = TODAY + timedelta(days=step)
        if step in acts:
            acts[step](NOW + timedelta(days=step - 1, hours=1))
            session.flush()
        run = go(session, day)
        assert run is not None and not run.whole  # type: ignore[attr-defined]  # a run
        found = table(session)
        go(session, day, whole=True)
        assert table(session) == found, step


def test_injections_are_compared_across_makers_too_and_companies_see_their_own_four_same_alone(
    session: Session, scene: Scene
) -> None:
    injection(session, scene)
    put(session, scene, 4, "10.00")
    put(session, scene, 5, "6.00")
    elsewhere = words(name="头孢", maker="丙制药", form="普通粉针", specification="1000mg", pack=1)
    tell(session, scene, OTHER, "5.00", written=elsewhere)
    go(session)
    assert table(session) == []  # nobody's own product is cheaper elsewhere
    assert [row[:2] + row[4:] for row in table(session, Same.THREE)] == [
        (PROVINCE, D(6), D(5), OTHER), (PROVINCE, D(10), D(5), OTHER)
    ]  # fmt: skip
    three = session.scalars(select(SameGroup).where(SameGroup.same == Same.THREE)).one()
    assert len(groups.priced(session, groups.one(session, three.id, scene.officer), TODAY)) == 3
    own = session.scalars(select(SameGroup).where(SameGroup.company_id == scene.companies[0].id)).first()
    assert own is not None and groups.one(session, own.id, company(scene)) is own
    for who, group in ((company(scene), three.id), (company(scene, 1), own.id)):
        with pytest.raises(NotFound):
            groups.one(session, group, who)
    assert session.scalars(groups.gaps(company(scene), same=Same.THREE)).all() == []


def test_where_a_rise_began_is_the_first_of_the_rises_that_still_stand(session: Session, scene: Scene) -> None:
    later = date(2026, 5, 1)
    told = {
        OTHER: [("1.00", START), ("3.00", later)],
        THIRD: [("1.00", START), ("2.00", date(2026, 3, 1)), ("1.00", later)],
        FOURTH: [("1.00", START), ("1.50", date(2026, 4, 1))],
    }
    for region, steps in told.items():
        for price, day in steps:
            tell(session, scene, region, price, day)
    group = session.scalars(select(SameGroup).where(SameGroup.company_id == scene.companies[0].id)).first()
    assert group is not None
    found = groups.standing_rises(groups.priced(session, group))
    assert [(rise.region, rise.day) for rise in found] == [("省95", date(2026, 4, 1)), ("山河省", later)]
    assert [rise.region for rise in rules.began(found)] == ["省95"]


def test_unit_and_pack_price_agree_or_are_refused() -> None:
    for price, pack_price, pack, expected in (
        (None, "10.00", 24, "0.4167"), ("0.4167", "10.00", 24, "0.4167"), ("0.41665", None, 24, "0.41665"),
        ("0.5", "10.00", 24, None), (None, None, 24, None), ("0.0651", "1.56", 24, "0.0651"),
    ):  # fmt: skip
        given_ = [D(one) if one else None for one in (price, pack_price)]
        assert unit_price(given_[0], given_[1], pack) == (D(expected) if expected else None)
