from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict
from procurement.bids import rules
from procurement.bids.flow import (
    BID_FLOW,
    BOX_FLOW,
    BidAction,
    BidState,
    BoxAction,
    BoxState,
    InvalidPrice,
    settled,
)
from procurement.bids.rules import BidLine, Place, faults, read_price

from .conftest import DEADLINE

CAP = Decimal("1.6800")


@pytest.mark.parametrize(
    ("typed", "price", "code"),
    [
        ("1.6800", "1.6800", ""), ("1.6801", "1.6801", "over-cap"), ("1.68000", "1.68", ""), ("0.0001", "0.0001", ""),
        ("１.２３", "1.23", ""), ("1,000", "1000", "over-cap"), (" 1.2 ", "1.2", ""),
        ("0.00001", None, "price-too-precise"),
        ("", None, "price-missing"), ("\u3000", None, "price-missing"), ("0", "0", "price-zero"),
        ("0.0000", "0", "price-zero"),
        ("-0.5", None, "price-negative"), ("NaN", None, "price-not-a-number"), ("1_000", None, "price-not-a-number"),
        ("1e3", None, "price-not-a-number"), ("²", None, "price-not-a-number"), ("1.2.3", None, "price-not-a-number"),
        ("9" * 13, None, "price-too-large"), ("0.30000000000000004", None, "price-too-precise"),
    ],
)  # fmt: skip
def test_a_typed_price_is_read_as_written_or_told_why_not(typed: str, price: str | None, code: str) -> None:
    read = read_price(typed, CAP)
    assert (read.price, read.code) == (None if price is None else Decimal(price), code)


@given(
    st.decimals(min_value="0.0001", max_value="99999", places=4),
    st.decimals(min_value="0.0001", max_value="99999", places=4),
)
def test_a_price_is_valid_exactly_up_to_its_cap(price: Decimal, cap: Decimal) -> None:
    assert (read_price(format(price, "f"), cap).code == "") == (price <= cap)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_either_a_price_of_four_decimals_or_a_fault(typed: str) -> None:
    read = read_price(typed, CAP)
    assert read.code in {"", *rules.CLAUSES}
    if not read.code:
        assert read.price is not None
        assert 0 < read.price <= CAP


def test_marking_lets_through_what_cannot_win_but_never_what_is_no_number() -> None:
    offer = [Place(1, 1, spec, CAP, (9,)) for spec in range(1, 6)]
    lines = [BidLine(1, spec, typed) for spec, typed in enumerate(("", "0", "0.00001", "9", "x"), 1)]
    assert [fault.code for fault in faults(lines, offer, policy=InvalidPrice.MARK)] == ["price-not-a-number"]
    assert len(faults(lines, offer)) == 5


def test_every_fault_names_its_clause() -> None:
    offer = [Place(1, 1, 1, CAP, (9,)), Place(1, 1, 2, CAP)]
    lines = [BidLine(1, 1, "9", 8), BidLine(1, 1, "1"), BidLine(1, 2, "1"), BidLine(1, 3, "1"), BidLine(2, 1, "1")]
    found = [(fault.index, fault.code, fault.rule) for fault in faults(lines, offer)]
    assert found == [
        (0, "product-not-yours", "B6"), (0, "over-cap", "B5"), (1, "line-repeated", "B7"), (2, "no-product", "B6"),
        (3, "unknown-specification", "B8"), (4, "unknown-lot", "B8"),
    ]  # fmt: skip


def test_a_receipt_changes_with_every_part_of_it() -> None:
    parts = {"box": "R", "company": "C", "at": DEADLINE, "withdrawal": False, "lots": [(1, 1, "ab")]}
    changes = [
        {}, {"box": "S"}, {"company": "D"}, {"at": DEADLINE + timedelta(microseconds=1)}, {"withdrawal": True},
        {"lots": [(1, 2, "ab")]}, {"lots": [(1, 1, "ac")]},
    ]  # fmt: skip
    digests = {rules.submission_digest(**(parts | change)) for change in changes}  # type: ignore[arg-type]
    assert len(digests) == len(changes)


@pytest.mark.parametrize(("state", "action"), list(itertools.product(BoxState, BoxAction)))
def test_a_box_moves_only_along_its_table(state: BoxState, action: BoxAction) -> None:
    if BOX_FLOW.allows(state, action):
        assert BOX_FLOW.after(state, action) is not state
    else:
        with pytest.raises(Conflict):
            BOX_FLOW.after(state, action)


@pytest.mark.parametrize(("state", "action"), list(itertools.product(BidState, BidAction)))
def test_an_opened_or_spoilt_bid_never_changes_again(state: BidState, action: BidAction) -> None:
    if state in (BidState.OPENED, BidState.SPOILT):
        assert not BID_FLOW.allows(state, action)


def test_a_box_is_closed_from_its_deadline_on_whether_or_not_a_job_ran() -> None:
    before = DEADLINE - timedelta(microseconds=1)
    assert settled(BoxState.RECEIVING, DEADLINE, before) is BoxState.RECEIVING
    assert settled(BoxState.RECEIVING, DEADLINE, DEADLINE) is BoxState.CLOSED
    assert settled(BoxState.OPENED, DEADLINE, DEADLINE) is BoxState.OPENED
