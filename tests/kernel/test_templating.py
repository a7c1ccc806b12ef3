"""Figures and due moments as pages show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kernel.templating import amount, minute, nearness, percent, price, signed, wall

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in Beijing


def test_a_unit_price_has_four_decimals_and_nothing_is_a_dash() -> None:
    assert price(Decimal("0.4861")) == "0.4861"
    assert price(Decimal("1234.5")) == "1,234.5000"
    assert price(None) == "—"


def test_minus_is_the_true_minus_and_plus_is_written() -> None:
    assert signed(Decimal("-85.66"), 1) == "\N{MINUS SIGN}85.7"
    assert signed(Decimal("11.85"), 1) == "+11.9"
    assert signed(Decimal("-0.04"), 1) == "0.0"
    assert amount(Decimal("-18420")) == "\N{MINUS SIGN}18,420.00"


def test_a_share_is_rounded_half_up() -> None:
    assert percent(Decimal("0.17150")) == "17.2"
    assert percent(Decimal("0.723"), 2) == "72.30"


def test_times_are_those_of_beijing() -> None:
    assert minute(NOON) == "2026-11-20 12:00"
    assert wall(NOON) == "2026-11-20T12:00:00"
    assert wall("2026-11-20T25:00") == "2026-11-20T25:00"


@pytest.mark.parametrize(
    ("left", "word", "count", "tone"),
    [
        (timedelta(days=-4), "late", 4, "bad"),
        (timedelta(hours=-1), "late", 0, "bad"),
        (timedelta(minutes=14), "minutes", 14, "bad"),
        (timedelta(minutes=15), "minutes", 15, "warn"),
        (timedelta(minutes=59), "minutes", 59, "warn"),
        (timedelta(hours=1), "hours", 1, "warn"),
        (timedelta(hours=5), "hours", 5, "warn"),
        (timedelta(hours=6), "today", 0, "warn"),
        (timedelta(hours=12), "days", 1, "warn"),
        (timedelta(days=3), "days", 3, ""),
        (timedelta(days=4), "date", 4, ""),
    ],
)
def test_due_words_change_by_nearness(left: timedelta, word: str, count: int, tone: str) -> None:
    found = nearness(NOON + left, NOON)
    assert (found.word, found.count, found.tone) == (word, count, tone)
