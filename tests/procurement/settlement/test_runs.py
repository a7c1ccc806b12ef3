"""Payment runs of the fund: prepared by one person, paid by another, all or nothing; accounts of hospitals follow."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kernel.auth.second import SamePerson
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.orders.reconciliation.queries import reconcile
from procurement.rounds.models.rounds import Round
from procurement.settlement.claims import services as claims
from procurement.settlement.flow import Channel, ClaimState, InvoiceState, RunState
from procurement.settlement.fund import queries, services
from procurement.settlement.fund.services import Due
from procurement.settlement.models.claims import FundAccount, FundEntry
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.runs import services as runs
from tests.procurement.orders.market import NOW, Market

from .funded import PAID_ON, agrees, approved, matched, paid, prepared
from .goods import sent_back
from .test_claims import credited

MONTH = date(2026, 2, 1)
WORTH = Decimal("123.40")


def account(session: Session, market: Market, who: str = "h1") -> FundAccount:
    session.expire_all()
    return queries.one(session, market.organisations[who], market.actors["agency"])


def due(session: Session, market: Market, amount: str, who: str = "h1", month: date = MONTH) -> None:
    said = Due(market.organisations[who], month, Decimal(amount))
    services.say_due(session, dues=[said], actor=market.actors["agency"], at=NOW)


def prepay(session: Session, market: Market, budget: str, amount: str) -> FundEntry:
    round_id = session.scalars(select(Round.id)).one()
    return services.prepay(
        session, hospital_id=market.organisations["h1"], round_id=round_id, budget=Decimal(budget),
        amount=Decimal(amount), note="", actor=market.actors["agency"], at=NOW,
    )  # fmt: skip


def test_a_run_pays_claims_and_takes_them_off_what_hospitals_are_due(session: Session, market: Market) -> None:
    a, b = matched(session, market, 1), matched(session, market, 2, who="h2", count=500)
    c = matched(session, market, 1, seller="company2")
    first = approved(session, market, a)
    second = approved(session, market, b, who="h2")
    third = approved(session, market, c, seller="company2")
    due(session, market, "1000.00")
    run = prepared(session, market, first, second, third)
    assert (run.count, run.amount, run.number) == (3, Decimal("308.50"), "ZF20260303-01")
    with pytest.raises(SamePerson):
        runs.pay(session, fund_run_id=run.id, reference="F1", paid_on=PAID_ON, actor=market.actors["agency"], at=NOW)
    assert paid(session, market, run).state is RunState.PAID
    session.expire_all()
    made = session.scalars(select(Payment).order_by(Payment.id)).all()
    assert [(one.channel, one.amount, one.reference) for one in made] == [
        (Channel.FUND, claim.amount, f"F1/{claim.number}") for claim in (first, second, third)
    ]  # fmt: skip
    assert {one.state for one in (a, b, c)} == {InvoiceState.PAID}
    assert {one.state for one in (first, second, third)} == {ClaimState.PAID}
    assert session.scalars(select(VolumeAccount.paid).order_by(VolumeAccount.id)).all() == [1000, 1000, 500, 0]
    assert (account(session, market).balance, account(session, market, "h2").balance) == (
        Decimal("753.20"), Decimal("-61.70")
    )  # fmt: skip
    assert agrees(session)


def test_the_ledger_check_names_what_differs_in_settlement(session: Session, market: Market) -> None:
    first, second = matched(session, market, 1), matched(session, market, 2)
    paid(session, market, prepared(session, market, approved(session, market, first)))
    claim = approved(session, market, second)
    assert agrees(session)
    session.execute(update(Payment).values(amount=Payment.amount - 1, gross=Payment.gross - 1))
    session.execute(update(FundAccount).values(direct=FundAccount.direct + 2))
    session.execute(update(Invoice).where(Invoice.id == second.id).values(claim_id=None))
    session.execute(update(VolumeEntry).where(VolumeEntry.move == Move.PAY).values(quantity=999))
    found = {one.check: one for one in reconcile(session, day=PAID_ON).differences}
    wanted = {"payment", "claim", "claim-paid", "fund-account", "fund-paid", "invoice-line-paid", "batches-paid"}
    assert wanted | {"account"} == set(found)
    assert found["claim"].subject == claim.id
    assert found["fund-account"].figures == {"direct": (Decimal("125.40"), Decimal("123.40"))}


def test_a_run_is_paid_once_and_a_reference_pays_one_run(session: Session, market: Market) -> None:
    first, second = (approved(session, market, matched(session, market, each)) for each in (1, 2))
    run, other = prepared(session, market, first), prepared(session, market, second)
    paid(session, market, run)
    with pytest.raises(Conflict, match="wrong-state"):
        paid(session, market, run, "F2")
    with pytest.raises(Conflict, match="payment-reference-used"), session.begin_nested():
        paid(session, market, other)
    with pytest.raises(Conflict, match="claim-not-free"):
        prepared(session, market, second)
    with pytest.raises(Conflict, match="wrong-state"):
        runs.cancel(session, fund_run_id=run.id, actor=market.actors["agency"], at=NOW)


def test_a_cancelled_run_lets_its_claims_go(session: Session, market: Market) -> None:
    claim = approved(session, market, matched(session, market, 1))
    run = prepared(session, market, claim)
    runs.cancel(session, fund_run_id=run.id, actor=market.actors["agency"], at=NOW)
    assert prepared(session, market, claim).number == "ZF20260303-02"
    with pytest.raises(Conflict, match="wrong-state"):
        paid(session, market, run)


def test_what_went_back_after_the_claim_is_netted_when_a_run_is_prepared(session: Session, market: Market) -> None:
    invoice = matched(session, market, 1)
    claim = approved(session, market, invoice)
    sent_back(session, market, invoice.lines[0].shipment_line.shipment, 100)
    with pytest.raises(Conflict, match="claims-sent-back"), session.begin_nested():
        prepared(session, market, claim)
    note = credited(session, market, invoice, 2, 100, sends=False)
    run = prepared(session, market, claim)
    assert run.amount == claim.amount == WORTH - note.amount
    paid(session, market, run)
    assert account(session, market).direct == run.amount
    assert session.scalars(select(VolumeAccount.paid).order_by(VolumeAccount.id)).first() == 900
    assert agrees(session)


def test_what_changed_after_a_run_was_prepared_stops_it(session: Session, market: Market) -> None:
    invoice = matched(session, market, 1)
    claim = approved(session, market, invoice)
    run = prepared(session, market, claim)
    credited(session, market, invoice, 2, 100)
    with pytest.raises(Conflict, match="run-outdated"), session.begin_nested():
        paid(session, market, run)
    session.expire_all()
    runs.cancel(session, fund_run_id=run.id, actor=market.actors["agency"], at=NOW)
    again = prepared(session, market, claim)
    assert paid(session, market, again).amount == WORTH - Decimal("12.34")
    assert agrees(session)


def test_only_the_agency_runs_the_fund(session: Session, market: Market) -> None:
    claim = approved(session, market, matched(session, market, 1))
    for who in ("h1-finance", "company1", "h1"):
        with pytest.raises(Forbidden):
            runs.prepare(session, claim_ids=[claim.id], actor=market.actors[who], at=NOW)
        with pytest.raises(Forbidden):
            services.offset(session, actor=market.actors[who], at=NOW)
    with pytest.raises(NotFound):
        queries.one(session, market.organisations["h1"], market.actors["h2-finance"])
    with pytest.raises(Invalid):
        runs.prepare(session, claim_ids=[], actor=market.actors["agency"], at=NOW)
    run = prepared(session, market, claim)
    with pytest.raises(Invalid) as refused:
        runs.pay(session, fund_run_id=run.id, reference=" ", paid_on=PAID_ON + timedelta(days=1),
                 actor=market.actors["agency-second"], at=NOW)  # fmt: skip
    assert set(refused.value.fields) == {"reference", "paid_on"}


def test_a_months_due_is_entered_once(session: Session, market: Market) -> None:
    due(session, market, "500.00")
    with pytest.raises(Conflict, match="fund-entry-there"), session.begin_nested():
        due(session, market, "600.00")
    for amount, month in (("0", MONTH), ("1.001", MONTH), ("1", date(2026, 4, 1))):
        with pytest.raises(Invalid):
            due(session, market, amount, month=month)
    assert account(session, market).due == Decimal(500)
    with pytest.raises(NotFound):
        due(session, market, "1.00", who="company1")


def test_a_prepayment_below_the_share_is_refused_with_the_figure(session: Session, market: Market) -> None:
    with pytest.raises(Invalid) as refused:
        prepay(session, market, "10000.00", "2999.99")
    assert refused.value.fields["amount"].facts == {"least": "3,000.00", "share": "30"}
    with pytest.raises(Invalid):
        prepay(session, market, "10000.00", "10000.01")
    prepay(session, market, "10000.00", "3000.00")
    with pytest.raises(Conflict, match="fund-entry-there"), session.begin_nested():
        prepay(session, market, "10000.00", "3000.00")
    assert account(session, market).open == Decimal(3000)


def test_prepayments_are_set_off_against_what_is_due_as_far_as_it_goes(session: Session, market: Market) -> None:
    prepay(session, market, "1000.00", "300.00")
    agency: dict[str, Any] = {"actor": market.actors["agency"], "at": NOW}
    with pytest.raises(Conflict, match="nothing-to-set-off"):
        services.offset(session, **agency)
    due(session, market, "250.00")
    assert [one.amount for one in services.offset(session, **agency)] == [Decimal(250)]
    due(session, market, "900.00", month=date(2026, 1, 1))
    with pytest.raises(Conflict, match="nothing-to-set-off"):
        services.offset(session, **agency)  # once a month
    later = NOW + timedelta(days=31)
    services.offset(session, actor=market.actors["agency"], at=later)
    found = account(session, market)
    assert (found.set_off, found.open, found.balance) == (Decimal(300), Decimal(0), Decimal(850))


def test_what_a_claim_returned_is_not_in_any_run(session: Session, market: Market) -> None:
    claim = approved(session, market, matched(session, market, 1))
    claims.return_(session, claim_id=claim.id, reason="不符", actor=market.actors["h1-finance"], at=NOW)
    with pytest.raises(Conflict, match="claim-not-free"):
        prepared(session, market, claim)


def test_another_person_takes_a_wrong_entry_back_and_it_can_be_entered_rightly(
    session: Session, market: Market
) -> None:
    due(session, market, "900.00")
    wrong = session.scalars(select(FundEntry)).one()
    with pytest.raises(SamePerson):
        undone(session, market, wrong, who="agency")
    with pytest.raises(Forbidden):
        undone(session, market, wrong, who="h1-finance")
    with pytest.raises(Invalid, match="reason"):
        undone(session, market, wrong, reason=" ")
    undone(session, market, wrong)
    with pytest.raises(Conflict, match="fund-entry-stays"):
        undone(session, market, wrong)
    assert account(session, market).due == 0
    due(session, market, "90.00")
    with pytest.raises(Conflict, match="fund-entry-there"), session.begin_nested():
        due(session, market, "90.00")
    assert account(session, market).due == Decimal("90.00")
    assert agrees(session)


def test_a_prepayment_stays_where_it_was_set_off(session: Session, market: Market) -> None:
    made = prepay(session, market, "1000", "400")
    due(session, market, "100.00")
    services.offset(session, actor=market.actors["agency"], at=NOW)
    with pytest.raises(Conflict, match="changed-meanwhile"), session.begin_nested():
        undone(session, market, made)
    assert account(session, market).prepaid == 400
    assert agrees(session)


def undone(
    session: Session, market: Market, entry: FundEntry, who: str = "agency-second", reason: str = "金额录错"
) -> FundEntry:
    return services.take_back(session, entry_id=entry.id, reason=reason, actor=market.actors[who], at=NOW)
