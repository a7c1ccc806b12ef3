"""Many rows by one statement: the same ones, and the same sums, that a statement for each would name and make."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from catalogue.drugs.models import Variety
from kernel.parties.models import Region
from kernel.sets import add, among, unsought
from procurement.agreements.models import Agreement
from tests.procurement.orders.market import Market, populate

TABLE = Agreement.__table__


@pytest.fixture
def market(session: Session) -> Market:
    return populate(session, agreed=100)


def used(session: Session) -> dict[int, Decimal]:
    return dict(session.execute(select(Agreement.id, Agreement.used).order_by(Agreement.id)).all())


def test_among_names_what_in_names(session: Session, market: Market) -> None:
    codes = list(session.scalars(select(Region.code)))
    for column, values in ((Region.code, [*codes[:1], "none", "'"]), (Variety.id, [1, 3, 10**6]), (Region.code, [])):
        query = select(column).order_by(column)
        assert session.scalars(query.where(among(column, values))).all() == (
            session.scalars(query.where(column.in_(values))).all()
        )


def test_sqlite_looks_no_row_up_by_what_is_unsought(session: Session, market: Market) -> None:
    code = session.scalars(select(Region.code)).first()
    sought, beside = (select(Region.name).where(one == code) for one in (Region.code, unsought(Region.code)))
    assert session.scalars(sought).one() == session.scalars(beside).one()
    bind = session.get_bind()
    if bind.dialect.name == "sqlite":
        texts = [query.compile(bind, compile_kwargs={"literal_binds": True}) for query in (sought, beside)]
        plans = [session.execute(text(f"explain query plan {one}")).one()[-1] for one in texts]
        assert [plan.split()[0] for plan in plans] == ["SEARCH", "SCAN"]


def test_sums_are_added_to_each_row_of_its_own(session: Session, market: Market) -> None:
    first, second, *_others = used(session)
    more = {"used": [Decimal("1.5"), Decimal(7)], "price": [Decimal("0.0001"), Decimal(0)]}
    assert add(session, TABLE, ids=[second, first], more=more) == 2
    assert {key: one for key, one in used(session).items() if one} == {second: Decimal("1.5"), first: Decimal(7)}
    assert add(session, TABLE, ids=[first, 10**9], more={"used": [Decimal(-7), Decimal(1)]}) == 1


@pytest.mark.parametrize(("volume", "taken"), [("100", 1), ("100.001", 0), ("-0.001", 0), ("0", 1)])
def test_a_row_that_would_leave_its_bounds_stays_as_it_is(
    session: Session, market: Market, volume: str, taken: int
) -> None:
    first, second, *_others = used(session)
    more = {"used": [Decimal(volume), Decimal(1)]}
    assert add(session, TABLE, ids=[first, second], more=more, within={"used": "agreed"}) == taken + 1
    assert used(session)[first] == (Decimal(volume) if taken else 0)
    assert used(session)[second] == 1
