"""The bid form while it is typed into: what follows by the ratio rules, to the server's digit."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select

from importers.demo.parties import PASSWORD
from kernel.auth.models import User
from kernel.auth.queries import actor_of
from kernel.db import Database, make_engine
from procurement.bids import queries
from procurement.bids.models import Box
from procurement.bids.rules import following
from tests.browser.conftest import Person, Site


@pytest.mark.long
def test_other_specifications_follow_to_the_digit_and_are_filled_by_an_act_alone(
    demo: Site, person: Callable[..., Person]
) -> None:
    someone = person(demo)
    page = someone.sign_in("company", PASSWORD)
    with Database(make_engine(demo.database_url)).transaction(write=False) as session:
        user = session.scalars(select(User).where(User.login == "company")).one()
        box = session.scalars(select(Box).where(Box.code.startswith("LX-")).order_by(Box.id.desc())).first()
        assert box is not None
        mine = queries.my_bids(session, box, actor_of(user))
        lot = next(each.lot for each in mine if len(each.lot.own) > 1 and each.lot.main)
        main, other = lot.own[0], lot.own[1]
    someone.goto(f"/procurement/bids/{box.id}/lots/{lot.id}")
    first, second = (page.locator(f"#price-{line.specification_id}") for line in (main, other))
    chance = random.Random(4)
    for _ in range(60):
        price = Decimal(chance.randrange(1, 40_000)).scaleb(-4)
        first.fill(str(price))
        follows = following(price, main=main.price_factor, factor=other.price_factor, cap=other.cap)
        assert page.locator("[data-computed]").inner_text() == f"{follows.price:.4f}"
        assert second.input_value() == ""
    second.fill("0.0123")
    page.locator("[data-take]").click()
    assert second.input_value() == f"{follows.price:.4f}"
    page.locator("[data-undo-take]").click()
    assert second.input_value() == "0.0123"
