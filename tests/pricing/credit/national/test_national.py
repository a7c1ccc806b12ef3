"""Serious ratings of all provinces: ours go out, others' come in, what bars everywhere bars here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.second import SamePerson
from kernel.clock import today
from kernel.errors import Conflict, Forbidden, NotFound
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act, Matter
from pricing.credit.national import queries
from pricing.credit.national.models import NationalEnd
from pricing.credit.national.rules import Ended, Told
from pricing.credit.national.services import bring, confirm
from pricing.credit.ratings.flow import Level
from tests.factories.people import credit_code
from tests.pricing.credit.ratings.court import Court
from tests.pricing.scene import CITY, NOW, OTHER

CODE = credit_code(31)
ENDS = date(2029, 3, 1)


pytestmark = pytest.mark.usefixtures("then")


def told(stand: Court, **more: Any) -> Told:
    product = stand.scene.products[0]
    plain = Told(
        number="SH2026-7", region_code=OTHER, company="甲制药", code=CODE, matter=Matter.KICKBACKS, benchmark="2025",
        level=Level.EXTREMELY_DISHONEST, ground="判决", document="文书", published_on=today(NOW), starts_on=today(NOW),
        ends_on=ENDS, products=(product.approval_number,),
    )  # fmt: skip
    return replace(plain, **more)


def seconded(session: Session, stand: Court, days: int = 0) -> None:
    """The second officer confirms what waits."""
    for one in queries.unconfirmed(session, stand.second):
        confirm(session, end_id=one.id, actor=stand.second, at=NOW + timedelta(days=days))
    session.flush()


def barred(session: Session, stand: Court, days: int = 0) -> set[int]:
    ids = [one.id for one in stand.scene.companies]
    out = set()
    for act in Act:
        found = may_act(session, company_ids=ids, act=act, region_codes=[CITY], at=NOW + timedelta(days=days))
        assert all(one.allowed for one in found.values())
        out.add(frozenset(product for one in found.values() for product in one.products))
    (same,) = out  # for bids, listings and orders alike
    return set(same)


def test_an_extremely_dishonest_rating_of_another_province_bars_its_products_here(
    session: Session, stand: Court
) -> None:
    bring(session, rows=[told(stand)], ended={}, source={}, actor=stand.first, at=NOW)
    assert barred(session, stand) == set()  # nobody has looked at it yet
    (waiting,) = queries.unconfirmed(session, stand.second)
    assert queries.waiting(session, stand.second, NOW) == (1, False)
    with pytest.raises(SamePerson):
        confirm(session, end_id=waiting.id, actor=stand.first, at=NOW)
    seconded(session, stand)
    with pytest.raises(Conflict, match="national-changed"):
        confirm(session, end_id=waiting.id, actor=stand.second, at=NOW)
    assert barred(session, stand) == {stand.scene.products[0].id}
    last = (ENDS - today(NOW)).days
    assert [bool(barred(session, stand, days)) for days in (-1, last - 1, last)] == [False, True, False]


@pytest.mark.parametrize("level", [Level.SERIOUSLY_DISHONEST])
def test_a_rating_below_that_bars_in_its_own_province_alone(session: Session, stand: Court, level: Level) -> None:
    bring(session, rows=[told(stand, level=level)], ended={}, source={}, actor=stand.first, at=NOW)
    assert barred(session, stand) == set() and queries.unconfirmed(session, stand.second) == []
    assert [one.level for one in queries.national(session, today(NOW))] == [level]


def test_a_cleared_rating_bars_no_more_and_past_lists_stay(session: Session, stand: Court) -> None:
    one, later = told(stand), NOW + timedelta(days=40)
    bring(session, rows=[one], ended={}, source={}, actor=stand.first, at=NOW)
    seconded(session, stand)
    cleared = today(NOW) + timedelta(days=30)
    bring(session, rows=[], ended={one.key: Ended(ENDS, cleared)}, source={}, actor=stand.first, at=later)
    assert barred(session, stand, 30)
    seconded(session, stand, 40)
    assert [bool(barred(session, stand, days)) for days in (29, 30)] == [True, False]
    days = [len(queries.national(session, today(NOW) + timedelta(days=each))) for each in (-1, 0, 35, 41)]
    assert days == [0, 1, 1, 0]  # on the 35th day nobody here knew that it was cleared
    ends = [each.ends_on for each in queries.national(session, today(NOW) + timedelta(days=35))]
    assert ends == [ENDS]  # nor when it would end


def test_of_two_tellings_the_last_is_confirmed(session: Session, stand: Court) -> None:
    bring(session, rows=[told(stand)], ended={}, source={}, actor=stand.first, at=NOW)
    (seen,) = queries.unconfirmed(session, stand.second)
    bring(session, rows=[], ended={told(stand).key: Ended(ENDS, None)}, source={}, actor=stand.first, at=NOW)
    with pytest.raises(Conflict, match="national-changed"):
        confirm(session, end_id=seen.id, actor=stand.second, at=NOW)
    city = replace(stand.second, region=CITY)
    (last,) = queries.unconfirmed(session, stand.second)
    with pytest.raises(Forbidden):
        confirm(session, end_id=last.id, actor=city, at=NOW)
    with pytest.raises(NotFound):
        confirm(session, end_id=99, actor=stand.second, at=NOW)
    assert queries.waiting(session, city, NOW) == (0, False)
    assert queries.unconfirmed(session, stand.company) == [] == list(session.execute(queries.theirs(date(2020, 1, 1))))


def test_an_end_is_told_against_the_one_that_was_read(session: Session, stand: Court) -> None:
    bring(session, rows=[told(stand)], ended={}, source={}, actor=stand.first, at=NOW)
    ended = {told(stand).key: Ended(ENDS, today(NOW))}
    bring(session, rows=[], ended=ended, source={}, actor=stand.first, at=NOW)
    for actor in (stand.first, stand.second):
        with pytest.raises(Conflict, match="national-changed"):
            bring(session, rows=[], ended=ended, source={}, actor=actor, at=NOW)
    assert len(session.scalars(select(NationalEnd)).all()) == 2


def test_a_day_of_publication_to_come_is_refused(session: Session, stand: Court) -> None:
    day = today(NOW) + timedelta(days=1)
    with pytest.raises(Conflict, match="national-future"):
        bring(session, rows=[told(stand, published_on=day)], ended={}, source={}, actor=stand.first, at=NOW)


def test_officers_of_a_city_bring_nothing_in(session: Session, stand: Court) -> None:
    city = replace(stand.first, region=CITY)
    with pytest.raises(Forbidden):
        bring(session, rows=[told(stand)], ended={}, source={}, actor=city, at=NOW)
