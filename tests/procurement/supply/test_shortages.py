"""A shortage is answered in time or not; a substitute, a backup or a breach follows from that."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.second import SamePerson
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.notices.models import Notice
from pricing.credit.models import CreditFact
from procurement.agreements.models import Agreement
from procurement.agreements.takeovers import services as takeovers
from procurement.agreements.takeovers.flow import TakeoverState
from procurement.orders.flow import OrderKind, PlanState
from procurement.orders.queries import plans
from procurement.supply.shortages import queries, services
from procurement.supply.shortages.flow import Cause, Ending, Kin, Reply, ShortageState, TakeOverState
from procurement.supply.shortages.services import Answer
from tests.procurement.agreements.test_takeovers import another
from tests.procurement.orders.market import NOW, Market

from .scene import report

LATER = date(2026, 3, 20)
NONE = Answer(Reply.NONE, Cause.MATERIAL)


def told(session: Session, market: Market, who: str, code: str) -> int:
    notices = select(Notice).where(Notice.user_id == market.actors[who].user_id, Notice.code == code)
    return len(session.scalars(notices).all())


def test_a_hospital_reports_a_product_short_once(session: Session, market: Market) -> None:
    made = report(session, market)
    assert (made.days, made.number) == (2, f"QH20260303-{made.id:06d}")
    assert told(session, market, "company1", "shortage-reported") == 1
    with pytest.raises(Conflict):
        report(session, market)
    services.close(session, shortage_id=made.id, ending=Ending.WITHDRAWN, actor=market.actors["h1"], at=NOW)
    assert report(session, market).id != made.id


def test_only_the_hospital_its_producer_and_the_agency_see_it(session: Session, market: Market) -> None:
    made = report(session, market)
    assert queries.one(session, made.id, market.actors["agency"]) is made
    for who in ("h2", "company2", "distributor"):
        with pytest.raises(NotFound):
            queries.one(session, made.id, market.actors[who])


def test_an_answer_at_the_hour_is_late_and_still_taken(session: Session, market: Market) -> None:
    made = report(session, market)
    with clock.travel(to=made.due_at - timedelta(seconds=1)):
        assert services.settle_due(session, at=clock.now()) == 0
    with clock.travel(to=made.due_at):
        assert made.state_at(clock.now()) is ShortageState.SILENT
        assert services.settle_due(session, at=clock.now()) == 1
        assert told(session, market, "agency", "shortage-unanswered") == 1
        said = Answer(Reply.PART, Cause.PRODUCTION, Decimal(100), LATER)
        services.answer(session, shortage_id=made.id, said=said, actor=market.actors["company1"], at=clock.now())
    assert made.state is ShortageState.ANSWERED
    assert made.first_answered_at is not None and made.first_answered_at >= made.due_at
    assert told(session, market, "h1", "shortage-answered") == 1


def test_nobody_but_the_producer_answers_and_only_whole_answers_count(session: Session, market: Market) -> None:
    made = report(session, market)
    with clock.travel(to=NOW):
        with pytest.raises(Forbidden):
            services.answer(session, shortage_id=made.id, said=NONE, actor=market.actors["h1"], at=NOW)
        for said in (
            Answer(Reply.NONE), Answer(Reply.NONE, Cause.OTHER), Answer(Reply.ALL, None, Decimal(5), date(2026, 3, 2)),
            Answer(Reply.ALL, None, None, LATER), Answer(Reply.PART, None, Decimal(5), LATER),
        ):  # fmt: skip
            with pytest.raises(Invalid):
                services.answer(session, shortage_id=made.id, said=said, actor=market.actors["company1"], at=NOW)


def test_what_may_stand_in_says_by_which_right_and_begins_a_plan(session: Session, market: Market) -> None:
    made = report(session, market)
    found = queries.substitutes(session, made, NOW)
    assert [(one.product.id, one.kin, one.kind, one.price, one.left) for one in found] == [
        (market.products["a2"], Kin.SAME_GENERIC, OrderKind.AGREEMENT, Decimal("0.2"), 500)
    ]
    with clock.travel(to=NOW), pytest.raises(Conflict):
        services.substitute(
            session, shortage_id=made.id, product_id=market.products["b"], actor=market.actors["h1"], at=NOW
        )
    with clock.travel(to=NOW):
        plan = services.substitute(
            session, shortage_id=made.id, product_id=market.products["a2"], actor=market.actors["h1"], at=NOW
        )
    assert plan.state is PlanState.DRAFT
    assert [(one.product_id, one.quantity) for one in plans.lines(session, plan)] == [(market.products["a2"], 300)]
    assert (made.state, made.ending) == (ShortageState.CLOSED, Ending.SUBSTITUTED)


def test_a_backup_is_asked_for_once_and_named_by_somebody_else(session: Session, market: Market) -> None:
    made = report(session, market)
    backup = market.organisations["company2"]
    with clock.travel(to=NOW):
        with pytest.raises(Conflict):
            services.ask_take_over(session, shortage_id=made.id, reason="断供", actor=market.actors["h1"], at=NOW)
        services.answer(session, shortage_id=made.id, said=NONE, actor=market.actors["company1"], at=NOW)
        services.ask_take_over(session, shortage_id=made.id, reason="断供", actor=market.actors["agency"], at=NOW)
        decide = {"shortage_id": made.id, "arranged": True, "note": "", "at": NOW}
        with pytest.raises(SamePerson):
            services.decide_take_over(session, backup_id=backup, actor=market.actors["agency"], **decide)
        with pytest.raises(Forbidden):
            services.decide_take_over(session, backup_id=backup, actor=market.actors["h1"], **decide)
        second = market.actors["agency-second"]
        with pytest.raises(Invalid):
            services.decide_take_over(session, backup_id=made.company_id, actor=second, **decide)
        found = services.decide_take_over(session, backup_id=backup, actor=second, **decide)
        services.close(session, shortage_id=made.id, ending=Ending.TAKEN_OVER, actor=market.actors["h1"], at=NOW)
    assert (found.state, found.backup_id) == (TakeOverState.ARRANGED, backup)
    assert told(session, market, "company2", "take-over-decided") == 1


def test_who_is_in_line_takes_the_agreed_volume_over_once_another_confirms(session: Session, market: Market) -> None:
    award = another(session, market)
    made, held = report(session, market), session.get_one(Agreement, market.agreements["h1", "a"])
    with clock.travel(to=NOW):
        services.answer(session, shortage_id=made.id, said=NONE, actor=market.actors["company1"], at=NOW)
        services.ask_take_over(session, shortage_id=made.id, reason="断供", actor=market.actors["h1"], at=NOW)
        found = services.decide_take_over(
            session, shortage_id=made.id, arranged=True, backup_id=award.company_id, note="",
            actor=market.actors["agency"], at=NOW,
        )  # fmt: skip
        moving = found.moving
        assert moving is not None and made.number in moving.reason
        assert (moving.state, held.agreed, held.successor_id) == (TakeoverState.PROPOSED, 20_000, None)
        second = market.actors["agency-second"]
        takeovers.confirm(session, round_id=moving.round_id, takeover_id=moving.id, actor=second, at=NOW)
    session.expire_all()
    assert held.agreed == held.used and held.successor_id is not None
    assert session.get_one(Agreement, held.successor_id).company_id == award.company_id


def test_a_breach_goes_to_credit_once_and_not_while_there_is_time(session: Session, market: Market) -> None:
    made = report(session, market)
    send = {"shortage_id": made.id, "note": "协议期内断供", "at": NOW}
    with clock.travel(to=NOW), pytest.raises(Conflict):
        services.send_breach(session, actor=market.actors["agency"], **send)
    with clock.travel(to=made.due_at):
        send["at"] = clock.now()
        with pytest.raises(Forbidden):
            services.send_breach(session, actor=market.actors["h1"], **send)
        services.send_breach(session, actor=market.actors["agency"], **send)
        with pytest.raises(Conflict):
            services.send_breach(session, actor=market.actors["agency"], **send)
    fact = session.scalars(select(CreditFact)).one()
    assert (fact.company_id, fact.subject_kind, fact.subject_id) == (made.company_id, "shortage", str(made.id))
