"""Whom a rating waits for at each step of its procedure: on the first page, in the side bar, in the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.db import Database
from pricing.credit.flow import Matter
from pricing.credit.ratings.flow import CorrectionAction, Route
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries.waiting import WAITS, listed, waiting
from pricing.credit.ratings.services import correcting, deciding, proposing
from pricing.credit.ratings.services.deciding import Suggestion
from tests.factories.people import signed_in
from tests.pricing.scene import CITY, NOW, OTHER

from .court import PDF, Court, court


def whom(session: Session, stand: Court, days: int = 0) -> str:
    """Return for whom something waits: first and second officer, the company, another one."""
    session.flush()
    people = {"1": stand.first, "2": stand.second, "c": stand.company, "o": stand.other}
    return "".join(key for key, one in people.items() if waiting(session, one, NOW + timedelta(days=days))[0])


@pytest.mark.usefixtures("then")
def test_a_rating_waits_for_whoever_acts_next(session: Session, stand: Court) -> None:
    one = stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 600_000))
    assert whom(session, stand) == "12"
    proposing.give_notice(session, rating_id=one.id, notice_days=30, defence_days=15, actor=stand.first, at=NOW)
    assert (whom(session, stand), whom(session, stand, 60)) == ("c", "12")
    proposing.defend(session, rating_id=one.id, text="情节较轻", files=PDF, actor=stand.company, at=NOW)
    assert whom(session, stand) == "12"
    asked = Suggestion(None, NOW.date(), "不予采纳")
    deciding.suggest(session, rating_id=one.id, asked=asked, actor=stand.first, at=NOW)
    assert whom(session, stand) == "2"
    deciding.decide(session, rating_id=one.id, actor=stand.second, at=NOW)
    assert (whom(session, stand), whom(session, stand, 3 * 366)) == ("c", "")  # a lapsed one waits for nobody
    correct(session, stand, one)
    assert whom(session, stand) == "12"
    correcting.clear(session, rating_id=one.id, actor=stand.second, at=NOW)
    assert whom(session, stand) == ""


def correct(session: Session, stand: Court, one: CreditRating) -> None:
    known = {"session": session, "rating_id": one.id, "at": NOW}
    for place, each in enumerate(one.corrections):
        last = place == len(one.corrections) - 1
        correcting.submit(**known, number=each.number, route=Route.DONE, note="已完成", files=PDF, actor=stand.company)  # type: ignore[arg-type]
        assert whom(session, stand) == ("12" if last else "12c")
        correcting.review(**known, number=each.number, action=CorrectionAction.VERIFY, text="", actor=stand.first)  # type: ignore[arg-type]


@pytest.mark.usefixtures("then")
def test_only_the_officers_of_its_region_are_asked(session: Session, stand: Court) -> None:
    one = stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 600_000))
    for region, count in ((one.region_code, 1), (CITY, 0), (OTHER, 0)):
        officer = replace(stand.second, region=region)
        found = session.scalars(listed(session, officer, {"state": WAITS}, NOW)).all()
        assert (len(found), waiting(session, officer, NOW)) == (count, (count, False))


def test_the_first_page_names_the_rating_its_deadline_and_the_letter(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        stand = court(session)
        one = stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 600_000))
        proposing.give_notice(session, rating_id=one.id, notice_days=30, defence_days=15, actor=stand.first, at=now())
        number, users = one.number, stand.scene.users
    pages = {name: signed_in(app, users[name]).get("/").get_data(as_text=True) for name in ("company", "other")}
    assert [number in each for each in pages.values()] == [True, False]
    assert all("信用承诺书" in each for each in pages.values())
    listed_ = signed_in(app, users["company"]).get("/pricing/credit/ratings?state=waits").get_data(as_text=True)
    assert number in listed_
