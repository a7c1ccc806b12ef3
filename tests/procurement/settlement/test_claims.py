"""Claims against the fund: last month's invoices, each once, until the fifth; the hospital reviews, silence is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.notices.models import Notice
from procurement.settlement.claims import queries, services
from procurement.settlement.flow import ClaimState, InvoiceState
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.services import crediting, invoicing, matching, paying
from tests.procurement.orders.market import NOW, Market

from .funded import FEBRUARY, LAST, PAID_ON, approved, filed, matched, prepared
from .goods import number, sent_back


def credited(
    session: Session, market: Market, invoice: Invoice, count: int, quantity: int, sends: bool = True
) -> Invoice:
    """Let goods go back (or have them gone back already), and the seller credit them."""
    if sends:
        sent_back(session, market, invoice.lines[0].shipment_line.shipment, quantity)
    return crediting.credit(
        session, invoice_id=invoice.id, code="", number=number(count), issued_on=PAID_ON,
        quantities={invoice.lines[0].id: Decimal(quantity)}, actor=market.actors["company1"], at=NOW,
    )  # fmt: skip


def test_a_claim_asks_for_last_months_matched_invoices(session: Session, market: Market) -> None:
    old, new = matched(session, market, 1), matched(session, market, 2, issued_on=date(2026, 3, 1))
    found = queries.by_hospital(session, market.actors["company1"], date(2026, 2, 1))
    assert [(one.count, one.amount) for one in found] == [(1, old.amount)]
    with pytest.raises(Conflict, match="invoices-not-claimable"), session.begin_nested():
        filed(session, market, old, new)
    made = filed(session, market, old)
    assert (made.amount, made.month, old.claim_id) == (old.amount, date(2026, 2, 1), made.id)
    assert clock.beijing(made.due_at).date() == date(2026, 3, 11)  # the end of the fifth working day, the 10th
    assert queries.by_hospital(session, market.actors["company1"], date(2026, 2, 1)) == []


def test_the_fifth_is_the_last_day(session: Session, market: Market) -> None:
    invoice = matched(session, market, 1)
    with clock.travel(to=LAST + timedelta(seconds=1)), pytest.raises(Conflict, match="claim-over"):
        filed(session, market, invoice)
    with clock.travel(to=LAST):
        assert filed(session, market, invoice).month == date(2026, 2, 1)


def test_an_invoice_is_claimed_once(session: Session, market: Market) -> None:
    a, b = matched(session, market, 1), matched(session, market, 2)
    claim = filed(session, market, a)
    with pytest.raises(Conflict, match="invoices-not-claimable"), session.begin_nested():
        filed(session, market, a, b)
    session.expire_all()
    assert b.claim_id is None  # all of them or none
    for act in (
        lambda: paying.pay(session, invoice_ids=[a.id], reference="Y1", paid_on=PAID_ON,
                           actor=market.actors["h1-finance"], at=NOW),
        lambda: matching.return_(session, invoice_id=a.id, reason="不符", actor=market.actors["h1-finance"], at=NOW),
    ):  # fmt: skip
        with pytest.raises(Conflict, match="invoice-claimed"):
            act()
    services.withdraw(session, claim_id=claim.id, actor=market.actors["company1"], at=NOW)
    again = filed(session, market, a, b)
    assert (again.amount, again.number[-3:]) == (a.amount + b.amount, "002")


def test_credit_notes_are_netted_as_far_as_they_go(session: Session, market: Market) -> None:
    a, b = matched(session, market, 1), matched(session, market, 2, count=100)
    note = credited(session, market, a, 3, 400)
    paying.pay(session, invoice_ids=[a.id], reference="Y1", paid_on=PAID_ON, actor=market.actors["h1-finance"], at=NOW)
    late = credited(session, market, a, 4, 200)  # larger than what is claimed, and of this month
    own = credited(session, market, b, 5, 20)
    claim = filed(session, market, b)
    assert (claim.gross, claim.credited, claim.amount) == (b.amount, own.amount, b.amount - own.amount)
    session.expire_all()
    assert (note.payment_id is not None, own.claim_id, late.claim_id) == (True, claim.id, None)


def test_a_hospital_approves_or_returns_with_a_reason(session: Session, market: Market) -> None:
    a, b = matched(session, market, 1), matched(session, market, 2)
    first, second = filed(session, market, a), filed(session, market, b)
    finance: dict[str, Any] = {"actor": market.actors["h1-finance"], "at": NOW}
    assert services.approve(session, claim_id=first.id, **finance).state is ClaimState.APPROVED
    with pytest.raises(Invalid):
        services.return_(session, claim_id=second.id, reason=" ", **finance)
    services.return_(session, claim_id=second.id, reason="发票与入库不符", **finance)
    session.expire_all()
    assert (second.state, b.claim_id, b.state) == (ClaimState.RETURNED, None, InvoiceState.MATCHED)
    with pytest.raises(Conflict, match="wrong-state"):
        services.withdraw(session, claim_id=first.id, actor=market.actors["company1"], at=NOW)
    prepared(session, market, first)
    with pytest.raises(Conflict, match="claim-in-run"):
        services.return_(session, claim_id=first.id, reason="晚了", **finance)


def test_an_approved_claim_can_be_returned_until_a_run_takes_it(session: Session, market: Market) -> None:
    invoice = matched(session, market, 1)
    claim = approved(session, market, invoice)
    finance = market.actors["h1-finance"]
    services.return_(session, claim_id=claim.id, reason="价格有误", actor=finance, at=NOW)
    session.expire_all()
    assert (claim.state, invoice.claim_id) == (ClaimState.RETURNED, None)


def test_silence_is_told_once_and_decides_nothing(session: Session, market: Market) -> None:
    claim = filed(session, market, matched(session, market, 1))
    told = select(Notice).where(Notice.code == "claims-silent")
    assert services.tell_late(session, at=claim.due_at - timedelta(seconds=1)) == 0
    assert services.tell_late(session, at=claim.due_at) == 1
    assert services.tell_late(session, at=claim.due_at + timedelta(days=1)) == 0
    readers = {one.user_id for one in session.scalars(told)}
    assert readers == {market.actors[each].user_id for each in ("agency", "agency-second")}
    agency = market.actors["agency"]
    late = queries.listing(agency, late_at=claim.due_at)
    assert session.scalars(late).all() == [claim]
    with clock.travel(to=claim.due_at + timedelta(days=2)):
        done = services.approve(session, claim_id=claim.id, actor=market.actors["h1-finance"], at=clock.now())
    assert done.state is ClaimState.APPROVED  # late, and valid


def test_a_late_review_tells_by_itself_where_the_job_did_not(session: Session, market: Market) -> None:
    claim = filed(session, market, matched(session, market, 1))
    later = datetime(2026, 3, 20, tzinfo=UTC)
    with clock.travel(to=later):
        services.approve(session, claim_id=claim.id, actor=market.actors["h1-finance"], at=later)
    assert claim.told_at is not None
    assert services.tell_late(session, at=later) == 0


@pytest.mark.parametrize(
    ("who", "error"),
    [("h2-finance", NotFound), ("company2", Forbidden), ("agency", Forbidden), ("company1", Forbidden)],
)
def test_only_the_claims_own_hospital_reviews_it(
    session: Session, market: Market, who: str, error: type[Exception]
) -> None:
    claim = filed(session, market, matched(session, market, 1))
    acts: list[Callable[..., Any]] = [services.approve, services.return_]
    for act in acts:
        more = {"reason": "x"} if act is services.return_ else {}
        with pytest.raises(error):
            act(session, claim_id=claim.id, actor=market.actors[who], at=NOW, **more)
    assert claim.state is ClaimState.FILED


def test_nobody_claims_what_is_not_his(session: Session, market: Market) -> None:
    invoice, other = matched(session, market, 1), matched(session, market, 2, seller="company2")
    claim = filed(session, market, invoice)
    company2 = market.actors["company2"]
    with pytest.raises(NotFound):
        filed(session, market, invoice, seller="company2")
    with pytest.raises(NotFound):
        services.withdraw(session, claim_id=claim.id, actor=company2, at=NOW)
    with pytest.raises(NotFound):
        queries.one(session, claim.id, company2)
    with pytest.raises(Conflict), session.begin_nested():  # of another hospital
        services.file(session, hospital_id=market.organisations["h2"], invoice_ids=[other.id], actor=company2, at=NOW)
    with pytest.raises(Forbidden):
        services.file(
            session, hospital_id=invoice.hospital_id, invoice_ids=[invoice.id], actor=market.actors["agency"], at=NOW
        )
    with pytest.raises(Invalid):
        services.file(session, hospital_id=invoice.hospital_id, invoice_ids=[], actor=company2, at=NOW)
    assert invoicing.must_sell(company2) and FEBRUARY < PAID_ON
