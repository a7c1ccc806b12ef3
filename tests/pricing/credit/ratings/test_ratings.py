"""From a proposal over notice and defence to measures that bar exactly what they cover, and back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.second import SamePerson
from kernel.clock import today
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act, Matter
from pricing.credit.ratings.flow import CorrectionAction, CorrectionState, Level, RatingState, Route, Stage
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries import ratings as queries
from pricing.credit.ratings.services import correcting, deciding, proposing
from pricing.credit.ratings.services.deciding import Suggestion
from pricing.listings.flow import ListingKind
from pricing.listings.rules import NewListing
from pricing.listings.services import list_products
from tests.pricing.scene import CITY, NOW, OTHER

from .court import LATER, PDF, Court

pytestmark = pytest.mark.usefixtures("then")


def notice(session: Session, stand: Court, rating: CreditRating) -> None:
    proposing.give_notice(session, rating_id=rating.id, notice_days=30, defence_days=15, actor=stand.first, at=NOW)


def say(session: Session, stand: Court, rating: CreditRating) -> CreditRating:
    return proposing.defend(session, rating_id=rating.id, text="申辩", files=PDF, actor=stand.company, at=NOW)


def suggestion(**more: object) -> Suggestion:
    return Suggestion(**{"level": None, "starts_on": today(NOW), "answer": "不予采纳", **more})  # type: ignore[arg-type]


def test_a_case_is_rated_once_by_its_amount_with_the_products_it_involves(session: Session, stand: Court) -> None:
    fact = stand.fact(session, Matter.KICKBACKS, 600_000)
    with pytest.raises(Invalid) as refused:
        stand.proposed(session, fact, products=())
    assert refused.value.fields["products"].code == "credit-no-products"
    with pytest.raises(Invalid) as refused:
        stand.proposed(session, fact, products=(1,))  # the other company's
    assert refused.value.fields["products"].code == "credit-strange-product"
    with pytest.raises(Invalid) as refused:
        stand.proposed(session, fact, level=Level.DISHONEST)
    assert set(refused.value.fields) == {"ground", "document"}
    made = stand.proposed(session, fact)
    assert (made.level, made.lapses_on) == (Level.SERIOUSLY_DISHONEST, date(2029, 9, 1))
    with pytest.raises(Conflict, match="credit-rated-already"):
        stand.proposed(session, fact)


def test_without_a_number_the_officer_chooses_with_ground_and_document(session: Session, stand: Court) -> None:
    fact = stand.fact(session, Matter.MONOPOLY, 1)
    with pytest.raises(Invalid) as refused:
        stand.proposed(session, fact)
    assert refused.value.fields["level"].code == "credit-choose-level"
    made = stand.proposed(session, fact, level=Level.DISHONEST, ground="首次且主动整改", document="江医保价〔2026〕3号")
    assert (made.level, made.grade["level"]) == (Level.DISHONEST, None)


def test_conduct_of_more_than_three_years_ago_grounds_nothing(session: Session, stand: Court) -> None:
    fact = stand.fact(session, Matter.TAX, 600_000, effective_on=date(2023, 11, 20))
    with pytest.raises(Invalid) as refused:
        stand.proposed(session, fact)
    assert refused.value.fields[""].code == "credit-lapsed"


def test_a_defence_is_taken_in_time_and_refused_late(session: Session, stand: Court) -> None:
    in_time, late = (stand.proposed(session, stand.fact(session, Matter.TAX, sum_)) for sum_ in (60_000, 70_000))
    for one in (in_time, late):
        notice(session, stand, one)
        proposing.collect(session, rating_id=one.id, actor=stand.company, at=NOW)
        assert today(one.due_at or NOW) == today(NOW) + timedelta(days=15)
    due = in_time.due_at
    assert due is not None
    with clock.travel(to=due - timedelta(minutes=1)):
        assert say(session, stand, in_time).state is RatingState.DEFENDED
    with clock.travel(to=due + timedelta(seconds=2)), pytest.raises(Conflict, match="credit-defence-late"):
        say(session, stand, late)
    assert queries.stage_of(late, due + timedelta(seconds=2)) is Stage.DEFENCE_OVER


def test_an_uncollected_notice_counts_as_served_after_its_days(session: Session, stand: Court) -> None:
    one = stand.proposed(session, stand.fact(session, Matter.TAX, 60_000))
    notice(session, stand, one)
    assert today(one.due_at or NOW) == today(NOW) + timedelta(days=45)
    asked = suggestion(starts_on=today(LATER))
    with pytest.raises(Conflict, match="credit-defence-open"):
        deciding.suggest(session, rating_id=one.id, asked=asked, actor=stand.first, at=NOW)
    with clock.travel(to=LATER):
        deciding.suggest(session, rating_id=one.id, asked=asked, actor=stand.first, at=LATER)
    assert one.state is RatingState.SUGGESTED


def test_another_person_decides_or_sends_back(session: Session, stand: Court) -> None:
    one = stand.heard(session, stand.proposed(session, stand.fact(session, Matter.TAX, 60_000)))
    deciding.suggest(session, rating_id=one.id, asked=suggestion(), actor=stand.first, at=NOW)
    with pytest.raises(SamePerson):
        deciding.decide(session, rating_id=one.id, actor=stand.first, at=NOW)
    deciding.send_back(session, rating_id=one.id, reason="重拟", actor=stand.second, at=NOW)
    deciding.suggest(session, rating_id=one.id, asked=suggestion(level=Level.NONE, ground="查无实据", document="函"),
                     actor=stand.first, at=NOW)  # fmt: skip
    deciding.decide(session, rating_id=one.id, actor=stand.second, at=NOW)
    assert (one.state, one.published_at, one.measures) == (RatingState.DROPPED, None, [])
    assert queries.of_case(session, one.case_id) == []  # so that it can be rated once more is known


def barred(session: Session, stand: Court, region: str, at: object = NOW) -> list[bool]:
    ids = [one.id for one in stand.scene.companies]
    found = may_act(session, company_ids=ids, act=Act.BID, region_codes=[region], at=at)  # type: ignore[arg-type]
    return [bool(found[one.company_id].why(one.id)) for one in stand.scene.products]


@pytest.mark.parametrize(
    ("amount", "here", "elsewhere"),
    [
        (60_000, [False] * 4, [False] * 4),
        (600_000, [True, False, False, False], [False] * 4),
        (1_000_000, [True, False, True, False], [True, False, False, False]),
    ],
)
def test_measures_bar_exactly_their_products_and_regions_on_their_days(
    session: Session, stand: Court, amount: int, here: list[bool], elsewhere: list[bool]
) -> None:
    one = stand.proposed(session, stand.fact(session, Matter.KICKBACKS, amount))
    assert barred(session, stand, CITY) == [False] * 4
    stand.published(session, one, starts=today(NOW) + timedelta(days=5))
    assert barred(session, stand, CITY) == [False] * 4
    assert queries.stage_of(one, NOW) is Stage.DUE_TO_START
    day = NOW + timedelta(days=5)
    assert (barred(session, stand, CITY, day), barred(session, stand, OTHER, day)) == (here, elsewhere)
    lapsed = NOW.replace(year=2029)
    assert barred(session, stand, CITY, lapsed) == [False] * 4
    assert queries.stage_of(one, lapsed) is Stage.LAPSED


def corrected(session: Session, stand: Court, one: CreditRating) -> None:
    for each in list(one.corrections):
        if each.state is CorrectionState.VERIFIED:
            continue
        correcting.submit(session, rating_id=one.id, number=each.number, route=Route.DONE, note="已完成", files=PDF,
                          actor=stand.company, at=NOW)  # fmt: skip
        correcting.review(session, rating_id=one.id, number=each.number, action=CorrectionAction.VERIFY, text="",
                          actor=stand.first, at=NOW)  # fmt: skip


def test_a_cleared_rating_has_no_measure_in_force(session: Session, stand: Court) -> None:
    one = stand.published(session, stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 1_000_000)))
    assert any(barred(session, stand, CITY))
    key = stand.scene.companies[0].id
    why = may_act(session, company_ids=[key], act=Act.LIST, region_codes=[CITY], at=NOW)[key].reason
    assert [part in why for part in (one.number, str(one.lapses_on), "suspend-all-in-province")] == [True] * 3
    with pytest.raises(Conflict, match="wrong-state"):
        correcting.clear(session, rating_id=one.id, actor=stand.second, at=NOW)
    corrected(session, stand, one)
    with pytest.raises(SamePerson):
        correcting.clear(session, rating_id=one.id, actor=stand.first, at=NOW)
    correcting.clear(session, rating_id=one.id, actor=stand.second, at=NOW)
    session.flush()
    assert one.state is RatingState.CLEARED
    for day in (NOW, LATER):
        assert (barred(session, stand, CITY, day), barred(session, stand, OTHER, day)) == ([False] * 4, [False] * 4)


def test_two_officers_who_shared_the_reviews_can_clear_and_nobody_on_his_own_look(
    session: Session, stand: Court
) -> None:
    one = stand.published(session, stand.proposed(session, stand.fact(session, Matter.TAX, 60_000), products=()))
    for each, officer in zip(one.corrections, (stand.first, stand.second, stand.second), strict=True):
        correcting.submit(session, rating_id=one.id, number=each.number, route=Route.DONE, note="已完成", files=PDF,
                          actor=stand.company, at=NOW)  # fmt: skip
        correcting.review(session, rating_id=one.id, number=each.number, action=CorrectionAction.VERIFY, text="",
                          actor=officer, at=NOW)  # fmt: skip

    def confirm(number: int, officer: Actor) -> None:
        correcting.confirm(session, rating_id=one.id, number=number, actor=officer, at=NOW)

    for officer, own in ((stand.first, "①"), (stand.second, "⑤⑥")):
        with pytest.raises(SamePerson, match="credit-clear-own") as refused:
            correcting.clear(session, rating_id=one.id, actor=officer, at=NOW)
        assert refused.value.facts == {"numbers": own}
    with pytest.raises(SamePerson):
        confirm(1, stand.first)
    confirm(5, stand.first)
    with pytest.raises(Conflict, match="credit-confirmed-already"):
        confirm(5, stand.first)
    with pytest.raises(SamePerson):  # ⑥ is still his alone
        correcting.clear(session, rating_id=one.id, actor=stand.second, at=NOW)
    confirm(6, stand.first)
    assert correcting.clear(session, rating_id=one.id, actor=stand.second, at=NOW).state is RatingState.CLEARED
    with pytest.raises(Conflict, match="wrong-state"):
        confirm(1, stand.second)


def test_evidence_needs_its_papers_and_a_donation_is_none(session: Session, stand: Court) -> None:
    one = stand.published(session, stand.proposed(session, stand.fact(session, Matter.TAX, 60_000), products=()))
    assert [each.number for each in one.corrections] == [1, 5, 6]
    with pytest.raises(Invalid) as refused:
        correcting.submit(session, rating_id=one.id, number=6, route=Route.DONATION, note="", files=[],
                          actor=stand.company, at=NOW)  # fmt: skip
    assert {name: each.code for name, each in refused.value.fields.items()} == {
        "route": "credit-donation", "note": "needed", "file": "credit-needs-evidence"
    }  # fmt: skip
    correcting.submit(session, rating_id=one.id, number=6, route=Route.DONE, note="已退回", files=PDF,
                      actor=stand.company, at=NOW)  # fmt: skip
    with pytest.raises(Invalid) as refused:
        correcting.review(session, rating_id=one.id, number=6, action=CorrectionAction.RETURN, text=" ",
                          actor=stand.first, at=NOW)  # fmt: skip
    assert set(refused.value.fields) == {"review"}
    with pytest.raises(NotFound):
        correcting.submit(session, rating_id=one.id, number=2, route=Route.DONE, note="x", files=PDF,
                          actor=stand.company, at=NOW)  # fmt: skip


@pytest.mark.parametrize(("kind", "counts"), [(ListingKind.AGREEMENT, True), (ListingKind.NEGOTIATED, True),
                                              (ListingKind.LISTED, False)])  # fmt: skip
def test_a_winning_or_negotiated_price_counts_as_the_inflation_removed(
    session: Session, stand: Court, kind: ListingKind, counts: bool
) -> None:
    one = stand.published(session, stand.proposed(session, stand.fact(session, Matter.TAX, 600_000)))
    row = NewListing(stand.scene.products[0].id, one.region_code, kind, Decimal("1.2"), today(NOW), reason="中选")
    list_products(session, rows=[row], actor=stand.first, at=NOW)
    assert correcting.settle_prices(session, at=NOW) == counts
    found = {each.number: each.state for each in one.corrections}
    assert found[5] is (CorrectionState.VERIFIED if counts else CorrectionState.DUE)


def test_a_past_list_never_changes_when_todays_facts_do(session: Session, stand: Court) -> None:
    one = stand.published(session, stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 600_000)))

    def listed(day: date) -> list[object]:
        return [each.record for each in session.scalars(queries.register(day))]

    yesterday, then = listed(today(NOW) - timedelta(days=1)), listed(today(NOW))
    assert (len(yesterday), len(then)) == (0, 1)
    stand.scene.companies[0].name = "改名制药"
    stand.fact(session, Matter.KICKBACKS, 900_000)
    corrected(session, stand, one)
    correcting.clear(session, rating_id=one.id, actor=stand.second, at=LATER)
    session.flush()
    assert (listed(today(NOW) - timedelta(days=1)), listed(today(NOW))) == (yesterday, then)
    assert listed(today(LATER)) == []
    assert listed(date(2029, 9, 1)) == []


def test_a_company_sees_its_own_ratings_from_the_notice_on_and_speaks_for_itself(
    session: Session, stand: Court
) -> None:
    one = stand.proposed(session, stand.fact(session, Matter.TAX, 60_000))
    for reader in (stand.company, stand.other):
        with pytest.raises(NotFound):
            queries.one(session, one.id, reader)
    notice(session, stand, one)
    assert queries.one(session, one.id, stand.company) is one
    with pytest.raises(NotFound):
        queries.one(session, one.id, stand.other)
    with pytest.raises(Forbidden):
        proposing.defend(session, rating_id=one.id, text="x", files=[], actor=stand.first, at=NOW)


def test_2020_names_no_corrections_so_the_officer_does(session: Session, stand: Court) -> None:
    fact = stand.fact(session, Matter.KICKBACKS, 600_000)
    one = stand.heard(session, stand.proposed(session, fact, version="2020"))
    assert one.level is Level.SERIOUS
    with pytest.raises(Invalid) as refused:
        deciding.suggest(session, rating_id=one.id, asked=suggestion(corrections=(7,)), actor=stand.first, at=NOW)
    assert set(refused.value.fields) == {"corrections"}
    asked = suggestion(corrections=(6, 1))
    assert deciding.suggest(session, rating_id=one.id, asked=asked, actor=stand.first, at=NOW).corrections_asked == [
        1,
        6,
    ]
