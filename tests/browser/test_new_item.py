"""A new item in real browsers, from the hospital's form to the published trial price: eight people, five offices.

The days of the publicity are let pass by turning its end back in the database; everything else is done by hand.
"""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.db import Database, make_engine
from pricing.items.applications import rules
from pricing.items.applications.models import ItemApplication
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press
from tests.pricing.items.applications.scene import CODE, DRAFT, PDF, Scene, populate

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-new-item")]

PEOPLE = ("hospital", "city", "city2", "province", "province2", "expert1", "expert2", "maker")
FIELDS = ("name", "connotation", "unit", "output", "composition", "effect")
PATIENCE = 20_000


@dataclass(slots=True)
class Office:
    """Everybody at a browser, and the database behind them."""

    site: Site
    database: Database
    scene: Scene
    pages: dict[str, Page] = field(default_factory=dict)
    pictures: pathlib.Path | None = None
    made: str = ""

    def at(self, who: str, path: str) -> Page:
        """Let somebody open a page of new items."""
        page = self.pages[who]
        page.goto(f"{self.site.url}/pricing/new-items{path}")
        return page

    def picture(self, who: str, name: str) -> None:
        """Keep how a step looks."""
        if self.pictures:
            self.pages[who].screenshot(path=self.pictures / f"new-item-{name}.png", full_page=True)

    def decide(self, who: str, code: str = "") -> None:
        """Let one officer propose that it goes on, and another confirm."""
        page = self.at(who, self.made)
        form = page.locator('form[action$="/propose"]')
        form.locator("input[name=verdict][value=forward]").check()
        form.locator("#reason").fill("材料齐全，建议进入下一环节")
        if code:
            form.locator("#code").fill(code)
        press(form.locator("button[type=submit]"))
        expect(page.locator('form[action$="/confirm"]')).to_have_count(0)  # not by the same person
        act(self.at(f"{who}2", self.made), "/confirm")


@pytest.fixture
def office(
    sqlite_template: pathlib.Path,
    tmp_path: pathlib.Path,
    serve: Callable[[str], Site],
    person: Callable[..., Person],
    pictures: pathlib.Path | None,
) -> Office:
    """A province with a round that takes applications now."""
    path, now = tmp_path / "new-item.db", clock.now()
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    with database.transaction() as session:
        scene = populate(session, now)
        secret = {"password_hash": hashed(PASSWORD), "password_set_at": now, "demo": True}
        session.execute(update(User).values(secret))
    made = Office(serve(f"sqlite:///{path}"), database, scene, pictures=pictures)
    for who in PEOPLE:
        made.pages[who] = person(made.site).sign_in(who, PASSWORD)
        made.pages[who].set_default_timeout(PATIENCE)
    return made


def test_a_new_item_from_the_application_to_the_trial(office: Office) -> None:
    applied(office)
    reviewed(office)
    scored(office)
    objected(office)
    priced(office)


def applied(office: Office) -> None:
    """The hospital fills the form in, attaches its reckoning, looks at what is like it, and submits."""
    page = office.at("hospital", "/new")
    for name in FIELDS:
        page.fill(f"#{name}", getattr(DRAFT, name))
    page.fill("#price", "480")
    page.set_input_files("#files", {"name": PDF.name, "mimeType": "application/pdf", "buffer": PDF.content})
    press(page.locator("main .actbar .btn-primary:visible"))
    office.made = "/" + page.url.rsplit("/", 1)[1]
    expect(page.get_by_role("link", name=PDF.name)).to_be_visible()
    office.picture("hospital", "draft")
    act(page, "/submit")
    expect(page.locator("h1 + .st")).to_contain_text("待受理")


def reviewed(office: Office) -> None:
    """The city accepts and reviews, the province checks the form."""
    act(office.at("city", office.made), "/accept")
    office.decide("city")
    office.decide("province")
    expect(office.at("hospital", office.made).locator("h1 + .st")).to_contain_text("专家评审")


def scored(office: Office) -> None:
    """Two experts declare and score; neither the bureau nor the first expert sees scores before both are in."""
    page = office.at("province", office.made)
    for name in ("expert1", "expert2"):
        page.check(f"#expert-{office.scene.users[name].id}")
    due = clock.beijing(clock.now() + timedelta(days=3))
    page.fill("#due_at", f"{due:%Y-%m-%dT%H:%M:%S}")
    press(page.locator('form[action$="/experts"] button[type=submit]'))
    for name, mark in (("expert1", "91.5"), ("expert2", "78")):
        expect(office.at("province", office.made).get_by_text("91.50")).to_have_count(0)
        page = office.at(name, f"/experts{office.made}")
        page.locator("input[name=conflict][value=no]").check()
        press(page.locator("main .actbar .btn-primary:visible"))
        for criterion in ("need", "effect", "burden", "clarity"):
            page.fill(f"#{criterion}", mark)
        page.locator("input[name=recommends][value=yes]").check()
        press(page.locator("main .actbar .btn-primary:visible"))
    expect(office.at("province", office.made).get_by_text("84.75").first).to_be_visible()  # the mean of both
    office.picture("province", "scores")
    office.decide("province")


def objected(office: Office) -> None:
    """A company objects while the item is public; one officer replies, another confirms."""
    page = office.at("maker", f"/announced{office.made}")
    page.fill("#text", "价格构成与现有项目重复")
    press(page.locator("main .actbar .btn-primary:visible"))
    page = office.at("province", office.made)
    page.locator("textarea[name=reply]").fill("经核，价格构成不重复")
    press(page.locator('form[action$="/reply"] button[type=submit]'))
    act(office.at("province2", office.made), "/reply-confirm")
    page = office.at("maker", f"/announced{office.made}")
    expect(page.get_by_text("经核，价格构成不重复")).to_be_visible()
    office.picture("maker", "announced")


def priced(office: Office) -> None:
    """The publicity is over, the item gets its code, the hospital files its price, everybody reads it."""
    with office.database.transaction() as session:
        session.execute(update(ItemApplication).values(due_at=clock.now() - timedelta(seconds=1)))
    office.decide("province", code=CODE)
    page = office.at("hospital", office.made)
    earliest = rules.earliest_use(clock.today(clock.now()))
    page.fill("#price", "460")
    page.fill("#starts_on", f"{earliest - timedelta(days=1)}")
    page.locator("main .actbar .btn-primary:visible").first.click()
    expect(page.locator(".summary")).to_be_visible()  # one day too soon
    page.fill("#starts_on", f"{earliest}")
    press(page.locator('form[action$="/price"] button[type=submit]'))
    expect(page.locator("h1 + .st")).to_contain_text("试行中")
    office.picture("hospital", "trial")
    page.context.clear_cookies()
    page.goto(f"{office.site.url}/pricing/new-items/announced")
    expect(page.locator("table")).to_contain_text("460.00")
    expect(page.locator("table")).to_contain_text(f"{earliest}")
