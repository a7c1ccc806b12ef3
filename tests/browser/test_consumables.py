"""Rounds of stents in real browsers: the pool of losers is divided by hospitals' choice or by a rule, then closed."""

from __future__ import annotations

import pathlib
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from importers.demo import consumables, parties
from importers.demo.parties import PASSWORD
from importers.demo.stage import Stage
from kernel import clock
from kernel.db import Database, make_engine
from procurement.agreements.models import Agreement
from procurement.agreements.reassignment import queries
from procurement.agreements.reassignment.models import Reassignment
from procurement.agreements.reassignment.queries import Share
from procurement.rounds.models.rounds import Round
from procurement.rounds.rules.volumes import Reassign
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-consumables")]

HOME = "/procurement/rounds/1"


@dataclass(slots=True)
class Town:
    """A round of stents with its final award, whose pools nobody divides yet."""

    site: Site
    database: Database
    hospitals: list[int]
    pictures: pathlib.Path | None
    taken: int = 0

    def at(self, someone: Person, path: str) -> Page:
        """Let somebody open a page."""
        someone.page.goto(self.site.url + path)
        return someone.page

    def picture(self, page: Page, name: str) -> None:
        """Keep how a step looks, where somebody wants to look."""
        if self.pictures:
            self.taken += 1
            path = self.pictures / f"stents-{self.taken:02d}-{name}"
            page.screenshot(path=f"{path}.png", full_page=True)
            page.set_viewport_size({"width": 390, "height": 844})
            page.screenshot(path=f"{path}-390.png", full_page=True)
            page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture(scope="module")
def awarded(sqlite_template: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pathlib.Path, list[int]]:
    """The demo's round of stents up to its award, among its people; and the hospitals."""
    path = tmp_path_factory.mktemp("stents") / "awarded.db"
    shutil.copy(sqlite_template, path)
    database, now = Database(make_engine(f"sqlite:///{path}")), clock.now()
    stage = Stage(database, parties.Cast(), [], random.Random(1), now)
    with stage.at(stage.day(-420)) as session:
        stage.cast = parties.build(session, stage.day(-420))
    consumables.awarded(stage, clock.today(now).year)
    database.engine.dispose()
    return path, [one.id for one in stage.cast.hospitals]


@pytest.fixture
def town(
    awarded: tuple[pathlib.Path, list[int]],
    tmp_path: pathlib.Path,
    serve: Callable[[str], Site],
    pictures: pathlib.Path | None,
) -> Town:
    """A copy of the awarded round behind a server of its own."""
    path, url = tmp_path / "stents.db", f"sqlite:///{tmp_path / 'stents.db'}"
    shutil.copy(awarded[0], path)
    return Town(serve(url), Database(make_engine(url)), awarded[1], pictures)


def test_hospitals_choose_the_silent_go_by_the_rule_and_nothing_is_lost(
    town: Town, person: Callable[..., Person]
) -> None:
    agency, reviewer, chooser, silent = seated(town, person, "agency", "reviewer", "hospital", "hospital3")
    start(town, agency, how="by-hospital", fallback="pro-rata", minutes=60)
    expect(town.at(silent, "/").locator("main")).to_contain_text("接续集中带量采购")
    town.picture(silent.page, "home")
    given = divide(town, chooser)
    closing = 'form[action$="/reassignment/close"]'
    assert town.at(reviewer, f"{HOME}/reassignment").locator(closing).count() == 0  # the deadline lies ahead
    over(town)
    assert town.at(agency, f"{HOME}/reassignment").locator(closing).count() == 0  # who started it does not close it
    closed(town, reviewer)
    parts = {key: divided(town, hospital) for key, hospital in (("chose", 0), ("silent", 2))}
    assert [part for part in parts["chose"][1] if part] == given
    assert parts["silent"][1] == parts["silent"][2]
    page = town.at(silent, f"{HOME}/reassignment")
    expect(page.locator(".note-bar", has_text="按规则分配：按比例")).to_be_visible()
    expect(page.locator("main tbody")).to_contain_text(f"{max(parts['silent'][1]):,.0f}")
    town.picture(page, "silent")
    town.at(chooser, "/procurement/agreements")
    town.picture(chooser.page, "agreements")
    assert len(given) <= chooser.page.locator("main tbody tr").count()


