"""Trials: the price is published ahead, hospitals are reminded, and what follows from the evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import DomainError, Invalid, NotFound
from kernel.notices.models import Notice
from pricing.items.applications import rules
from pricing.items.applications.flow import ReportKind
from pricing.items.applications.models import ItemApplication
from pricing.items.applications.queries import applications
from pricing.items.applications.services import reminding, reviewing, trying
from pricing.items.applications.services.reviewing import Proposal
from pricing.items.applications.services.trying import Told
from pricing.items.filings import services as filings
from pricing.items.flow import PriceSource, Pricing
from pricing.items.models import ItemPrice
from pricing.items.queries import items, prices
from tests.pricing.items.applications.scene import CODE, DRAFT, NOW, PDF, A, S, Scene, populate


@pytest.fixture
def scene(session: Session) -> Iterator[Scene]:
    with clock.travel(to=NOW):
        yield populate(session)


def one(session: Session, made: int) -> ItemApplication:
    return session.get_one(ItemApplication, made)


def tried(session: Session, scene: Scene) -> int:
    """Bring an item into trial from 7 December 2026 on."""
    made = scene.publicised(session)
    ends = one(session, made).due_at
    assert ends is not None
    scene.decided(session, made, A.FORWARD, code=CODE, at=ends)
    with clock.travel(to=ends):
        trying.file_price(
            session, application_id=made, price=Decimal("460.00"), starts_on=rules.earliest_use(date(2026, 11, 30)),
            actor=scene.act("hospital"), at=ends,
        )  # fmt: skip
    return made


def charged(session: Session, made: int, day: date) -> Decimal | None:
    """Return what the hospital may charge on a day."""
    trial = one(session, made).trial
    assert trial is not None
    found = prices.charged_on(session, day, one(session, made).hospital, item_ids=[trial.item_id])
    return found.get(trial.item_id)


def test_a_trial_price_is_published_ten_working_days_ahead_and_ends_with_the_trial(
    session: Session, scene: Scene
) -> None:
    made = scene.publicised(session)
    ends = one(session, made).due_at or NOW
    scene.decided(session, made, A.FORWARD, code=CODE, at=ends)
    for price, starts in (("460.00", date(2026, 12, 13)), ("0", date(2026, 12, 14)), ("4.601", date(2026, 12, 14))):
        with pytest.raises(Invalid):
            trying.file_price(
                session, application_id=made, price=Decimal(price), starts_on=starts, actor=scene.act("hospital"),
                at=ends,
            )  # fmt: skip
    with pytest.raises(NotFound):
        trying.file_price(
            session, application_id=made, price=Decimal(460), starts_on=date(2026, 12, 14), actor=scene.act("other"),
            at=ends,
        )  # fmt: skip
    trial = trying.file_price(
        session, application_id=made, price=Decimal("460.00"), starts_on=date(2026, 12, 14),
        actor=scene.act("hospital"), at=ends,
    )  # fmt: skip
    assert (trial.midterm_on, trial.ends_on) == (date(2027, 12, 14), date(2028, 12, 14))
    days = (date(2026, 12, 13), date(2026, 12, 14), date(2028, 12, 13), date(2028, 12, 14))
    assert [charged(session, made, day) for day in days] == [None, Decimal("460.00"), Decimal("460.00"), None]
    item = items.versions_on(session, date(2026, 12, 14), [trial.item_id])[trial.item_id]
    assert (item.name, item.pricing) == (DRAFT.name, Pricing.TRIAL)
    held = session.scalars(select(ItemPrice)).one()
    assert (held.source, held.source_id) == (PriceSource.TRIAL, made)
    for who in ("hospital", "other"):  # its price has one origin, the trial
        with pytest.raises(DomainError, match="service-on-trial"):
            filings.file_price(
                session, item_id=trial.item_id, price=Decimal(470), starts_on=date(2027, 6, 1), reason="成本",
                actor=scene.act(who), at=ends,
            )  # fmt: skip


def report(session: Session, scene: Scene, made: int, kind: ReportKind, day: date) -> None:
    at = clock.from_beijing(datetime.combine(day, time()))
    told = Told(kind, 120, Decimal("55200.00"), 0, "运行平稳")
    trying.report(session, application_id=made, told=told, given=(PDF,), actor=scene.act("hospital"), at=at)


def test_hospitals_are_reminded_once_and_a_trial_nobody_asks_for_ends(session: Session, scene: Scene) -> None:
    made = tried(session, scene)

    def told(day: date) -> list[str]:
        at = clock.from_beijing(datetime.combine(day, time()))
        before = session.query(Notice).count()
        reminding.remind(session, actor=scene.act("province"), at=at)
        reminding.remind(session, actor=scene.act("province"), at=at)
        return [each.code for each in session.query(Notice).order_by(Notice.id).offset(before)]

    assert told(date(2027, 12, 13)) == []
    assert told(date(2027, 12, 14)) == ["new-item-midterm-due"]
    report(session, scene, made, ReportKind.MIDTERM, date(2027, 12, 20))
    scene.decided(session, made, A.CONTINUE, at=clock.from_beijing(datetime(2028, 1, 10)))
    assert told(date(2028, 9, 13)) == []
    assert told(date(2028, 9, 14)) == ["new-item-formal-due"]
    end = clock.from_beijing(datetime(2028, 12, 14))
    assert applications.state_of(one(session, made), end) is S.ENDED, "before anybody writes it down"
    with pytest.raises(DomainError):
        report(session, scene, made, ReportKind.FORMAL, date(2028, 12, 14))
    assert one(session, made).state is S.ENDED


@pytest.mark.parametrize(("verdict", "state"), [(A.EXTEND, S.EXTENDED), (A.FORMAL, S.FORMAL), (A.END, S.ENDED)])
def test_a_final_evaluation_extends_makes_formal_or_ends(session: Session, scene: Scene, verdict: A, state: S) -> None:
    made = tried(session, scene)
    report(session, scene, made, ReportKind.MIDTERM, date(2027, 12, 20))
    scene.decided(session, made, A.CONTINUE, at=clock.from_beijing(datetime(2028, 1, 10)))
    report(session, scene, made, ReportKind.FORMAL, date(2028, 9, 20))
    at = clock.from_beijing(datetime(2028, 11, 1, 9))
    proposal = Proposal(verdict, "评估意见", extended_to=date(2029, 12, 14))
    reviewing.propose(session, application_id=made, proposal=proposal, actor=scene.act("province"), at=at)
    assert reviewing.confirm(session, application_id=made, actor=scene.act("province2"), at=at).state is state
    days = (date(2028, 11, 1), date(2028, 11, 2), date(2029, 12, 13), date(2029, 12, 14))
    held = [charged(session, made, day) is not None for day in days]
    assert held == {
        A.EXTEND: [True, True, True, False], A.FORMAL: [True] * 4, A.END: [True, False, False, False],
    }[verdict]  # fmt: skip
