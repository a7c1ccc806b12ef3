"""A round of stents in real browsers: a hospital divides its pool, the agency closes and makes the agreements."""

from __future__ import annotations

import pathlib
import random
import re
import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from importers.demo import consumables, parties
from importers.demo.parties import PASSWORD
from importers.demo.stage import Stage
from kernel import clock
from kernel.db import Database, make_engine
from procurement.agreements.models import Agreement
from procurement.agreements.reassignment import queries, services
from procurement.rounds.models.rounds import Round
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-consumables")]


@pytest.fixture
def town(sqlite_template: pathlib.Path, tmp_path: pathlib.Path, serve: Callable[[str], Site]) -> tuple[Site, Stage]:
    """The demo's round of stents, awarded and being divided, among its people."""
    path = tmp_path / "stents.db"
    shutil.copy(sqlite_template, path)
    database, now = Database(make_engine(f"sqlite:///{path}")), clock.now()
    stage = Stage(database, parties.Cast(), [], random.Random(1), now)
    with stage.at(stage.day(-420)) as session:
        stage.cast = parties.build(session, stage.day(-420))
    consumables.build(stage, clock.today(now).year)
    return serve(f"sqlite:///{path}"), stage


def test_a_hospital_divides_its_pool_and_the_agency_closes(
    town: tuple[Site, Stage], person: Callable[..., Person]
) -> None:
    site, stage = town
    hospital, reviewer = (person(site) for _login in range(2))
    for someone, account in ((hospital, "hospital"), (reviewer, "reviewer")):
        someone.sign_in(account, PASSWORD)
    divide(hospital.page, site)
    others(stage)
    page = reviewer.page
    page.goto(f"{site.url}/procurement/rounds/1/reassignment")
    act(page, "/reassignment/close")
    act(page, "/agreements")
    with stage.database.transaction(write=False) as session:
        found = queries.of_round(session, 1)
        assert found is not None
        own = sum(row.own for row in queries.volumes(session, found))
        assert own == sum(session.scalars(select(Agreement.agreed)))


def divide(page: Page, site: Site) -> None:
    """Too much is refused with both figures; then the pool is given exactly, and what is left says so meanwhile."""
    page.goto(f"{site.url}/procurement/rounds/1/reassignment")
    says, fields = page.locator("[data-pool-says]"), page.locator("[data-give]")
    pool = int(page.locator("[data-pool]").get_attribute("data-pool") or 0)
    expect(says).to_contain_text(f"{pool:,}")
    fields.nth(0).fill(str(pool + 1))
    expect(says).to_have_class(re.compile("t-warn"))
    page.locator('button[value="submit"]').click()
    expect(page.locator("[data-summary]")).to_contain_text(str(pool))
    fields.nth(0).fill(str(pool - 8))
    fields.nth(2).fill("8")
    expect(page.locator("[data-pool-says]")).not_to_have_class(re.compile("t-warn"))
    press(page.locator('button[value="submit"]'))
    expect(page.locator("main")).to_contain_text("已提交")


def others(stage: Stage) -> None:
    """Let the hospitals that are still silent give everything to the lowest winner."""
    with stage.database.transaction() as session:
        found = queries.of_round(session, 1)
        assert found is not None
        silent = queries.waiting(queries.volumes(session, found), queries.choices(session, found))
        ordered, round_ = queries.winners(session, session.get_one(Round, 1)), session.get_one(Round, 1)
        shares = queries.by_hospital(queries.volumes(session, found))
        for index, organisation in enumerate(stage.cast.hospitals):
            if organisation.id in silent:
                typed: dict[int, str] = {}
                for share in shares[organisation.id]:
                    parts = queries.by_rule(share, ordered[share.lot.id], found.fallback)
                    typed |= {row.id: f"{parts[row.company_id or 0, row.specification_id]:f}" for row in share.winners}
                services.divide(
                    session, round_id=round_.id, typed=typed, submit=True, actor=stage.hospital(index), at=clock.now()
                )
