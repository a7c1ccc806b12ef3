"""A small round in real browsers: two officers of the agency, a hospital and two companies, each at a browser.

The clock is the real one. The collection closes half a minute after it starts and the round a minute and a half after
it is set up, the shortest a published round may be open; what has to be done before is done meanwhile.
"""

from __future__ import annotations

import pathlib
import random
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from importers.demo import drugs, parties
from importers.demo.drugs import Drug
from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.db import Database, make_engine
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press, type_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-journey")]

COLLECTING, BIDDING = timedelta(seconds=40), timedelta(seconds=85)
CAP, LOW, HIGH = "9.8765", "1.2345", "8.7654"
CAPITALS = "壹元贰角叁分"
WAIT = 20_000


@dataclass(slots=True)
class Town:
    """A running platform with an empty desk: who bids, and for which varieties."""

    site: Site
    drugs: list[Drug]
    bidders: tuple[str, str]


@pytest.fixture
def town(sqlite_template: pathlib.Path, tmp_path: pathlib.Path, serve: Callable[[str], Site]) -> Town:
    """Organisations, people and varieties of the demo; no collection, no round."""
    path = tmp_path / "town.db"
    shutil.copy(sqlite_template, path)
    database, at = Database(make_engine(f"sqlite:///{path}")), clock.now()
    with database.transaction() as session:
        cast = parties.build(session, at)
        made = drugs.build(session, cast, random.Random(7), SYSTEM, at)
        numbers = {company.id: number for number, company in enumerate(cast.companies, 1)}
        logins = [login(numbers[each.id]) for each in made[0].makers[:2]]
    database.engine.dispose()
    return Town(serve(f"sqlite:///{path}"), made[:2], (logins[0], logins[1]))


def login(number: int) -> str:
    """Return the account of the demo's company of that number."""
    return "company" if number == 1 else f"company{number}"


@dataclass(slots=True)
class Table:
    """Everybody at his browser."""

    agency: Page
    reviewer: Page
    hospital: Page
    form: Page
    book: Page
    pictures: pathlib.Path | None = None
    taken: int = 0

    def picture(self, page: Page, name: str) -> None:
        """Keep how a step looks, where somebody wants to look."""
        if self.pictures:
            self.taken += 1
            page.screenshot(path=self.pictures / f"journey-{self.taken:02d}-{name}.png", full_page=True)


def test_a_round_from_demand_to_agreements_in_the_browser(
    town: Town, person: Callable[..., Person], pictures: pathlib.Path | None, tmp_path: pathlib.Path
) -> None:
    logins = ("agency", "reviewer", "hospital", *town.bidders)
    people = [person(town.site) for _login in logins]
    for someone, account in zip(people, logins, strict=True):
        someone.page.set_default_timeout(WAIT)
        someone.sign_in(account, PASSWORD)
    table = Table(*(someone.page for someone in people), pictures)
    call, closes = collect(table, town)
    report(table, town.site, call)
    round_ = set_up(table, town, call)
    wait_until(closes)
    lock(table, town.site, call)
    deadline = publish(table, town.site, round_)
    sign_letters(table, town.site)
    bid_by_form(table, town.site)
    bid_by_workbook(table, town.site, tmp_path)
    nobody_sees_a_price(table, town.site, round_)
    wait_until(deadline)
    decide(table, town.site, round_)
    agree(table, town.site, round_)


def wall(instant: datetime) -> str:
    return f"{clock.beijing(instant):%Y-%m-%dT%H:%M:%S}"


def number_of(page: Page) -> int:
    found = re.search(r"/(\d+)", page.url.partition("/procurement/")[2])
    assert found, page.url
    return int(found[1])


def wait_until(instant: datetime) -> None:
    """Wait for a deadline on the real clock."""
    time.sleep(max(0, (instant - clock.now()).total_seconds()) + 0.3)


