"""The maintained sums against the pure rules, over facts of any kind, on each engine."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from kernel.clock import today
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from pricing.monitoring import services
from pricing.monitoring.flow import Ground, Split
from pricing.monitoring.models import PurchaseFact, PurchaseMonth
from pricing.monitoring.queries import sums
from pricing.monitoring.queries.asked import Asked, read
from pricing.monitoring.rules import Priced, indices, priced
from pricing.monitoring.savings import queries as savings
from pricing.monitoring.services import Fact
from pricing.monitoring.spending.queries import spending
from tests.pricing.scene import CITY, NOW, PROVINCE, Scene, populate

D = Decimal
ROUND = "round/LM-1"
MONTHS = [date(2026, month, 1) for month in (1, 2, 3)]
FACTS = st.lists(
    st.tuples(
        st.sampled_from(MONTHS), st.integers(0, 3), st.sampled_from([CITY, "970100"]), st.sampled_from(["三级", "-"]),
        st.sampled_from([ROUND, "listed"]), st.integers(1, 9_999_999).map(lambda n: D(n).scaleb(-3)),
        st.integers(1, 10**8).map(lambda n: D(n).scaleb(-2)), st.sampled_from([1, 1, 1, -1]),
    ),
    max_size=25,
)  # fmt: skip
ASKED = Asked(MONTHS[0], MONTHS[-1])


@pytest.fixture
def scene(session: Session) -> Scene:
    return populate(session)


def put(session: Session, facts: list[Fact]) -> None:
    services.push(session, facts, at=NOW)
    while services.sum_up(session, day=today(NOW), most=7):
        pass


def again(session: Session) -> None:
    for table in (PurchaseFact.__table__, PurchaseMonth.__table__):
        session.execute(table.delete())


@settings(max_examples=25, suppress_health_check=list(HealthCheck), database=None)
@given(FACTS, st.booleans())
def test_figures_of_the_sums_are_those_of_the_pure_rule(
    session: Session, scene: Scene, rows: list[tuple[object, ...]], chained: bool
) -> None:
    again(session)
    facts = [
        Fact(month, scene.products[place].id, region, grade, source, sign * quantity, sign * amount)  # type: ignore[arg-type,call-overload,index,operator]  # drawn apart
        for month, place, region, grade, source, quantity, amount, sign in rows
    ]  # fmt: skip
    put(session, facts)
    for asked in (ASKED, Asked(*MONTHS[::2], region=CITY), Asked(*MONTHS[::2], grade="-", source=ROUND)):
        held: dict[str, dict[str, list[Decimal]]] = {one: defaultdict(lambda: [D(0), D(0)]) for one in asked.periods}
        for one in facts:
            chosen = ((asked.region, one.region_code), (asked.grade, one.grade), (asked.source, one.source))
            if all(wish in ("", has) for wish, has in chosen):
                both = held[asked.period(one.month)][str(one.product_id)]
                both[0], both[1] = both[0] + one.quantity, both[1] + one.amount
        baskets: dict[str, dict[str, Priced]] = {
            period: {key: found for key, both in items.items() if (found := priced(both[0], both[1]))}
            for period, items in held.items()
        }
        wanted = indices(baskets, base="2026-01", chained=chained)
        asked = Asked(asked.start, asked.last, chained=chained, region=asked.region, grade=asked.grade,
                      source=asked.source)  # fmt: skip
        found = sums.series(sums.amounts(session, asked)[""], asked)
        assert [(one.laspeyres, one.paasche, one.fisher, one.coverage, one.matched, one.items) for one in found] == [
            (one.laspeyres, one.paasche, one.fisher, one.coverage, one.matched, one.items) for one in wanted
        ]


def worked(session: Session, scene: Scene) -> None:
    """The handbook's example as purchases, its quantities bought in two cities; what was too much goes back."""
    months = ((MONTHS[0], ((5, 100), (10, 50), (2, 200))), (MONTHS[2], ((4, 150), (11, 40), (2, 210))))
    facts = []
    for month, basket in months:
        for product, (price, quantity) in zip(scene.products, basket, strict=False):
            for region, count in ((CITY, quantity), ("970100", 60), ("970100", -60)):
                facts.append(Fact(month, product.id, region, "三级", ROUND, D(count), D(price * count)))
    put(session, facts)


def test_the_worked_example_comes_out_of_purchases(session: Session, scene: Scene) -> None:
    worked(session, scene)
    asked = Asked(MONTHS[0], MONTHS[2])
    last = sums.series(sums.amounts(session, asked)[""], asked)[-1]
    assert (last.laspeyres, last.paasche, last.fisher) == (D("0.96429"), D("0.92994"), D("0.94696"))
    assert (last.coverage, last.items_coverage) == (1, 1)
    for by in Split:
        rows = sums.rows(session, asked, by)
        assert sum(row.amount for row in rows) == D(1460), "4 × 150 + 11 × 40 + 2 × 210"
    items = sums.items(session, asked)
    assert [one.relative for one in items] == [D("0.80000"), D("1.10000"), D(1)]
    own = Asked(MONTHS[0], MONTHS[2], company_id=scene.companies[1].id)
    assert len(sums.items(session, own)) == 1
    assert spending(session, asked)[0].amounts == {(VarietyKind.DRUG, Ground.ROUND): D(1400)}


def test_savings_name_what_they_rest_on_and_what_is_missing(session: Session, scene: Scene) -> None:
    worked(session, scene)
    first = scene.products[0]
    asked = read({"from": "2026-01", "to": "2026-03"}, NOW)
    assert [one.saving.value for one in savings.stated(session, asked)] == [None, None, D("110.00")]
    services.set_baselines(
        session, source=ROUND, prices={first.specification_id: D(7)}, records={first.specification_id: 3}
    )
    for kind, price, day in ((ListingKind.LISTED, 7, 1), (ListingKind.AGREEMENT, 5, 9)):
        row = NewListing(first.id, PROVINCE, kind, D(price), date(2025, 12, day))
        list_products(session, rows=[row], actor=scene.officer, at=NOW)
    before, listed, period = savings.stated(session, asked)
    # specification 1 is sold by both makers: 250 units for 1100 and 90 for 940; the listed price is the first maker's
    assert (before.saving.value, before.saving.compared, before.saving.amount) == (
        D("340.00"),
        D("2040.00"),
        D("2860.00"),
    )
    assert (listed.saving.value, listed.saving.coverage) == (D("650.00"), D("0.384615"))
    assert (period.source, period.base, period.saving.compared_items) == ("", "2026-01", 3)
