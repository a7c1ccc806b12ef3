"""Agreed volumes, waterfalls, the pool, bidding units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rounds.rules.units import covered, split_units
from procurement.rounds.rules.volumes import (
    NotConserved,
    Reassign,
    hospital_volume,
    own_volume,
    proportional,
    waterfall,
)

SIX, HALF = Decimal("0.6"), Decimal("0.5")


@pytest.mark.parametrize(
    ("winners", "volumes"),
    [
        (1, [100_000]),
        (2, [60_000, 40_000]),
        (3, [60_000, 24_000, 16_000]),
        (4, [50_000, 25_000, 12_500, 12_500]),
        (5, [50_000, 25_000, 12_500, 6_250, 6_250]),
    ],
)
def test_the_waterfall_of_a_base_of_100_000(winners: int, volumes: list[int]) -> None:
    assert waterfall(Decimal(100_000), winners, two=[SIX], three=[SIX, SIX], many=HALF) == volumes


@given(base=st.decimals(0, 10**9, places=3), winners=st.integers(1, 15))
def test_a_waterfall_adds_up_exactly(base: Decimal, winners: int) -> None:
    assert sum(waterfall(base, winners, two=[SIX], three=[SIX, SIX], many=HALF)) == base


@given(
    total=st.decimals(0, 10**9, places=3), weights=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=12)
)
def test_proportional_parts_add_up_exactly(total: Decimal, weights: list[Decimal]) -> None:
    parts = proportional(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


@pytest.mark.parametrize(
    ("how", "given_to"),
    [
        (Reassign.LOWEST_FIRST, {"甲": Decimal(40)}),
        (Reassign.PRO_RATA, {"甲": Decimal(25), "乙": Decimal(15)}),
        (Reassign.TOP_UNIT, {"乙": Decimal(40)}),
    ],
)
def test_the_pool_goes_to_winners_and_nothing_is_lost(how: Reassign, given_to: dict[str, Decimal]) -> None:
    own = {"甲": Decimal(50), "乙": Decimal(30), "丙": Decimal(40)}
    done = hospital_volume(own, {}, winners=["甲", "乙"], how=how, top_unit=["乙"])
    assert done.reassigned == given_to
    assert sum(done.agreed.values()) + sum(done.reassigned.values()) == done.own == 120


def test_grades_leave_a_part_for_the_pool() -> None:
    own = {"甲": own_volume(Decimal(100), Decimal("0.9")), "乙": own_volume(Decimal(50), Decimal("0.9"))}
    done = hospital_volume(own, {"乙": Decimal("0.6")}, winners=["甲", "乙"], how=Reassign.LOWEST_FIRST)
    assert (done.agreed, done.reassigned) == ({"甲": Decimal(90), "乙": Decimal(27)}, {"甲": Decimal(18)})


def test_a_hospitals_own_choice_that_does_not_add_up_is_refused() -> None:
    own = {"甲": Decimal(50), "丙": Decimal(40)}
    for choice in (
        {"甲": Decimal(39)},
        {"甲": Decimal(41)},
        {"丁": Decimal(40)},
        {"甲": Decimal(50), "乙": Decimal(-10)},
    ):
        with pytest.raises(NotConserved):
            hospital_volume(own, {}, winners=["甲", "乙"], how=Reassign.BY_HOSPITAL, choice=choice)
    done = hospital_volume(own, {}, winners=["甲", "乙"], how=Reassign.BY_HOSPITAL, choice={"乙": Decimal(40)})
    assert done.own == 90


def test_the_company_that_crosses_85_percent_counts_as_covered() -> None:
    volumes = {"甲": Decimal(50), "乙": Decimal(34), "丙": Decimal(2), "丁": Decimal(14)}
    assert covered(volumes, Decimal("0.85")) == ["甲", "乙", "丁"]
    assert covered(volumes, Decimal("0.85"), crossing_counts=False) == ["甲", "乙"]
    assert covered({"甲": Decimal(50), "乙": Decimal(35), "丙": Decimal(15)}, Decimal("0.85")) == ["甲", "乙"]


def test_unit_a_wants_commitments_and_is_topped_up() -> None:
    volumes = {"甲": Decimal(60), "乙": Decimal(30), "丙": Decimal(6), "丁": Decimal(4)}
    units = split_units(volumes, {"甲", "丙", "丁"}, share=Decimal("0.85"), minimum=2)
    assert units == {"甲": "A", "乙": "B", "丙": "A", "丁": "B"}