def collect(table: Table, town: Town) -> tuple[int, datetime]:
    """The agency sets a collection up with two lots and starts it."""
    page, closes = table.agency, clock.now().replace(microsecond=0) + COLLECTING
    page.goto(f"{town.site.url}/procurement/demand/new")
    typed = {"code": "XQ-1", "title": "春季需求", "year": str(closes.year + 1), "deadline": wall(closes)}
    for name, text in typed.items():
        page.fill(f"#{name}", text)
    press(page.locator("main form .btn-primary"))
    page.fill("#codes", "V001, V002")
    press(page.locator('form[action$="/lots"] .btn-primary'))
    call = number_of(page)
    page.goto(f"{town.site.url}/procurement/demand/{call}")
    act(page, "/start")
    table.picture(page, "collection")
    return call, closes


def report(table: Table, site: Site, call: int) -> None:
    """The hospital fills the grid in and submits; the agency accepts."""
    page = table.hospital
    page.goto(f"{site.url}/procurement/demand/{call}/report")
    rows = page.locator('.tabulator-row .tabulator-cell[tabulator-field="quantity"]').count()
    for row in range(rows):
        type_in(page, row, "quantity", str(1000 * (row + 1)))
    table.picture(page, "grid")
    press(page.locator("button[name=then][value=check]"))
    if page.locator("#confirmed").count():
        page.check("#confirmed")
    press(page.locator("main form .actbar .btn-primary"))
    table.agency.goto(f"{site.url}/procurement/demand/{call}?report=submitted")
    press(table.agency.locator("main tbody a").first)
    act(table.agency, "/accept")


def set_up(table: Table, town: Town, call: int) -> int:
    """The agency drafts the round and types the caps."""
    page = table.agency
    page.goto(f"{town.site.url}/procurement/rounds/new")
    page.select_option("#call", str(call))
    page.fill("#code", "LM-1")
    page.fill("#title", "春季集中带量采购")
    page.select_option("#rule_set", "batch-2")
    press(page.locator("main form .btn-primary"))
    round_ = number_of(page)
    page.goto(f"{town.site.url}/procurement/rounds/{round_}/set-up/caps")
    for row in range(page.locator('.tabulator-row .tabulator-cell[tabulator-field="cap"]').count()):
        type_in(page, row, "cap", CAP)
    press(page.locator("main form .actbar .btn-primary"))
    return round_


def lock(table: Table, site: Site, call: int) -> None:
    """After the deadline of the reports the agency locks the base."""
    table.agency.goto(f"{site.url}/procurement/demand/{call}")
    act(table.agency, "/lock")
    table.picture(table.agency, "locked")


def publish(table: Table, site: Site, round_: int) -> datetime:
    """The first officer sets the calendar; the second one publishes, which the first may not."""
    page, deadline = table.agency, clock.now().replace(microsecond=0) + BIDDING
    page.goto(f"{site.url}/procurement/rounds/{round_}/set-up/calendar")
    page.fill("#receives_from", wall(deadline - BIDDING))
    page.fill("#deadline", wall(deadline))
    page.fill("#publicity_days", "0")
    press(page.locator("main form .actbar .btn-primary"))
    assert page.locator('form[action$="/publish"]').count() == 0
    table.reviewer.goto(f"{site.url}/procurement/rounds/{round_}")
    act(table.reviewer, "/publish")
    table.picture(table.reviewer, "published")
    return deadline


def sign_letters(table: Table, site: Site) -> None:
    """Both companies sign this year's commitment letter, without which a bid is refused."""
    for page in (table.form, table.book):
        page.goto(f"{site.url}/pricing/credit/letter")
        press(page.locator("form[action$='/sign'] button[type=submit]"))
        page.wait_for_url("**/credit/letter")


