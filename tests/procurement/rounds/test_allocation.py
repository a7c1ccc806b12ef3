"""Supply regions: counts, draft and take-over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rounds.rules.allocation import draft, draft_counts, region_counts, take_over


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


@st.composite
def drafts(draw: st.DrawFn) -> tuple[list[str], list[str], dict[str, list[str]]]:
    winners = [f"企业{number}" for number in range(draw(st.integers(1, 10)))]
    regions = [f"地区{number:02}" for number in range(draw(st.integers(1, 32)))]
    wishes = {w: draw(st.lists(st.sampled_from(regions), unique=True, max_size=12)) for w in winners}
    return winners, regions, wishes


@given(drafts())
def test_every_region_has_one_main_supplier_in_the_counts_of_the_formula(
    case: tuple[list[str], list[str], dict[str, list[str]]],
) -> None:
    winners, regions, wishes = case
    done = draft(winners, regions, wishes)
    assert sorted(done.main) == regions
    assert [list(done.main.values()).count(winner) for winner in winners] == draft_counts(len(regions), len(winners))


@given(drafts())
def test_every_region_has_a_backup_other_than_its_main_supplier(
    case: tuple[list[str], list[str], dict[str, list[str]]],
) -> None:
    winners, regions, wishes = case
    done = draft(winners, regions, wishes)
    assert sorted(done.backup) == (regions if len(winners) > 1 else [])
    assert all(done.main[region] != company for region, company in done.backup.items())


def test_rank_1_picks_first_and_then_once_a_round() -> None:
    wishes = {"甲": ["北京", "天津"], "乙": ["北京", "上海"], "丙": ["天津"]}
    done = draft(["甲", "乙", "丙"], ["上海", "北京", "天津", "河北"], wishes)
    assert [(pick.company, pick.region) for pick in done.turns] == [
        ("甲", "北京"), ("甲", "天津"), ("乙", "上海"), ("丙", "河北"),
    ]  # fmt: skip


def test_the_backup_takes_over_first_and_then_the_others_by_rank() -> None:
    assert take_over(main="甲", backup="丙", by_rank=["甲", "乙", "丙", "丁"]) == ["丙", "乙", "丁"]
    assert take_over(main="甲", backup=None, by_rank=["甲", "乙"]) == ["乙"]
