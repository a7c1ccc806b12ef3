"""The days on which something begins or ends, each at its last day and at the first one after."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.clock import today
from kernel.errors import Conflict, Invalid
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act, Matter, Source
from pricing.credit.models import CreditFact
from pricing.credit.ratings.flow import CorrectionAction, CorrectionState, Level, RatingState, Route
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries import ratings as queries
from pricing.credit.ratings.services import correcting, deciding, proposing
from pricing.credit.ratings.services.deciding import Suggestion
from pricing.credit.services import NewFact, report_facts
from tests.pricing.scene import CITY, NOW, PROVINCE

from .court import PDF, Court

pytestmark = pytest.mark.usefixtures("then")
DAY = timedelta(days=1)


def bars(session: Session, stand: Court, day: int) -> bool:
    key = stand.scene.companies[0].id
    found = may_act(session, company_ids=[key], act=Act.ORDER, region_codes=[CITY], at=NOW + day * DAY)
    return bool(found[key].why(stand.scene.products[0].id))


def corrected(session: Session, stand: Court, one: CreditRating) -> None:
    for each in one.corrections:
        if each.state is not CorrectionState.VERIFIED:
            correcting.submit(session, rating_id=one.id, number=each.number, route=Route.DONE, note="已完成", files=PDF,
                              actor=stand.company, at=NOW)  # fmt: skip
            correcting.review(session, rating_id=one.id, number=each.number, action=CorrectionAction.VERIFY, text="",
                              actor=stand.first, at=NOW)  # fmt: skip


def test_a_notice_collected_late_moves_the_end_of_the_defence_no_further(session: Session, stand: Court) -> None:
    early, late = (stand.proposed(session, stand.fact(session, Matter.TAX, sum_)) for sum_ in (60_000, 70_000))
    for one in (early, late):
        proposing.give_notice(session, rating_id=one.id, notice_days=30, defence_days=15, actor=stand.first, at=NOW)
    for one, day, end in ((early, 29, 44), (late, 31, 45)):
        at = NOW + day * DAY
        with clock.travel(to=at):
            proposing.collect(session, rating_id=one.id, actor=stand.company, at=at)
            proposing.collect(session, rating_id=one.id, actor=stand.company, at=at + DAY)  # changes nothing
        assert (one.due_at and today(one.due_at), one.collected_at) == (today(NOW) + end * DAY, at)


def test_a_rating_cleared_before_its_measures_begin_never_bars(session: Session, stand: Court) -> None:
    one = stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 600_000))
    stand.published(session, one, starts=today(NOW) + 5 * DAY)
    corrected(session, stand, one)
    correcting.clear(session, rating_id=one.id, actor=stand.second, at=NOW)
    session.flush()
    assert one.state is RatingState.CLEARED
    assert not any(bars(session, stand, day) for day in (0, 4, 5, 6, 400))


def test_a_rating_stands_in_the_register_up_to_the_day_before_it_lapses(session: Session, stand: Court) -> None:
    one = stand.published(session, stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 600_000)))
    assert one.lapses_on == date(2029, 9, 1)
    days = (today(NOW) - DAY, today(NOW), date(2029, 8, 31), date(2029, 9, 1))
    assert [list(session.scalars(queries.register(day))) for day in days] == [[], [one], [one], []]


def test_conduct_counts_up_to_three_years_and_its_measures_begin_before(session: Session, stand: Court) -> None:
    fact = stand.fact(session, Matter.TAX, 600_000, effective_on=date(2023, 11, 21))  # a day more than what lapsed
    one = stand.heard(session, stand.proposed(session, fact))
    assert one.lapses_on == date(2026, 11, 21) == today(NOW) + DAY

    def suggest(starts: date) -> CreditRating:
        asked = Suggestion(None, starts, "不予采纳")
        return deciding.suggest(session, rating_id=one.id, asked=asked, actor=stand.first, at=NOW)

    for wrong in (today(NOW) - DAY, today(NOW) + DAY):
        with pytest.raises(Invalid) as refused:
            suggest(wrong)
        assert refused.value.fields["starts_on"].code == "credit-start"
    assert suggest(today(NOW)).starts_on == today(NOW)
    with clock.travel(to=NOW + DAY), pytest.raises(Conflict, match="credit-start-past"):
        deciding.decide(session, rating_id=one.id, actor=stand.second, at=NOW + DAY)
    deciding.decide(session, rating_id=one.id, actor=stand.second, at=NOW)
    session.flush()
    assert [bars(session, stand, day) for day in (-1, 0, 1)] == [False, True, False]


def test_of_several_documents_the_last_that_took_effect_begins_the_three_years(session: Session, stand: Court) -> None:
    def fact(origin: str, day: date, source: Source = Source.JUDGMENT) -> CreditFact:
        one = NewFact(stand.scene.companies[0].id, Matter.TAX, "document", origin, PROVINCE, date(2022, 1, 5), "违法",
                      Decimal(2_000_000), case_number="案", source=source, origin=origin, effective_on=day)  # fmt: skip
        return report_facts(session, rows=[one], actor=stand.first, at=NOW)[0]

    for origin, day in (("法院", date(2023, 11, 20)), ("税务局", date(2024, 3, 1)), ("高院", date(2024, 1, 9))):
        told = fact(origin, day)
    fact("审计局", date(2024, 8, 1), Source.AUDIT)  # no evidence of version 2020, so its day doesn't count there
    session.expire_all()
    for version, lapses in (("2020", date(2027, 3, 1)), ("2025", date(2027, 8, 1))):
        one = stand.proposed(session, told, version=version)
        assert one.lapses_on == lapses
        one.state = RatingState.DROPPED
        session.flush()


def test_an_audit_alone_grounds_no_rating_of_2020(session: Session, stand: Court) -> None:
    one = NewFact(stand.scene.companies[0].id, Matter.TAX, "document", "报告", PROVINCE, date(2025, 1, 5), "违法",
                  Decimal(2_000_000), case_number="案", source=Source.AUDIT, origin="审计局")  # fmt: skip
    fact = report_facts(session, rows=[one], actor=stand.first, at=NOW)[0]
    with pytest.raises(Invalid) as refused:
        stand.proposed(session, fact, version="2020")
    assert refused.value.fields["benchmark"].code == "credit-no-evidence"
    assert stand.proposed(session, fact).level is Level.SERIOUSLY_DISHONEST
