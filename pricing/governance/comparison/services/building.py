"""Build gap tables: everything nightly, what changed in between; warnings of linkage follow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import roomy
from kernel.money import to_whole
from kernel.sets import among, learn
from kernel.wholes import whole
from pricing.governance.comparison.flow import Same
from pricing.governance.comparison.models import GapRun, PriceGap
from pricing.governance.comparison.queries import changes
from pricing.governance.comparison.queries.priced import COLUMNS, gaps
from pricing.governance.comparison.services import bringing, grouping, warning
from pricing.tags import Tag


def run(session: Session, *, day: date, actor: Actor, at: datetime, whole_: bool = False) -> GapRun | None:
    """Follow every change since the last run, and at a day's first run the catalogue's. None: nothing changed.

    The first run of all looks at everything, and one that finds too much changed.
    """
    last, upto = changes.last_run(session), changes.newest_listing(session)
    groups: Collection[int] | None = None
    if last is not None and last.day <= day and not whole_:
        groups = changes.changed(session, last, day)
        if last.day < day:
            groups |= grouping.catch_up(session) | bringing.match_again(session)
        elif not groups:
            return None
        groups = None if len(groups) > changes.MOST else groups
    given, cleared = rebuild(session, groups=groups, day=day, at=at)
    count = session.scalar(select(func.count()).select_from(PriceGap).where(PriceGap.same == Same.FOUR)) or 0
    made = GapRun(day=day, at=at, upto=upto, whole=groups is None, gaps=count, given=given, cleared=cleared)
    session.add(made)
    session.flush()  # the audit event names its id
    record(session, Tag.GAPS_BUILT, made, actor, at, {"gaps": count, "given": given, "cleared": cleared})
    return made


def rebuild(session: Session, *, groups: Collection[int] | None, day: date, at: datetime) -> tuple[int, int]:
    """Bring gaps and warnings of some four-same groups (None: of all) to what a day's prices say."""
    if groups is None:
        grouping.catch_up(session)
        bringing.match_again(session)
    session.flush()  # what the verb before has changed is read here in sets
    three = None if groups is None else changes.siblings(session, groups)
    with roomy(session):
        for same, held in ((Same.FOUR, groups), (Same.THREE, three)):
            gone = delete(PriceGap).where(PriceGap.same == same)
            session.execute(_unheld(gone if held is None else gone.where(among(PriceGap.group_id, sorted(held)))))
            some = None if held is None else sorted(held)
            session.execute(insert(PriceGap).from_select(COLUMNS, gaps(same, day, some)))
        if groups is None:
            learn(session, PriceGap.__table__)
        _mark_outliers(session)
        return warning.follow(session, groups=groups, day=day, at=at)


def _unheld(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)


def _mark_outliers(session: Session) -> None:
    """Say of each gap whether it is an outlier by its region's rule; exact, without a division."""
    for times, regions in changes.outlier_times(session).items():
        above, below = _fraction(times)
        price, median = whole(PriceGap.price), whole(PriceGap.median)
        is_one = price * literal(below, BigInteger) >= median * literal(above, BigInteger)
        marked = update(PriceGap).where(
            among(PriceGap.region_code, regions), PriceGap.outlier.is_(None) | (PriceGap.outlier != is_one)
        )
        session.execute(_unheld(marked.values(outlier=is_one)))


def _fraction(times: Decimal) -> tuple[int, int]:
    """Return a multiple as numerator and denominator."""
    return to_whole(times, 4), 10_000
