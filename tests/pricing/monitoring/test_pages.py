"""Who sees which figures of monitoring, as pages, as a call and as workbooks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.auth.actor import PUBLIC
from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.db import Database
from kernel.downloads.registry import found
from kernel.errors import Forbidden
from pricing.monitoring import services
from pricing.monitoring.queries import sums
from pricing.monitoring.services import Fact
from tests.factories.people import signed_in
from tests.pricing.scene import CITY, NOW, Scene, acting, populate

MONTHS, ROUND = "from=2026-01&to=2026-03", "round/LM-1"


@pytest.fixture
def scene(database: Database) -> Scene:
    with database.transaction() as session:
        scene = populate(session)
        put(session, scene)
    return scene


def put(session: Session, scene: Scene) -> None:
    """Each maker's first product is bought in two months, the second maker's dearer in the later one."""
    facts = [
        Fact(
            date(2026, month, 1), scene.products[place].id, CITY, "三级甲等", "round/LM-1", Decimal(100), Decimal(yuan)
        )
        for place, month, yuan in ((0, 1, 1000), (1, 1, 1000), (0, 3, 1000), (1, 3, 1500))
    ]
    services.push(session, facts, at=NOW)
    services.sum_up(session, day=today(NOW))


def test_everybody_reads_indices_and_no_amounts(app: Flask, scene: Scene) -> None:
    browser = app.test_client()
    answer = browser.get(f"/api/v1/pricing/indices?{MONTHS}&class=&region={CITY}").get_json()
    last = answer["periods"][-1]
    assert (answer["base"], last["fisher"], last["coverage"], last["matched"]) == ("2026-01", "1.25000", "1.00000", 2)
    assert browser.get("/api/v1/pricing/indices?from=2026-13").status_code == 422
    for by in ("goods", "class", "region", "grade", "source", "nothing"):
        page = browser.get(f"/pricing/monitoring?{MONTHS}&by={by}")
        assert page.status_code == 200 and "1.25000" in page.text and "2,500" not in page.text
    for name in ("items", "spending", "savings"):
        assert browser.get(f"/pricing/monitoring/{name}").status_code in (302, 303, 403)
    empty = browser.get("/pricing/monitoring?from=2020-01&to=2020-02&step=year&method=chained&base=x&region=__&goods=x")
    assert empty.status_code == 200 and "所选月份没有到货" in empty.text


@pytest.mark.parametrize(
    ("who", "sees", "total"),
    [
        ("officer", {"甲制药", "乙制药"}, "2,500.00"),
        ("company", {"甲制药"}, "1,000.00"),
        ("other", {"乙制药"}, "1,500.00"),
    ],
)
def test_a_company_sees_its_own_items_only(
    app: Flask, database: Database, scene: Scene, who: str, sees: set[str], total: str
) -> None:
    browser = signed_in(app, scene.users[who])
    page = browser.get(f"/pricing/monitoring/items?{MONTHS}").text
    main = page[page.index("<main") :]
    assert {name for name in ("甲制药", "乙制药") if name in main} == sees
    for name in ("spending", "savings"):
        shown = browser.get(f"/pricing/monitoring/{name}?{MONTHS}")
        assert shown.status_code == 200 and total in shown.text, name
    role = Role.PRICE_OFFICER if who == "officer" else Role.MANUFACTURER
    actor = acting(scene.users[who], role)
    with database.transaction(write=False) as session:
        asked = dict(part.split("=") for part in MONTHS.split("&"))
        rows = list(found("pricing.index-items", actor).sheet(session, asked, actor, NOW).rows)
        assert {row[0] for row in rows} == sees
        for name in ("indices", "spending", "savings"):
            assert list(found(f"pricing.{name}", actor).sheet(session, asked, actor, NOW).rows)


def test_the_public_exports_indices_alone_and_waiting_facts_tell_as_of_when(session: Session) -> None:
    put(session, populate(session))
    assert found("pricing.indices", PUBLIC)
    with pytest.raises(Forbidden):
        found("pricing.spending", PUBLIC)
    later = datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert sums.as_of(session, later) == later
    services.push(session, [Fact(date(2026, 4, 1), 1, CITY, "-", "listed", Decimal(1), Decimal(1))], at=NOW)
    assert sums.as_of(session, later) == NOW == later - timedelta(hours=1)
