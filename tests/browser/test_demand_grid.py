"""A report of 2 000 rows in a real browser: pasted at once, saved by itself, and nothing of it lost."""

from __future__ import annotations

import pathlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from catalogue.drugs.models import Product
from importers.demo.parties import PASSWORD
from kernel.auth.models import User
from kernel.auth.services import passwords
from kernel.db import Database, make_engine
from procurement.demand.models import ReportLine
from procurement.demand.services import calls, past_use
from procurement.demand.services import lots as lot_services
from procurement.demand.services.lots import LotDraft
from procurement.demand.services.past_use import Used
from tests.browser.conftest import Person, Site
from tests.browser.hands import type_in
from tests.procurement.demand.conftest import populate

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-demand-grid")]

LOTS = 502
MEASURED = """async (text) => {
  const grid = document.querySelector("[data-grid]").grid;
  const row = grid.table.getRows()[0], cell = row.getCell("quantity");
  grid.table.getRanges()[0].setBounds(cell, cell);
  document.querySelector(".grid").focus();
  cell.getElement().focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const began = performance.now();
  grid.element.querySelector(".tabulator-cell, .tabulator-tableholder").focus?.();
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""
CELLS = "() => document.querySelector('[data-grid]').grid.table.getData().map((row) => row.quantity)"
NOTE = "(id) => document.querySelector('[data-grid]').grid.notes.get(id)?.text ?? ''"
FIRST = "(n) => document.querySelector('[data-grid]').grid.table.getRows()[n].getData()"
LEFT = "() => Object.keys(localStorage).filter((name) => name.startsWith('demand ')).length"
SAVED = "[data-saved-line]"


@dataclass(slots=True)
class Ward:
    """A hospital with a long report to fill in."""

    site: Site
    path: str
    ids: list[int]
    database: Database

    def lines(self) -> dict[tuple[int, int], Decimal]:
        """Return what the server has."""
        with self.database.transaction(write=False) as session:
            rows = session.execute(select(ReportLine.specification_id, ReportLine.company_id, ReportLine.quantity))
            return {(specification, company or 0): quantity for specification, company, quantity in rows}


@pytest.fixture(scope="module")
def ward(sqlite_template: pathlib.Path, tmp_path_factory: pytest.TempPathFactory, serve: Callable[[str], Site]) -> Ward:
    path = tmp_path_factory.mktemp("grid") / "grid.db"
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    now = datetime.now(UTC)
    with database.transaction() as session:
        world = populate(session)
        user = session.scalars(select(User).where(User.login == "one")).one()
        user.password_hash, user.password_set_at, user.demo = passwords.hashed(PASSWORD), now, True
        for number in range(LOTS - 1):
            texts = [(f"{mg}mg", str(mg), "片") for mg in (5, 10, 20, 40)]
            world.variety(f"W{number:03}", f"试验药{number:03}", *texts)
        for product in session.scalars(select(Product)):
            product.pack = 24
        ids = [each for code in world.varieties for each in world.ids(code)]
        drafts = [LotDraft(variety.id) for variety in world.varieties.values()]
        who = {"actor": world.actors["agency"], "at": now}
        call = calls.create_call(
            session, code="BL-1", title="长表填报", year=now.year + 1, deadline=now + timedelta(days=5), **who
        )
        lot_services.add_lots(session, call_id=call.id, drafts=drafts, **who)
        used = [Used(world.id("one"), each, now.year, Decimal(12_000)) for each in ids]
        past_use.record_past_use(session, rows=used, **who)
        calls.start(session, call_id=call.id, **who)
        address = f"/procurement/demand/{call.id}/report"
    return Ward(serve(f"sqlite:///{path}"), address, ids, database)


def reopen(ward: Ward, page: Page) -> None:
    page.goto(ward.site.url + ward.path)
    page.wait_for_selector("form[data-keeping]")


def test_two_thousand_rows_are_pasted_saved_and_still_there(
    ward: Ward, person: Callable[..., Person], figure: Callable[[str], None]
) -> None:
    someone = person(ward.site)
    page = someone.sign_in("one", PASSWORD)
    began = time.monotonic()
    reopen(ward, page)
    shown = time.monotonic() - began
    rows = page.evaluate(CELLS)
    wanted = [str(10_000 + number) for number in range(len(rows))]
    took = page.evaluate(MEASURED, "\r\n".join(f"{int(each):,}\t" for each in wanted)) / 1000
    assert page.evaluate(CELLS) == wanted
    assert page.evaluate(LEFT) == 1
    began = time.monotonic()
    expect(page.locator(SAVED)).to_have_attribute("data-tone", "good", timeout=20_000)
    stored = time.monotonic() - began
    figure(f"report of {len(rows)} rows: opened in {shown:.2f} s, pasted in {took:.2f} s, saved {stored:.2f} s later")
    assert page.evaluate(LEFT) == 0
    assert ward.lines() == {(key, 0): Decimal(each) for key, each in zip(ward.ids, wanted, strict=True)}
    reopen(ward, page)
    assert page.evaluate(CELLS) == wanted
    page.keyboard.press("Control+z")  # of this page nothing has been done yet
    assert page.evaluate(CELLS) == wanted


def saved(page: Page) -> None:
    expect(page.locator(SAVED)).to_have_attribute("data-tone", "good", timeout=20_000)


def typed(page: Page, row: int, text: str) -> None:
    page.locator(SAVED).evaluate("(line) => { line.dataset.tone = ''; }")
    type_in(page, row, "quantity", text)


def test_what_the_rules_find_odd_is_said_while_somebody_types(ward: Ward, person: Callable[..., Person]) -> None:
    page = person(ward.site).sign_in("one", PASSWORD)
    reopen(ward, page)
    one = page.evaluate(FIRST, 0)["id"]
    for text, word in (("500", "24"), ("288000", "24"), ("120000", "10"), ("1200", "1"), ("14400", "")):
        typed(page, 0, text)
        said = page.evaluate(NOTE, one)
        assert (word in said and said) if word else not said, (text, said)
    typed(page, 0, "12000")
    typed(page, 1, "0")
    assert "14,400" in page.evaluate(NOTE, one)  # 12 000 + 2 × 0 against 80 % of (0 + 12 000 + 2 × 12 000) ÷ 2
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert page.evaluate(FIRST, 0)["quantity"] == "14400"
    page.keyboard.press("Control+y")
    assert page.evaluate(FIRST, 0)["quantity"] == "12000"
    saved(page)


def test_a_brand_is_added_in_place_and_adds_up(ward: Ward, person: Callable[..., Person]) -> None:
    page = person(ward.site).sign_in("one", PASSWORD)
    reopen(ward, page)
    page.locator('.tabulator-cell[tabulator-field="quantity"]').first.click()
    page.click("button[data-dialog=brand]")
    page.click("[data-brand-add]")
    added = page.evaluate(FIRST, 1)
    assert added["id"] == f"{added['spec']}-{added['id'].split('-')[1]}" and not added["id"].endswith("-0")
    typed(page, 0, "6000")
    typed(page, 1, "8400")
    assert page.evaluate(NOTE, page.evaluate(FIRST, 0)["id"]) == ""
    saved(page)
    reopen(ward, page)
    assert page.evaluate(FIRST, 1)["quantity"] == "8400"
    page.click("button[data-dialog=copy-last]")
    page.check("#copy-replace")
    page.click("[data-copy]")
    assert [page.evaluate(FIRST, number)["quantity"] for number in (0, 1)] == ["12000", ""]
    page.click("[data-undo]")
    assert [page.evaluate(FIRST, number)["quantity"] for number in (0, 1)] == ["6000", "8400"]


def test_a_cut_line_a_bad_cell_and_a_killed_browser_lose_nothing(ward: Ward, person: Callable[..., Person]) -> None:
    someone = person(ward.site)
    page = someone.sign_in("one", PASSWORD)
    reopen(ward, page)
    page.context.set_offline(True)
    typed(page, 4, "777")
    typed(page, 5, "12 盒")
    expect(page.locator(SAVED)).to_have_attribute("data-tone", "bad", timeout=10_000)
    page.close()  # no farewell: as a killed browser
    page.context.set_offline(False)
    again = someone.page.context.new_page()
    reopen(ward, again)
    assert [again.evaluate(FIRST, number)["quantity"] for number in (4, 5)] == ["777", "12 盒"]
    expect(again.locator(SAVED)).to_have_attribute("data-tone", "bad", timeout=20_000)
    row = again.evaluate(FIRST, 4)
    assert ward.lines()[row["spec"], 0] == 777
    assert "12 盒" in again.evaluate(NOTE, again.evaluate(FIRST, 5)["id"])
    reopen(ward, again)
    assert again.evaluate(FIRST, 5)["quantity"] == "12 盒"
    expect(again.locator(SAVED)).to_have_attribute("data-tone", "bad", timeout=20_000)  # the server has looked at it
    typed(again, 5, "12")
    saved(again)
    assert again.evaluate(LEFT) == 0


def test_two_people_at_one_report_meet_openly(ward: Ward, person: Callable[..., Person]) -> None:
    first, second = (person(ward.site).sign_in("one", PASSWORD) for _ in range(2))
    reopen(ward, first)
    reopen(ward, second)
    typed(first, 6, "100")
    saved(first)
    typed(second, 6, "200")
    typed(second, 7, "300")
    expect(second.locator("[data-reload]")).to_be_visible(timeout=10_000)
    second.click("[data-reload]")
    second.wait_for_selector("form[data-keeping]")
    expect(second.locator("[data-clash-box]")).to_be_visible()
    assert [second.evaluate(FIRST, number)["quantity"] for number in (6, 7)] == ["100", "300"]
    second.click("[data-mine]")
    saved(second)
    assert [ward.lines()[second.evaluate(FIRST, number)["spec"], 0] for number in (6, 7)] == [200, 300]
