"""Service prices in real browsers: the bureau brings a table in, a hospital files a price, everybody reads both."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from catalogue.search.sources.services import catch_up
from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.db import Database, make_engine
from pricing.items.flow import ItemStandard, Pricing
from pricing.items.rules.items import Content, Draft
from pricing.items.services.items import put_items
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press
from tests.importers import books
from tests.pricing.items.scene import BEGIN, CODES, PROVINCE, Scene, new, populate, put

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-services")]

SPECIAL = "S11090001"


@pytest.fixture
def people(
    sqlite_template: pathlib.Path, tmp_path: pathlib.Path, serve: Callable[[str], Site], person: Callable[..., Person]
) -> dict[str, Page]:
    """An officer, a hospital's accountant and a stranger; one item has a price, one is of special need."""
    path, now = tmp_path / "services.db", clock.now()
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    with database.transaction() as session:
        scene = populate(session)
        put(session, scene, new(scene, "100"))
        own = Draft(SPECIAL, Content(name="特需病房床位费", unit="床日", pricing=Pricing.SPECIAL))
        put_items(
            session, [own], standard=ItemStandard.LOCAL, starts_on=BEGIN, region_code=PROVINCE, actor=scene.officer,
            at=now,
        )  # fmt: skip
        session.execute(update(User).values(password_hash=hashed(PASSWORD), password_set_at=now, demo=True))
        catch_up(session)
        logins = names(scene, {one.id: one.login for one in session.query(User)})
    site = serve(f"sqlite:///{path}")
    found = {who: person(site).sign_in(login, PASSWORD) for who, login in logins.items()}
    return {**found, "stranger": person(site, width=390).goto("/pricing/services")}


def names(scene: Scene, logins: dict[int, str]) -> dict[str, str]:
    """Return the logins of the officer and of the first hospital's accountant."""
    return {"officer": logins[scene.officer.user_id or 0], "hospital": logins[scene.finance[0].user_id or 0]}


def opened(page: Page, path: str) -> Page:
    """Open a path of the site the page is at."""
    page.goto("/".join(page.url.split("/")[:3]) + path)
    return page


def test_a_price_table_and_an_own_price_reach_the_public(people: dict[str, Page], tmp_path: pathlib.Path) -> None:
    tomorrow = clock.today(clock.now()) + timedelta(days=1)
    book = tmp_path / "价格表.xlsx"
    book.write_bytes(books.book([["项目编码", "三级", "二级", "一级及以下"], [CODES[0], "120.50", "110", "95"]]))
    officer = opened(people["officer"], "/pricing/services/import")
    officer.select_option("select[name=region] >> nth=0", PROVINCE)
    officer.fill("input[name=day] >> nth=0", tomorrow.isoformat())
    press(officer.locator("main form button[type=submit]").first)
    officer.set_input_files("input[type=file]", book)
    press(officer.locator("main form[enctype] button[type=submit]").first)
    act(officer, "/apply")
    expect(officer.locator("main")).to_contain_text("120.5")
    filed(people["hospital"])
    accepted(people["officer"])
    read(people["stranger"], tomorrow.isoformat())


def filed(page: Page) -> None:
    """The hospital finds the item of special need by its sounds and files a price."""
    opened(page, "/pricing/services?q=txbf")
    press(page.locator("main tbody a", has_text="特需病房床位费"))
    press(page.locator("main .acts a[href$='/filing']"))
    page.fill("#price", "680")
    page.fill("#reason", "成本测算见附页")
    press(page.locator("main .actbar button[type=submit]"))
    expect(page.locator("main")).to_contain_text("680.00")


def accepted(page: Page) -> None:
    """The bureau finds it among those that wait, and publishes it."""
    opened(page, "/pricing/services/filings")
    press(page.locator("main tbody a").first)
    act(page, "/accept")
    expect(page.locator(".st.fill")).to_contain_text("已公布")


def read(page: Page, tomorrow: str) -> None:
    """A stranger with a phone reads what is announced, tomorrow's price and the hospital's own."""
    opened(page, "/pricing/services/changes")
    press(page.locator("main tbody a").first)
    expect(page.locator("main")).to_contain_text("100.00")
    expect(page.locator("main")).to_contain_text("120.50")
    press(page.locator("main tbody a", has_text="X线计算机体层平扫").first)
    expect(page.locator("main .plot canvas, main .plot svg").first).to_be_visible()
    opened(page, f"/pricing/services?q=txbf&day={tomorrow}")
    press(page.locator("main tbody a", has_text="特需病房床位费"))
    page.goto(f"{page.url}&day={tomorrow}")
    expect(page.locator("main")).to_contain_text("680.00")
