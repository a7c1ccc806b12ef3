"""Supply regions: counts, draft and take-over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rounds.rules.allocation import draft_counts, region_counts, take_over


@given(regions=st.integers(1, 60), winners=st.integers(1, 12))
def test_counts_follow_the_published_formula_and_add_up(regions: int, winners: int) -> None:
    each, extra = divmod(regions - 1, winners)
    assert draft_counts(regions, winners) == [each + (i <= extra) + (i == 1) for i in range(1, winners + 1)]
    assert sum(draft_counts(regions, winners)) == regions


@pytest.mark.parametrize(("winners", "counts"), [(1, [31]), (2, [16, 15]), (3, [11, 10, 10]), (4, [9, 8, 7, 7])])
def test_counts_over_31_regions(winners: int, counts: list[int]) -> None:
    assert draft_counts(31, winners) == counts


def test_a_shared_rank_has_a_count_only_where_every_order_gives_the_same() -> None:
    assert region_counts([[0], [1, 2]], 3, 7, 1) == {0: 3, 1: 2, 2: 2}
    assert region_counts([[0, 1], [2]], 3, 7, 1) == {0: None, 1: None, 2: 2}
    assert region_counts([[0]], None, 7, 1) == {0: None}


def test_the_backup_takes_over_first_and_then_the_others_by_rank() -> None:
    assert take_over(main="甲", backup="丙", by_rank=["甲", "乙", "丙", "丁"]) == ["丙", "乙", "丁"]
    assert take_over(main="甲", backup=None, by_rank=["甲", "乙"]) == ["乙"]
