"""Batch 2 as published, reshaped to the bid table."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kernel.money import round_price, working
from procurement.rounds.rules.model import BidRow, Form

TWO = Decimal(2)


@dataclass(frozen=True)
class Published:
    """One bid with what the official result says about it."""

    bid: BidRow
    won: bool
    provinces: int


def price_factor(linear: Decimal) -> Decimal:
    """The ratio rules' content factor: 1.7 ** log2(linear)."""
    with working():
        return Decimal("1.7") ** (linear.ln() / TWO.ln())


def round2(shared: Path) -> list[Published]:
    """Every bid of the file; source prices carry float tails, so they are rounded first."""
    folder = shared / "data" / "vbp"
    factors = json.loads((folder / "spec_factors.json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    with (folder / "round2_bids.csv").open(encoding="utf-8-sig", newline="") as file:
        return [published(row, factors) for row in csv.DictReader(file)]


def published(row: dict[str, str], factors: dict[str, dict[str, Decimal]]) -> Published:
    bid = BidRow(
        variety=row["drug"],
        spec=row["spec"],
        company=row["company_short"],
        unit_price=round_price(Decimal(row["bid_price_min_spec"])),
        cap=Decimal(row["ceiling_price"]),
        price_factor=price_factor(factors.get(row["drug"], {}).get(row["spec"], Decimal(1))),
        form=Form.OTHER,
        is_reference=row["is_originator"] == "1",
    )
    return Published(bid, row["is_winner"] == "1", int(row["n_provinces"]))
