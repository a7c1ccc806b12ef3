"""What holds for every report: the base adds up exactly, the floor and slips behave, states follow the clock."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kernel.db import Database
from kernel.errors import Conflict
from procurement.demand.flow import (
    CALL_FLOW,
    REPORT_FLOW,
    CallAction,
    CallState,
    ReportAction,
    ReportState,
    closes_at,
    may_write,
    settled,
)  # fmt: skip
from procurement.demand.models import BaseVolume, Call
from procurement.demand.queries import base as bases
from procurement.demand.queries import reports as report_queries
from procurement.demand.rules import Asked, Place, add_up, doubt, floor, odd_lines, reminder, slip
from procurement.demand.services import base, reports
from tests.procurement.demand.conftest import DEADLINE, NOW, World, line, populate

END = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
QUANTITIES = st.decimals(0, 10**9, places=3)


def test_collecting_ends_at_the_deadline_itself() -> None:
    tick = timedelta(microseconds=1)
    assert settled(CallState.COLLECTING, END, END - tick) is CallState.COLLECTING
    assert settled(CallState.COLLECTING, END, END) is CallState.REVIEWING
    assert settled(CallState.LOCKED, END, END) is CallState.LOCKED


def test_a_report_may_be_written_until_its_own_moment() -> None:
    later = closes_at(END, END + timedelta(days=1))
    assert may_write(CallState.REVIEWING, ReportState.RETURNED, later, END)
    assert not may_write(CallState.REVIEWING, ReportState.RETURNED, later, later)
    assert not may_write(CallState.LOCKED, ReportState.RETURNED, later, END)
    assert closes_at(END, END - timedelta(days=1)) == END


@pytest.mark.parametrize(
    ("flow", "pairs"),
    [(CALL_FLOW, list(product(CallState, CallAction))), (REPORT_FLOW, list(product(ReportState, ReportAction)))],
)
def test_a_state_allows_what_the_table_lists_and_nothing_else(flow, pairs) -> None:
    for state, action in pairs:
        if (state, action) in flow.table:
            assert flow.after(state, action) is flow.table[(state, action)]
        else:
            with pytest.raises(Conflict):
                flow.after(state, action)


@given(QUANTITIES, QUANTITIES)
def test_the_floor_is_met_by_the_mean_and_missed_by_nothing_below_it(last: Decimal, before: Decimal) -> None:
    least = floor(last, before)
    assert least is not None and 0 <= least <= (last + before) / 2 + Decimal("0.001")


@given(st.decimals(1, 10**6, places=3), st.integers(1, 100))
def test_a_slip_is_found_at_ten_times_and_not_before(last: Decimal, times: int) -> None:
    assert (slip(last * times, last) == 1) is (times >= 10)
    assert (slip(last, last * times) == -1) is (times >= 10)


@given(st.lists(st.tuples(QUANTITIES, st.decimals("0.000001", 1000, places=6)), max_size=8))
def test_reference_units_do_not_depend_on_the_order(parts: list[tuple[Decimal, Decimal]]) -> None:
    assert add_up(parts) == add_up(list(reversed(parts)))


def test_another_strength_is_no_cut() -> None:
    five = Place(1, 1, "x", 1, "5mg", "片", Decimal(1), last_year=Decimal(1000), year_before=Decimal(1000))
    ten = Place(1, 1, "x", 2, "10mg", "片", Decimal(2))
    assert odd_lines([Asked(2, None, Decimal(400))], [five, ten]) == []
    found = odd_lines([Asked(2, None, Decimal(399))], [five, ten])
    assert [each.issue.code for each in found] == ["demand-below-floor"]


def test_each_reminder_goes_out_once_and_none_after_the_deadline() -> None:
    sent, last = [], None
    for minutes in range(80 * 60, -60, -10):
        hours = reminder(END, last, END - timedelta(minutes=minutes))
        if hours is not None:
            sent.append((hours, minutes))
            last = hours
    assert sent == [(72, 72 * 60), (24, 24 * 60), (2, 120)]


@st.composite
def told(draw: st.DrawFn) -> dict[str, dict[tuple[int, bool], Decimal]]:
    """Per hospital, quantities by (specification's place, for the maker's brand)."""
    whole = st.integers(0, 10**8).map(Decimal)
    cells = st.dictionaries(st.tuples(st.integers(0, 2), st.booleans()), whole, max_size=6)
    return {who: draw(cells) for who in ("one", "two", "three")}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told(), st.sets(st.sampled_from(["one", "two", "three"]), min_size=1))
def test_the_base_adds_up_exactly_to_the_accepted_reports(
    database: Database, asked: dict[str, dict[tuple[int, bool], Decimal]], accepted: set[str]
) -> None:
    with pytest.raises(_Undo), database.transaction() as session:
        world = populate(session)
        call = world.call()
        _report(world, call, asked, accepted)
        world.act(base.lock, "agency", DEADLINE + timedelta(hours=1), call_id=call.id)
        regions = {who: world.organisations[who].region_code for who in asked}
        expected: dict[tuple[int, str | None, int | None], Decimal] = defaultdict(Decimal)
        totals: list[tuple[Decimal, Decimal]] = []
        for who in accepted:
            for each in _lines(world, asked[who]):
                if each.quantity:
                    expected[(each.specification_id, regions[who], each.company_id)] += each.quantity
                    totals.append((each.quantity, world.factors(call)[each.specification_id]))
        stored = session.scalars(select(BaseVolume)).all()
        assert {(r.specification_id, r.region_code, r.company_id): r.quantity for r in stored} == expected
        assert sum(bases.lot_totals(session, call.id).values()) == add_up(totals)
        raise _Undo


class _Undo(Exception):
    """Leaves the database as it was, for the next example."""


def _lines(world: World, cells: dict[tuple[int, bool], Decimal]) -> list[Asked]:
    ids = [*world.ids("V001"), *world.ids("V002")]
    brands = (world.id("maker"), world.id("maker"), world.id("rival"))
    return [
        line(ids[place], int(quantity), brands[place] if brand else None) for (place, brand), quantity in cells.items()
    ]


def _report(world: World, call: Call, asked: dict[str, dict[tuple[int, bool], Decimal]], accepted: set[str]) -> None:
    for who, cells in asked.items():
        world.act(reports.save_report, who, call_id=call.id, lines=_lines(world, cells))
        if who in accepted:
            world.act(reports.submit, who, call_id=call.id, confirmed=True)
            found = report_queries.report_of(world.session, call_id=call.id, hospital_id=world.id(who))
            assert found is not None
            world.act(reports.accept, "agency", NOW, report_id=found.id)


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("500", "demand-packs"), ("550", "demand-packs"), ("551", "demand-tenth"), ("450", "demand-packs"),
        ("288000", "demand-units"), ("120000", "demand-tenfold"), ("119999", None), ("1200", "demand-tenth"),
        ("1201", None), ("6000", None), ("0", None),
    ],
)  # fmt: skip
def test_packs_typed_for_tablets_are_told_from_a_slip_by_ten(quantity: str, code: str | None) -> None:
    place = Place(1, 1, "x", 1, "5mg", "片", Decimal(1), last_year=Decimal(12_000), packs=(2, 24))
    found = doubt(place, Decimal(quantity))
    assert (found and found.code) == code
