"""Times of an evaluation, in milliseconds and against what the issue asks for. Nothing is asserted."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import click

from procurement.rounds.rules.award import evaluate
from procurement.rounds.rules.model import BidRow, Form
from procurement.rounds.rules.ruleset import load_rule_set
from tests.procurement.rounds.reshaped import round2

ROOT = Path(__file__).resolve().parents[2]
WANTED = {"round 2, 32 varieties, 158 bids": 60, "65 varieties, 900 bids": 2000}


def large(seed: int = 12) -> list[BidRow]:
    """A made-up round of 65 varieties and 900 bids."""
    chance = random.Random(seed)
    bids = []
    for number in range(900):
        cap = Decimal(chance.randint(500, 90_000)).scaleb(-4)
        price = (cap * chance.randint(8, 104) / 100).quantize(Decimal("0.0001"))
        bids.append(
            BidRow(
                variety=f"品种{number % 65:02}",
                company=f"企业{number // 65:02}",
                unit_price=price,
                cap=cap,
                form=Form.ORAL_SOLID,
                brand_demand=Decimal(chance.randint(1, 1000)),
                revival_offer=chance.random() < 0.5,
            )
        )
    return bids


def best_of(action: Callable[[], object], times: int = 5) -> float:
    """Return the best time in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        found.append((time.perf_counter() - start) * 1000)
    return min(found)


def run() -> None:
    """Print how long evaluations take, explanations included."""
    shared = Path(os.environ.get("JICAI_SHARED", ROOT.parent / "shared"))
    rounds = {"65 varieties, 900 bids": large()}
    if (shared / "data").is_dir():
        rounds = {"round 2, 32 varieties, 158 bids": [line.bid for line in round2(shared)], **rounds}
    for name, bids in rounds.items():
        for rules in ("batch-2", "batch-10", "batch-11"):
            rule_set = load_rule_set(rules)
            took = best_of(lambda bids=bids, rule_set=rule_set: evaluate(bids, rule_set, regions=31))  # type: ignore[misc]  # defaults bind the loop's values
            click.echo(f"{name}, {rules}: {took:.1f} ms, {took / WANTED[name]:.2f} of {WANTED[name]} ms")


if __name__ == "__main__":
    run()
