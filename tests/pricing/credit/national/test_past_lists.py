"""A past list of the nation never changes: whatever is told, cleared or renamed later, it says what was known then."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.clock import today
from kernel.db import Database
from kernel.parties.models import Region
from pricing.credit.flow import Matter
from pricing.credit.national import queries
from pricing.credit.national.rules import Ended, Known
from pricing.credit.national.services import bring, confirm
from pricing.credit.ratings.flow import CorrectionAction, CorrectionState, Level, RatingState, Route
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.services import correcting
from tests.pricing.credit.national.test_national import told
from tests.pricing.credit.ratings.court import PDF, Court, court
from tests.pricing.scene import NOW

SERIOUS = (Level.EXTREMELY_DISHONEST, Level.SERIOUSLY_DISHONEST)
ACTS = st.lists(
    st.tuples(
        st.integers(0, 3),  # days that pass before
        st.sampled_from(["tell", "tell", "tell", "confirm", "clear", "rename"]),
        st.integers(0, 1),  # which rating
        st.integers(0, 9),  # days from its beginning to its end, 0: none
    ),
    min_size=3,
    max_size=12,
)


class Undone(Exception):
    """Nothing of an example stays."""


def _ours(session: Session, stand: Court, at: datetime) -> CreditRating:
    found: CreditRating | None = session.scalars(select(CreditRating)).first()
    if found is None:
        return stand.published(session, stand.proposed(session, stand.fact(session, Matter.KICKBACKS, 600_000)))
    return found


def _clear(session: Session, stand: Court, at: datetime) -> None:
    """Correct and clear our own rating."""
    one = _ours(session, stand, at)
    if one.state is not RatingState.PUBLISHED:
        return
    for each in one.corrections:
        if each.state is not CorrectionState.VERIFIED:
            correcting.submit(session, rating_id=one.id, number=each.number, route=Route.DONE, note="已完成", files=PDF,
                              actor=stand.company, at=at)  # fmt: skip
            correcting.review(session, rating_id=one.id, number=each.number, action=CorrectionAction.VERIFY, text="",
                              actor=stand.first, at=at)  # fmt: skip
    correcting.clear(session, rating_id=one.id, actor=stand.second, at=at)


def _tell(session: Session, stand: Court, which: int, days: int | None, at: datetime) -> None:
    """Bring a rating in, or another end of it, from no end to days before it is told."""
    one = told(stand, number=f"SH-{which}", level=list(SERIOUS)[which])
    known = queries.known(session, [one.number])
    end = None if days is None else one.starts_on + timedelta(days=days)
    rows = [] if known else [replace(one, ends_on=end)]
    ended = {key: Ended(held.ends_on, end) for key, held in known.items()}
    bring(session, rows=rows, ended=ended, source={}, actor=stand.first, at=at)


def _do(session: Session, stand: Court, act: str, which: int, days: int, at: datetime) -> None:
    if act == "tell":
        _tell(session, stand, which, days or None, at)
    elif act == "confirm":
        for one in queries.unconfirmed(session, stand.second)[:1]:
            confirm(session, end_id=one.id, actor=stand.second, at=at)
    elif act == "clear":
        _clear(session, stand, at)
    elif act == "rename":
        stand.scene.companies[0].name += "新"
        for place in session.scalars(select(Region)):
            place.name += "新"
        stand.fact(session, Matter.KICKBACKS, 900_000 + days)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_a_past_list_never_changes(database: Database, acts: list[tuple[int, str, int, int]]) -> None:
    with clock.travel(to=NOW), suppress(Undone), database.transaction() as session:
        stand = court(session)
        _ours(session, stand, NOW)
        held, at = {today(NOW) - timedelta(days=1): list[Known]()}, NOW
        for passed, act, which, days in acts:
            for _each in range(passed):
                held[today(at)] = queries.national(session, today(at))
                at += timedelta(days=1)
            _do(session, stand, act, which, days, at)
            session.flush()
            assert {day: queries.national(session, day) for day in held} == held
        raise Undone
