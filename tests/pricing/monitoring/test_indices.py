"""Price indices: the handbook's worked figures, and what must hold for any."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pricing.monitoring.cli import index_command
from pricing.monitoring.rules import Priced, indices

D = Decimal


def basket(*rows: tuple[str, str]) -> dict[str, Priced]:
    return {f"i{number}": Priced(D(price), D(quantity)) for number, (price, quantity) in enumerate(rows)}


BEFORE = basket(("5", "100"), ("10", "50"), ("2", "200"))
AFTER = basket(("4", "150"), ("11", "40"), ("2", "210"))


def test_the_worked_example_to_five_decimals() -> None:
    base, found = indices({"2024": BEFORE, "2025": AFTER})
    assert (found.laspeyres, found.paasche, found.fisher) == (D("0.96429"), D("0.92994"), D("0.94696"))
    assert (base.fisher, found.coverage, found.matched) == (D(1), D(1), 3)


def test_items_priced_once_are_left_out_and_the_coverage_says_so() -> None:
    found = indices({"1": BEFORE, "2": {**AFTER, "new": Priced(D(100), D(5))}})[1]
    assert (found.laspeyres, found.matched) == (D("0.96429"), 3)
    assert found.coverage == D("0.74490")
    alone = indices({"1": BEFORE, "2": {"new": Priced(D(1), D(1))}})[1]
    assert (alone.laspeyres, alone.fisher, alone.coverage) == (None, None, D("0.00000"))


def test_a_chain_multiplies_its_links_both_ways() -> None:
    three = {"1": BEFORE, "2": AFTER, "3": BEFORE}
    assert indices(three, chained=True)[2].fisher == 1
    back = indices({"1": BEFORE, "2": AFTER}, base="2", chained=True)
    assert back[0].fisher == D("1.05602")
    assert [one.fisher for one in indices(three)] == [one.fisher for one in indices(three, chained=True)]


PRICES = st.integers(1, 10**8).map(lambda number: Decimal(number).scaleb(-4))
QUANTITIES = st.integers(1, 10**7).map(Decimal)
BASKETS = st.lists(st.tuples(PRICES, PRICES, QUANTITIES, QUANTITIES), min_size=1, max_size=6)


@given(BASKETS)
def test_fisher_lies_between_the_other_two(rows: list[tuple[Decimal, ...]]) -> None:
    before = {str(n): Priced(p0, q0) for n, (p0, _p1, q0, _q1) in enumerate(rows)}
    after = {str(n): Priced(p1, q1) for n, (_p0, p1, _q0, q1) in enumerate(rows)}
    found = indices({"1": before, "2": after})[1]
    assert found.laspeyres is not None and found.paasche is not None and found.fisher is not None
    assert min(found.laspeyres, found.paasche) <= found.fisher <= max(found.laspeyres, found.paasche)


@given(BASKETS)
def test_unchanged_prices_give_one(rows: list[tuple[Decimal, ...]]) -> None:
    before = {str(n): Priced(p0, q0) for n, (p0, _p1, q0, _q1) in enumerate(rows)}
    after = {str(n): Priced(p0, q1) for n, (p0, _p1, _q0, q1) in enumerate(rows)}
    found = indices({"1": before, "2": after})[1]
    assert found.laspeyres == found.paasche == found.fisher == 1


@given(BASKETS, st.integers(2, 1000).map(Decimal))
def test_the_unit_an_item_is_counted_in_does_not_matter(rows: list[tuple[Decimal, ...]], pack: Decimal) -> None:
    def baskets(factor: Decimal) -> dict[str, dict[str, Priced]]:
        first = {str(n): Priced(p0 * factor, q0 / factor) for n, (p0, _p1, q0, _q1) in enumerate(rows)}
        second = {str(n): Priced(p1 * factor, q1 / factor) for n, (_p0, p1, _q0, q1) in enumerate(rows)}
        return {"1": first, "2": second}

    whole, packs = indices(baskets(D(1)))[1], indices(baskets(D(2) ** int(pack % 20)))[1]
    assert (whole.laspeyres, whole.paasche, whole.fisher) == (packs.laspeyres, packs.paasche, packs.fisher)


def test_the_command_prints_every_period(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    lines = [f"{item},{period},{one.price},{one.quantity}"
             for period, found in (("2024", BEFORE), ("2025", AFTER)) for item, one in found.items()]  # fmt: skip
    table.write_text("\n".join(["item,period,price,quantity", *lines]), "utf-8")
    answer = json.loads(CliRunner().invoke(index_command, [str(table)]).stdout)
    assert [one["fisher"] for one in answer["periods"]] == ["1.00000", "0.94696"]
    assert CliRunner().invoke(index_command, [str(table), "--base", "1999"]).exit_code == 2
    table.write_text("item,period,price,quantity\na,1,0,5\na,1,2,x\n", "utf-8")
    refused = CliRunner().invoke(index_command, [str(table)])
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 3


@pytest.mark.parametrize("chained", [True, False])
def test_periods_are_taken_in_their_order(chained: bool) -> None:
    found = indices({"2025-02": AFTER, "2025-01": BEFORE}, chained=chained)
    assert [one.period for one in found] == ["2025-01", "2025-02"]