def bid_by_form(table: Table, site: Site) -> None:
    """Company A types its price, compares it in capitals, confirms, and gets a receipt."""
    page = table.form
    page.goto(f"{site.url}/procurement/bids")
    press(page.locator("main tbody a").first)
    press(page.locator("main tbody td.main-cell a").first)
    price = page.locator("input[name^='price-']").first
    price.fill(LOW)
    expect(page.locator("[data-capitals]").first).to_contain_text(CAPITALS)
    table.picture(page, "capitals")
    page.locator("button[data-dialog=seal]").click()
    expect(page.locator("#seal [data-repeat-capitals]").first).to_contain_text(CAPITALS)
    expect(page.locator("#seal [data-repeat]").first).to_contain_text(LOW)
    press(page.locator("#seal button[type=submit]"))
    page.wait_for_url("**/receipts/**")
    expect(page.locator("main")).to_contain_text("LM-1-")
    table.picture(page, "receipt")


def bid_by_workbook(table: Table, site: Site, folder: pathlib.Path) -> None:
    """Company B downloads the round's own workbook, fills it in, uploads, looks at the preview and confirms."""
    page = table.book
    page.goto(f"{site.url}/procurement/bids")
    press(page.locator("main tbody a").first)
    press(page.locator('a[href*="/importers/bids"]').first)
    with page.expect_download() as waiting:
        page.locator('a[href*="/importers/bids/template"]').click()
    path = folder / "bids.xlsx"
    waiting.value.save_as(path)
    book = load_workbook(path)
    sheet = book["数据"]
    column = next(cell.column for cell in sheet[1] if str(cell.value).startswith("申报价"))
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = HIGH
    book.save(path)
    page.set_input_files("#file", path)
    press(page.locator("main form .actbar .btn-primary"))
    page.wait_for_url("**/importers/runs/*")
    expect(page.locator("h1")).to_contain_text("全部正确")
    table.picture(page, "preview")
    act(page, "/apply")
    expect(page.locator("main")).to_contain_text("IM2")


def nobody_sees_a_price(table: Table, site: Site, round_: int) -> None:
    """Before the opening neither officer nor the other company finds a price, and nothing can be opened."""
    for page in (table.agency, table.reviewer, table.hospital):
        for path in ("", "/notice", "/lots/1", "/rules"):
            page.goto(f"{site.url}/procurement/rounds/{round_}{path}")
            assert LOW not in page.content() and HIGH not in page.content()
    assert LOW not in table.book.content()
    table.agency.goto(f"{site.url}/procurement/rounds/{round_}")
    assert table.agency.locator(f'form[action$="/rounds/{round_}/open"]').count() == 0


def decide(table: Table, site: Site, round_: int) -> None:
    """The agency opens, evaluates, looks at the lot, announces and drafts; the second person awards."""
    page, home = table.agency, f"{site.url}/procurement/rounds/{round_}"
    for verb in ("open", "evaluate"):
        page.goto(home)
        act(page, f"/rounds/{round_}/{verb}")
    page.goto(f"{home}/lots/1")
    expect(page.locator("main")).to_contain_text(LOW)
    expect(page.locator("main")).to_contain_text(HIGH)
    expect(page.locator("[data-spread] svg, [data-spread] canvas").first).to_be_visible()
    table.picture(page, "decisions")
    page.goto(home)
    act(page, f"/rounds/{round_}/announce")
    page.goto(f"{home}/regions")
    if page.locator('form[action$="/regions/draft"]').count():
        act(page, "/regions/draft")
    table.picture(page, "regions")
    table.reviewer.goto(home)
    act(table.reviewer, f"/rounds/{round_}/award")
    table.picture(table.reviewer, "awarded")


def agree(table: Table, site: Site, round_: int) -> None:
    """The agency makes the agreements; the hospital and the winner find theirs, the loser none."""
    table.agency.goto(f"{site.url}/procurement/rounds/{round_}/regions")
    act(table.agency, f"/rounds/{round_}/agreements")
    for page in (table.hospital, table.form):
        page.goto(f"{site.url}/procurement/agreements")
        expect(page.locator("main tbody tr").first).to_contain_text(LOW)
    table.picture(table.hospital, "agreements")
    table.form.goto(f"{site.url}/procurement/rounds/{round_}/mine")
    expect(table.form.locator("main")).to_contain_text(LOW)
