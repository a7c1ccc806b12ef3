"""Wall times as forms carry them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kernel.clock import read_beijing


def test_a_wall_time_is_beijings() -> None:
    assert read_beijing("2026-11-20T17:00") == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "2026-11-20", "2026-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-11-20T17:00Z"],
)
def test_what_is_no_wall_time_of_this_century_is_none(written: str) -> None:
    assert read_beijing(written) is None
