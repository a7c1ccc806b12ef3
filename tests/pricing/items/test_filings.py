"""A hospital's own price: filed, accepted and published, returned, taken back; not for what the government guides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.clock import travel
from kernel.db import Database
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from kernel.notices.models import Notice
from pricing.items.filings import queries, services
from pricing.items.filings.flow import FilingState
from pricing.items.filings.models import PriceFiling
from pricing.items.flow import ItemStandard, PriceSource, Pricing
from pricing.items.models import ItemPrice, ItemVolume
from pricing.items.queries import items
from pricing.items.queries.prices import charged_on
from pricing.items.rules.items import Content, Draft
from pricing.items.services.items import put_items
from tests.factories.people import signed_in
from tests.pricing.items.scene import BEGIN, NOW, TODAY, Scene, new, populate, put

DAY = timedelta(days=1)
OWN = {Pricing.SPECIAL: "100", Pricing.TRIAL: "200", Pricing.MARKET: "300"}


@pytest.fixture
def scene(session: Session) -> Scene:
    return peopled(session)


def peopled(session: Session) -> Scene:
    scene = populate(session)
    drafts = [Draft(code, Content(name=f"{way.value}项目", unit="次", pricing=way)) for way, code in OWN.items()]
    put_items(session, drafts, standard=ItemStandard.LOCAL, starts_on=BEGIN, region_code="980000",
              actor=scene.officer, at=NOW)  # fmt: skip
    return scene


def item(session: Session, way: Pricing) -> int:
    return items.ids_by_code(session, [OWN[way]], "980000")[OWN[way]]


def filed(
    session: Session, scene: Scene, way: Pricing = Pricing.SPECIAL, price: str = "580", on: date = TODAY + DAY,
    by: Actor | None = None,
) -> PriceFiling:  # fmt: skip
    return services.file_price(
        session, item_id=item(session, way), price=Decimal(price), starts_on=on, reason="成本测算见附页",
        actor=by or scene.finance[0], at=NOW,
    )  # fmt: skip


def test_an_accepted_filing_is_the_hospitals_price_from_its_day_on(session: Session, scene: Scene) -> None:
    filing = filed(session, scene)
    with pytest.raises(Forbidden):
        services.accept(session, filing_id=filing.id, actor=replace(scene.officer, region="970000"), at=NOW)
    assert charged_on(session, TODAY + DAY, scene.hospitals[0]) == {}
    services.accept(session, filing_id=filing.id, actor=scene.officer, at=NOW)
    held = session.scalars(select(ItemPrice)).one()
    assert (held.source, held.source_id, held.grade.value) == (PriceSource.FILING, filing.id, "third")
    assert charged_on(session, TODAY, scene.hospitals[0]) == {}
    assert charged_on(session, TODAY + DAY, scene.hospitals[0]) == {filing.item_id: Decimal(580)}
    assert charged_on(session, TODAY + DAY, scene.hospitals[1]) == {}
    assert session.scalars(select(Notice.code)).all() == ["service-filing-accepted"]
    with pytest.raises(DomainError):
        services.send_back(session, filing_id=filing.id, note="晚了", actor=scene.officer, at=NOW)


def test_a_trial_price_is_published_ten_working_days_before_it_is_used(session: Session, scene: Scene) -> None:
    with pytest.raises(Invalid) as refused:
        filed(session, scene, Pricing.TRIAL, on=date(2026, 12, 4))
    assert refused.value.fields["starts_on"].facts["day"] == date(2026, 12, 5)
    filing = filed(session, scene, Pricing.TRIAL, on=date(2026, 12, 5))
    late = services.accept(session, filing_id=filing.id, actor=scene.officer, at=NOW + 3 * DAY)
    assert late.starts_on == date(2026, 12, 8), "accepted on the 23rd it counts ten working days from there"


def test_what_the_government_guides_is_not_filed_and_mistakes_are_told_at_once(session: Session, scene: Scene) -> None:
    with pytest.raises(DomainError, match="service-not-own"):
        services.file_price(
            session, item_id=scene.ids[0], price=Decimal(1), starts_on=TODAY + DAY, reason="x",
            actor=scene.finance[0], at=NOW,
        )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        services.file_price(
            session, item_id=item(session, Pricing.MARKET), price=Decimal("0.001"), starts_on=TODAY, reason=" ",
            actor=scene.finance[0], at=NOW,
        )  # fmt: skip
    assert set(refused.value.fields) == {"price", "starts_on", "reason"}


def test_one_filing_waits_at_a_time_and_only_its_own_hospital_and_the_bureau_see_it(
    session: Session, scene: Scene
) -> None:
    filing = filed(session, scene)
    with pytest.raises(Conflict, match="service-filing-waits"):
        filed(session, scene, price="590")
    with pytest.raises(NotFound):
        services.withdraw(session, filing_id=filing.id, actor=scene.finance[1], at=NOW)
    services.withdraw(session, filing_id=filing.id, actor=scene.finance[0], at=NOW)
    again = filed(session, scene, price="590")
    services.send_back(session, filing_id=again.id, note="缺成本测算", actor=scene.second, at=NOW)
    assert (again.state, again.note) == (FilingState.RETURNED, "缺成本测算")
    assert session.scalars(select(ItemPrice)).all() == []


@pytest.mark.parametrize(("market", "accepted"), [("1000", True), ("1000.01", False)])
def test_market_prices_stay_within_their_share_of_last_years_services(
    session: Session, scene: Scene, market: str, accepted: bool
) -> None:
    revenue = {item(session, Pricing.MARKET): Decimal(market), scene.ids[0]: Decimal(10_000) - Decimal(market)}
    for item_id, amount in revenue.items():
        session.add(ItemVolume(hospital_id=scene.hospitals[0].id, item_id=item_id, year=2025, quantity=Decimal(1),
                               revenue=amount))  # fmt: skip
    # items of 2025 have to have been there in 2025
    for version in [one for id_ in revenue for one in items.versions(session, id_)]:
        version.starts_on = date(2025, 1, 1)
    session.flush()
    share = queries.share(session, scene.hospitals[0].id, 2025)
    assert (share.market, share.total, share.over) == (Decimal(market), Decimal(10_000), not accepted)
    filing = filed(session, scene)
    if accepted:
        services.accept(session, filing_id=filing.id, actor=scene.officer, at=NOW)
    else:
        with pytest.raises(DomainError, match="service-share-over"):
            services.accept(session, filing_id=filing.id, actor=scene.officer, at=NOW)


def test_filing_and_deciding_on_pages(app: Flask, database: Database) -> None:
    with travel(to=NOW):
        with database.transaction() as session:
            scene = peopled(session)
            put(session, scene, new(scene, "100"))
            item_id = item(session, Pricing.SPECIAL)
            people = [session.get_one(User, one.user_id) for one in (*scene.finance[:2], scene.officer)]
        own, other, officer = (signed_in(app, one) for one in people)
        assert "/filing" in own.get(f"/pricing/services/{item_id}").get_data(as_text=True)
        url = f"/pricing/services/{item_id}/filing"
        assert own.get(url).status_code == 200 and officer.get(url).status_code == 403
        sent = {"price": "580", "starts_on": str(TODAY), "reason": "成本"}
        assert own.post(url, data=sent).status_code == 422
        assert own.post(url, data={**sent, "price": "abc"}).status_code == 422
        done = own.post(url, data={**sent, "starts_on": str(TODAY + DAY)})
        assert done.status_code == 303
        page = done.headers["Location"]
        assert other.get(page).status_code == 404 and own.get(page).status_code == 200
        assert "580.00" in officer.get("/pricing/services/filings").get_data(as_text=True)
        assert "580.00" not in other.get("/pricing/services/filings").get_data(as_text=True)
        assert own.post(f"{page}/accept").status_code == 403
        assert officer.post(f"{page}/return", data={"note": ""}).status_code == 422
        assert officer.post(f"{page}/accept").status_code == 303
        assert "580.00" in app.test_client().get(f"/pricing/services/{item_id}?day={TODAY + DAY}").get_data(
            as_text=True
        )
