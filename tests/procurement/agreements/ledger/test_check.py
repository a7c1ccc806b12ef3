"""Accounts, entries, agreements and orders say the same, on every day; who tampers with one of them is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Database
from procurement.agreements.ledger.flow import Book, Stage
from procurement.orders.models.orders import Order
from procurement.orders.reconciliation.cli import ledger
from procurement.orders.reconciliation.queries import reconcile
from procurement.orders.services import answers, receiving, returns, shipping
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch
from tests.procurement.orders.market import NOW, Market, populate

DAY = date(2026, 3, 3)
LATER = NOW + timedelta(days=2)


def traded(session: Session, market: Market) -> Order:
    """Buy within and beyond an agreement, receive a part two days later, and send some of it back."""
    order = market.order(session, a=20_500)[0]
    company, hospital = market.actors["company1"], market.actors["h1"]
    answers.confirm(session, order_id=order.id, actor=company, at=NOW)
    batch = Batch(order.lines[0].id, "B1", date(2028, 1, 1), order.lines[0].quantity - 100)
    sent = shipping.ship(session, order_id=order.id, batches=[batch], actor=company, at=NOW)
    row = sent.lines[0]
    with clock.travel(to=LATER):
        said = {row.id: Arrived(row.quantity)}
        receiving.receive(session, shipment_id=sent.id, arrived=said, actor=hospital, at=LATER)
        back = returns.ask(
            session, shipment_id=sent.id, quantities={row.id: row.quantity / 4}, reason="近效期", actor=hospital,
            at=LATER,
        )  # fmt: skip
        returns.answer(session, return_id=back.id, accepted=True, actor=company, at=LATER)
    return order


def test_the_ledger_agrees_on_every_day(session: Session, market: Market) -> None:
    with clock.travel(to=NOW):
        traded(session, market)
    before, first, last = (reconcile(session, day=DAY + timedelta(days=days)) for days in (-1, 0, 2))
    assert [one.differences for one in (before, first, last)] == [[], [], []]
    assert (before.entries, first.balances[Book.AGREED][Stage.SHIPPED]) == (0, 19_900)
    assert first.balances[Book.BEYOND][Stage.ORDERED] == 500
    assert last.balances[Book.AGREED][Stage.RECEIVED] == 14_925
    assert all(sum(held.values()) == 0 for one in (first, last) for held in one.balances.values())


TAMPERED: list[tuple[str, Callable[[Order], str]]] = [
    ("account", lambda order: "update volume_account set received = received - 1 where received > 0"),
    ("agreement", lambda order: "update agreement set used = used - 1 where used > 0"),
    ("order-line", lambda order: f"update order_line set quantity = quantity + 1 where order_id = {order.id}"),
    ("shipment-line", lambda order: "update shipment_line set quantity = quantity + 1"),
    ("return-line", lambda order: "update purchase_return_line set quantity = quantity - 1"),
    ("stray-entry", lambda order: "update volume_entry set subject_id = 999999 where move = 'order'"),
    ("stage-below-nothing", lambda order: "delete from volume_entry where move = 'allocate'"),
]


@pytest.mark.parametrize(("check", "statement"), TAMPERED, ids=[check for check, _statement in TAMPERED])
def test_whatever_is_tampered_with_is_named(
    session: Session, market: Market, check: str, statement: Callable[[Order], str]
) -> None:
    with clock.travel(to=NOW):
        order = traded(session, market)
    session.flush()
    session.execute(text(statement(order)))
    assert check in {one.check for one in reconcile(session, day=DAY + timedelta(days=9)).differences}


def test_the_command_says_it_with_its_exit_code(database: Database) -> None:
    with database.transaction() as session:
        populate(session).order(session, a=100)
    url = database.engine.url.render_as_string(hide_password=False)
    done = CliRunner().invoke(ledger, ["check", "--date", "2026-03-03", "--database", url])
    assert (done.exit_code, json.loads(done.output)["agrees"]) == (0, True)
    with database.transaction() as session:
        session.execute(text("update agreement set used = used + 1 where used > 0"))
    done = CliRunner().invoke(ledger, ["check", "--database", url])
    assert (done.exit_code, json.loads(done.output)["differences"][0]["check"]) == (1, "agreement")