def test_a_rule_divides_every_pool_without_asking_hospitals(town: Town, person: Callable[..., Person]) -> None:
    agency, reviewer, hospital = seated(town, person, "agency", "reviewer", "hospital")
    start(town, agency, how="lowest-first")
    page = town.at(hospital, f"{HOME}/reassignment")
    expect(page.locator("main")).to_contain_text("低价优先")
    assert page.locator("[data-give]").count() == 0
    town.picture(page, "by-rule")
    closed(town, reviewer)
    for index in range(len(town.hospitals)):
        share, parts, _ruled = divided(town, index)
        if share.pool:
            lowest = min((row for row in share.winners), key=lambda row: row.award.price if row.award else Decimal(0))
            assert [row.company_id for row, part in zip(share.winners, parts, strict=True) if part] == [
                lowest.company_id
            ]


def seated(town: Town, person: Callable[..., Person], *logins: str) -> list[Person]:
    """Let people sign in, each at a browser."""
    found = [person(town.site) for _login in logins]
    for someone, login in zip(found, logins, strict=True):
        someone.sign_in(login, PASSWORD)
    return found


def start(town: Town, agency: Person, *, how: str, fallback: str = "", minutes: int = 0) -> None:
    """Start the reassignment in the agency's way, with its source and reason."""
    page = town.at(agency, f"{HOME}/reassignment")
    page.locator(f'input[name="how"][value="{how}"]').check()
    if fallback:
        page.select_option("#fallback", fallback)
        page.fill("#deadline", f"{clock.beijing(clock.now() + timedelta(minutes=minutes)):%Y-%m-%dT%H:%M:%S}")
    page.fill("#source", "采购文件第 5.3 条")
    page.fill("#reason", "文件规定未中选企业的约定量在中选企业中重新分配")
    town.picture(page, f"start-{how}")
    press(page.locator("main form .actbar button[type=submit]"))
    town.picture(page, f"started-{how}")


def divide(town: Town, hospital: Person) -> list[Decimal]:
    """Too much is refused with both figures; then the pool is given exactly, and what is left says so meanwhile."""
    page = town.at(hospital, f"{HOME}/reassignment")
    says, fields = page.locator("[data-pool-says]"), page.locator("[data-give]")
    pool = int(page.locator("[data-pool]").get_attribute("data-pool") or 0)
    expect(says).to_contain_text(f"{pool:,}")
    fields.nth(0).fill(str(pool + 1))
    expect(says).to_have_class(re.compile("t-warn"))
    page.locator('button[value="submit"]').click()
    expect(page.locator("[data-summary]")).to_contain_text(str(pool))
    town.picture(page, "too-much")
    fields.nth(0).fill(str(pool - 8))
    fields.nth(2).fill("8")
    expect(page.locator("[data-pool-says]")).not_to_have_class(re.compile("t-warn"))
    press(page.locator('button[value="submit"]'))
    expect(page.locator("main")).to_contain_text("已提交")
    town.picture(page, "divided")
    return [Decimal(pool - 8), Decimal(8)]


def over(town: Town) -> None:
    """Let the hospitals' hour come sooner than a test can wait for."""
    with town.database.transaction() as session:
        session.scalars(select(Reassignment)).one().deadline = clock.now() - timedelta(seconds=1)


def closed(town: Town, reviewer: Person) -> None:
    """A second person closes and makes the agreements; per hospital and lot, agreed and reassigned are its own."""
    page = town.at(reviewer, f"{HOME}/reassignment")
    act(page, "/reassignment/close")
    town.picture(page, "closed")
    act(page, "/agreements")
    town.picture(page, "made")
    with town.database.transaction(write=False) as session:
        found = queries.of_round(session, 1)
        assert found is not None
        rows = queries.volumes(session, found)
        for shares in queries.by_hospital(rows).values():
            for share in shares:
                assert share.agreed + sum(row.reassigned for row in share.rows) == share.own
        agreed: dict[int, Decimal] = defaultdict(Decimal)
        for one in session.scalars(select(Agreement)):
            agreed[one.hospital_id] += one.agreed
        own = {key: sum(share.own for share in shares) for key, shares in queries.by_hospital(rows).items()}
        assert agreed == {key: volume for key, volume in own.items() if volume}


def divided(town: Town, index: int) -> tuple[Share, list[Decimal], list[Decimal]]:
    """Return a hospital's share of the lot, what each winner was given of its pool, and what the rule would give."""
    with town.database.transaction(write=False) as session:
        found = queries.of_round(session, 1)
        assert found is not None
        share = queries.by_hospital(queries.volumes(session, found))[town.hospitals[index]][0]
        ordered = queries.winners(session, session.get_one(Round, 1))[share.lot.id]
        ruled = queries.by_rule(share, ordered, Reassign(found.fallback))
        session.expunge_all()
    keys = [(row.company_id or 0, row.specification_id) for row in share.winners]
    return share, [row.reassigned for row in share.winners], [ruled.get(key, Decimal(0)) for key in keys]
