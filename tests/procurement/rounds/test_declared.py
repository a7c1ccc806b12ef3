"""Who declared without a price counts in N where the rules count declarations, and wins nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel import clock
from procurement.bids import services as bids
from procurement.bids.declarations import services as declarations
from procurement.dossiers.flow import DocumentKind, Unmet, ValidAt
from procurement.dossiers.rules import asked_of
from procurement.rounds.models.evaluations import LotResult
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results
from procurement.rounds.queries.table import bid_table
from procurement.rounds.rules.columns import Column, Kind, lacking
from procurement.rounds.rules.model import BidRow
from procurement.rounds.services import evaluation, opening, publishing, setup
from tests.procurement.rounds.scene import OPENED, RECEIVES, Scene

PRICES = {1: ("0.5000", "0.8000", "", "", "")}


def evaluated(scene: Scene, basis: str) -> list[LotResult]:
    """A round of batch 4 in which company 3 only declares, and company 4 withdraws its bid and stays declared."""
    rules = f'''id = "own"
extends = "batch-4"
[parameter.count.basis]
value = "{basis}"
source = "x"
standing = "F"'''
    scene.draft()
    scene.does(setup.choose_rules, rule_set_id="batch-4", text=rules)
    scene.does(publishing.publish, "reviewer")
    scene.bid_all(PRICES)
    scene.bid(4, {1: "0.9000"})
    assert scene.round_ is not None
    box_id = scene.round_.box_id
    with clock.travel(to=RECEIVES + (OPENED - RECEIVES) / 2):
        lot = scene.lots[1].id
        declarations.declare(scene.session, box_id=box_id, lot_ids=[lot], actor=scene.actors["c3"])
        bids.withdraw(scene.session, box_id=box_id, actor=scene.actors["c4"])
        scene.bid(5, {1: "1.1000"}, at=clock.now())
        bids.withdraw(scene.session, box_id=box_id, actor=scene.actors["c5"], undeclare=True)
    scene.does(opening.open_bids, at=OPENED)
    made = scene.does(evaluation.evaluate, at=OPENED)
    return [one for one in results.lot_results(scene.session, made) if one.lot_id == scene.lots[1].id]


@pytest.mark.parametrize(("basis", "count"), [("declared", 4), ("valid", 2)])
def test_declarations_without_a_price_count_as_the_rules_say(scene: Scene, basis: str, count: int) -> None:
    (found,) = evaluated(scene, basis)
    assert found.bidders == count


def test_a_declaration_without_a_price_is_a_row_that_can_not_win(scene: Scene) -> None:
    evaluated(scene, "declared")
    assert isinstance(scene.round_, Round)
    rows = {row.company[:2]: row for row in bid_table(scene.session, scene.round_).rows}
    assert (rows["华辰"].declared, rows["华辰"].unit_price) == (True, None)
    assert (rows["瑞和"].declared, rows["瑞和"].unit_price) == (True, None)
    assert "江海" not in rows


def test_facts_are_asked_of_a_declaration_only_where_they_say_among_whom_it_counts() -> None:
    level = Column("quality_level", Kind.TEXT, filled=True, parts=True)
    fee = Column("service_fee", Kind.NUMBER, filled=True)
    bare = BidRow("品种", "甲", None, Decimal(2))
    assert [column.name for _bid, column in lacking([bare], [level, fee])] == ["quality_level"]
    priced = BidRow("品种", "甲", Decimal(1), Decimal(2))
    assert [column.name for _bid, column in lacking([priced], [level, fee])] == ["quality_level", "service_fee"]


def test_the_rules_hand_the_documents_they_ask_for_to_the_box(scene: Scene) -> None:
    rules = '''id = "own"
extends = "batch-4"
[parameter.eligibility.company_documents]
value = ["production-licence", "credit-commitment"]
source = "x"
standing = "F"
[parameter.eligibility.product_documents]
value = ["registration"]
source = "x"
standing = "F"
[parameter.eligibility.valid_at]
value = "opening"
source = "x"
standing = "F"'''
    made = scene.draft()
    scene.does(setup.choose_rules, rule_set_id="batch-4", text=rules)
    scene.does(publishing.publish, "reviewer")
    asked = asked_of(made.box.eligibility)
    assert asked.company == (DocumentKind.PRODUCTION_LICENCE, DocumentKind.CREDIT_COMMITMENT)
    assert (asked.product, asked.valid_at, asked.unmet) == (
        (DocumentKind.REGISTRATION,), ValidAt.OPENING, Unmet.MARK
    )  # fmt: skip


def test_a_round_whose_rules_ask_for_nothing_asks_for_nothing(scene: Scene) -> None:
    assert not asked_of(scene.publish().box.eligibility)
