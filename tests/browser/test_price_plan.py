"""A price plan in real browsers, from its draft to the price that everybody pays: three officers, a hospital, a reader.

Deadlines are let pass by turning them back in the database; everything else is done by hand.
"""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.db import Database, make_engine
from pricing.adjustments.models import AdjustmentPlan
from pricing.items.models import ItemPrice
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press, type_in
from tests.pricing.adjustments.scene import NUMBERS, YEAR, Province, populate
from tests.pricing.scene import PROVINCE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-price-plan")]

PEOPLE = {"drafter": "officer1", "second": "officer2", "third": "officer3", "hospital": "third"}
ADDED = "6,012.00"
"""One yuan more for four items: 1 002 a department, two departments, three hospitals."""


@dataclass(slots=True)
class Office:
    """Everybody at a browser, and the database behind them."""

    site: Site
    database: Database
    scene: Province
    pages: dict[str, Page] = field(default_factory=dict)
    made: str = ""

    def at(self, who: str, path: str = "") -> Page:
        """Let somebody open a page of the plan."""
        page = self.pages[who]
        page.goto(f"{self.site.url}{self.made}{path}")
        return page

    def passes(self, **values: Any) -> None:
        """Turn days of the plan back."""
        with self.database.transaction() as session:
            session.execute(update(AdjustmentPlan).values(**values))


@pytest.fixture
def office(
    sqlite_template: pathlib.Path, tmp_path: pathlib.Path, serve: Callable[[str], Site], person: Callable[..., Person]
) -> Office:
    """A province with prices, volumes and a bureau of three."""
    path = tmp_path / "plan.db"
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    with database.transaction() as session:
        scene = populate(session)
        secret = {"password_hash": hashed(PASSWORD), "password_set_at": clock.now(), "demo": True}
        session.execute(update(User).values(secret))
        logins = {who: scene.users[key].login for who, key in PEOPLE.items()}
    made = Office(serve(f"sqlite:///{path}"), database, scene)
    for who, login in logins.items():
        made.pages[who] = person(made.site).sign_in(login, PASSWORD)
    made.pages["reader"] = person(made.site, width=390).goto("/pricing/services")
    return made


def test_a_price_plan_from_its_draft_to_the_price_that_holds(office: Office) -> None:
    starts = clock.today(clock.now()) + timedelta(days=40)
    begun(office, starts)
    lined(office)
    heard(office)
    decided(office)
    filed(office)
    held(office, starts)


def begun(office: Office, starts: date) -> None:
    """The drafter begins a plan on a reform's document and fills its numbers in."""
    office.made = "/pricing/adjustments/new"
    page = office.at("drafter")
    for name, text in (("code", "JH-TJ-1"), ("title", "年度调价"), ("starts_on", starts.isoformat()),
                       ("document", "江政发〔2026〕3号"), ("volume_year", str(YEAR))):  # fmt: skip
        page.fill(f"#{name}", text)
    page.select_option("#region", PROVINCE)
    page.locator("input[name=kind][value=special]").check()
    press(page.locator("main .actbar button[type=submit]"))
    office.made = "/" + page.url.split("/", 3)[3]
    for name, text in NUMBERS.items():
        page.select_option("#parameter", name)
        page.locator('form[action$="/fill"] #text').fill(text)
        page.locator('form[action$="/fill"] #source').fill("江医保〔2026〕9号")
        press(page.locator('form[action$="/fill"] button[type=submit]'))


def lined(office: Office) -> None:
    """He adds items by their beginning, takes one out in the grid, and looks at what it comes to."""
    page = office.at("drafter", "/lines")
    page.fill("#prefix", "3302")
    page.fill("#percent", "5")
    press(page.locator('form[action$="/lines/add"] button[type=submit]'))
    for row in (12, 13, 14):
        type_in(page, row, "new", "")
    press(page.locator('form[action$="/lines"] button[type=submit]'))
    page = office.at("drafter", "/effect")
    expect(page.locator("main table").first).to_contain_text(ADDED)
    expect(page.locator("main .plot canvas, main .plot svg").first).to_be_visible()


def heard(office: Office) -> None:
    """Costs are surveyed; a hospital says its opinion and is answered; the experts' conclusion is noted."""
    page = office.at("drafter")
    act(page, "/act")
    page.locator('form[action$="/ask"] #text').fill("成本调查报告")
    page.fill("#due_at", (clock.today(clock.now()) + timedelta(days=1)).isoformat())
    press(page.locator('form[action$="/ask"] button[type=submit]'))
    said(office, "建议提高护理价格", "已采纳")
    office.passes(opinions_due_at=clock.now() - timedelta(minutes=1))
    page = office.at("drafter")
    for text in ("意见已汇总并答复", "七位专家论证，一致同意"):
        form = page.locator("form:has(input[name=act]):has(textarea[name=text])")
        form.locator("textarea").fill(text)
        press(form.locator(".actbar button[type=submit]"))
    expect(page.locator('form[action$="/vote"]')).to_have_count(0)  # the drafter has no voice


def said(office: Office, text: str, answer: str) -> None:
    """The hospital says something, the drafter answers, the hospital reads it."""
    page = office.at("hospital")
    page.locator('form[action$="/say"] textarea').fill(text)
    press(page.locator('form[action$="/say"] button[type=submit]'))
    page = office.at("drafter")
    page.locator("textarea[name=reply]").fill(answer)
    press(page.locator('form[action$="/reply"] button[type=submit]'))
    expect(office.at("hospital").locator("main")).to_contain_text(answer)


def decided(office: Office) -> None:
    """Nobody outside reads it before two others than the drafter have approved."""
    for who in ("second", "third"):
        refused = office.pages["reader"].goto(f"{office.site.url}{office.made}")
        assert refused is not None and "JH-TJ-1" not in office.pages["reader"].content()
        page = office.at(who)
        page.check('form[action$="/vote"] input[value=yes]')
        press(page.locator('form[action$="/vote"] button[type=submit]'))
    expect(office.at("reader").locator("main")).to_contain_text("JH-TJ-1")


def filed(office: Office) -> None:
    """An objection is answered, the publicity ends, the plan is filed."""
    said(office, "三级医院价格偏低", "经核，维持方案")
    office.passes(publicity_ends_at=clock.now() - timedelta(seconds=1))
    page = office.at("drafter")
    page.fill("#filing", "江医保价备〔2026〕12号")
    press(page.locator("form:has(#filing) .actbar button[type=submit]"))
    expect(page.locator("h1 + .st")).to_contain_text("已备案")


def held(office: Office, starts: date) -> None:
    """Everybody reads the price of the day before and of the day; when that day has come the plan is effective."""
    page, item = office.pages["reader"], office.scene.items[0]
    for day, price in ((starts - timedelta(days=1), "20.00"), (starts, "21.00")):
        page.goto(f"{office.site.url}/pricing/services/{item}?day={day}")
        expect(page.locator("main table").first).to_contain_text(price)
    today = clock.today(clock.now())
    with office.database.transaction() as session:
        for column in (AdjustmentPlan.starts_on, ItemPrice.starts_on, ItemPrice.ends_on):
            session.execute(update(column.class_).where(column == starts).values({column.key: today}))
    page.goto(f"{office.site.url}/pricing/services/{item}")
    expect(page.locator("main table").first).to_contain_text("21.00")
    page.locator("main details.data summary").first.click()
    press(page.locator("main table a", has_text="调价方案").first)
    expect(page.locator("h1 + .st")).to_contain_text("已执行")
