"""A purchase in real browsers, from the pasted list to the money: five people, two companies, one volume ledger.

1 200 units are ordered of 1 000 agreed. They go out as 600 and as 400 + 200; 100 of the second part arrive broken.
The first part is invoiced and paid.
"""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.db import Database, make_engine
from procurement.agreements.models import Agreement
from procurement.settlement.models.invoices import Invoice, Payment
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press, type_in
from tests.conftest import ROOT
from tests.procurement.orders.books import must_balance
from tests.procurement.orders.market import populate
from tests.procurement.settlement.goods import number

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-purchase")]

PEOPLE = ("h1", "h1-second", "h1-finance", "company1", "company2")
FIRST, SECOND = "国药准字H00000001", "国药准字H00000002"
PATIENCE = 20_000
PASTE = """(text) => {
  const { table, element } = document.querySelector("[data-grid]").grid;
  const cell = table.getRows()[0].getCell("quantity");
  const [range] = table.getRanges();
  if (range) range.setBounds(cell, cell);
  else table.addRange(cell, cell);
  element.querySelector(".tabulator-tableholder").focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@dataclass(slots=True)
class Counter:
    """Everybody at a browser, the database behind them, and where pictures go when somebody wants to look."""

    site: Site
    database: Database
    agreement: int
    pages: dict[str, Page] = field(default_factory=dict)
    pictures: pathlib.Path | None = None
    taken: int = 0

    def at(self, who: str, path: str = "") -> Page:
        """Let somebody open a page of procurement; the first page of all without a path."""
        page = self.pages[who]
        page.goto(f"{self.site.url}/{'procurement' if path else ''}{path}")
        return page

    def picture(self, who: str, name: str) -> None:
        """Keep how a step looks."""
        if self.pictures:
            self.taken += 1
            self.pages[who].screenshot(path=self.pictures / f"purchase-{self.taken:02d}-{name}.png", full_page=True)


@pytest.fixture
def counter(
    sqlite_template: pathlib.Path,
    tmp_path: pathlib.Path,
    serve: Callable[[str], Site],
    person: Callable[..., Person],
    pictures: pathlib.Path | None,
) -> Counter:
    """A market in which 1 000 units of each product are agreed for a year that has begun."""
    path, now = tmp_path / "purchase.db", clock.now()
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    with database.transaction() as session:
        market = populate(session, agreed=1_000)
        began = clock.today(now) - timedelta(days=30)
        session.execute(update(Agreement).values(starts=began, ends=began + timedelta(days=365)))
        secret = {"password_hash": hashed(PASSWORD), "password_set_at": now, "demo": True}
        session.execute(update(User).values(secret))
        agreement = market.agreements["h1", "a"]
    made = Counter(serve(f"sqlite:///{path}"), database, agreement, pictures=pictures)
    for who in PEOPLE:
        made.pages[who] = person(made.site).sign_in(who, PASSWORD)
        made.pages[who].set_default_timeout(PATIENCE)
    return made


def test_a_purchase_from_the_pasted_list_to_the_payment(counter: Counter) -> None:
    pasted(counter)
    approved(counter)
    confirmed(counter)
    shipped(counter, waybill="SF-1", quantities=("600", ""))
    shipped(counter, waybill="SF-2", quantities=("400", "200"))
    received(counter)
    disputed(counter)
    answered(counter)
    invoiced(counter)
    matched(counter)
    paid(counter)
    reconciled(counter)
    shown(counter)


def pasted(counter: Counter) -> None:
    """The pharmacist pastes a list, then a column of quantities over it, and hands the plan in."""
    page = counter.at("h1", "/plans/new")
    page.fill("#title", "十一月采购")
    press(page.locator("main .actbar .btn-primary:visible"))
    page.click("button[data-dialog=block]")
    page.fill("[data-block-text]", f"{FIRST}\t24\t1,200\r\n{SECOND}\t24\t240\r\n国药准字H99999999\t24\t1\r\n")
    page.click("button[data-block]")
    expect(page.locator("[data-unread]")).to_contain_text("国药准字H99999999")
    rows = page.locator(".tabulator-table .tabulator-row")
    expect(rows).to_have_count(2)
    expect(rows.first.locator('[tabulator-field="note"]')).to_contain_text("200")  # what stands beyond the agreement
    page.evaluate(PASTE, "1,200\r\n480\r\n")
    expect(page.locator("[data-saved-line]")).to_have_attribute("data-tone", "good", timeout=PATIENCE)
    counter.picture("h1", "pasted")
    press(page.locator("main button[name=then][value=submit]"))
    expect(page.locator('form[action$="/approve"], button[formaction$="/approve"]')).to_have_count(0)


def approved(counter: Counter) -> None:
    """Nobody but the second person approves, who finds the plan on the first page; each company gets an order."""
    counter.at("company1", "/orders")
    expect(counter.pages["company1"].locator("main tbody tr")).to_have_count(0)
    page = counter.at("h1-second")
    press(page.locator("main a", has_text="十一月采购").first)
    expect(page.locator("main")).to_contain_text("207.31")  # 1 200 and 480 at 0.1234, each rounded
    counter.picture("h1-second", "review")
    press(page.locator("button[formaction$='/approve']"))
    expect(page.locator("main tbody tr")).to_have_count(2)
    for company in ("company1", "company2"):
        expect(counter.at(company, "/orders").locator("main tbody tr")).to_have_count(1)


def confirmed(counter: Counter) -> None:
    """The company finds the order on its first page and confirms it."""
    page = counter.at("company1")
    counter.picture("company1", "home")
    press(page.locator("main .rows a[href*='/orders/']").first)
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("超协议量")
    act(page, "/confirm")


def shipped(counter: Counter, *, waybill: str, quantities: tuple[str, str]) -> None:
    """It ships part of what is left, by line; a line without a quantity waits for the next part."""
    page = counter.at("company1", "/orders")
    press(page.locator("main tbody a").first)
    press(page.locator("main .acts a[href$='/ship']"))
    expires = clock.today(clock.now()) + timedelta(days=700)
    for row, quantity in enumerate(quantities):
        for column, text in (("batch", "B26" if quantity else ""), ("expires", f"{expires}" if quantity else ""),
                             ("quantity", quantity)):  # fmt: skip
            type_in(page, row, column, text)
    page.fill("#waybill", waybill)
    counter.picture("company1", f"ship-{waybill}")
    press(page.locator("main .actbar .btn-primary:visible"))
    expect(page.locator("main")).to_contain_text(waybill)


def received(counter: Counter) -> None:
    """The pharmacist receives the first part whole."""
    page = counter.at("h1")
    counter.picture("h1", "home")
    press(page.locator("main .rows a").first)
    expect(page.locator("main")).to_contain_text("SF-1")
    act(page, "/receive")
    expect(page.locator("section.panel", has_text="SF-1")).to_contain_text("已收货")


def disputed(counter: Counter) -> None:
    """Of the second part 100 units arrived broken."""
    page = counter.pages["h1"]
    press(page.locator("section.panel", has_text="SF-2").locator("a[href$='/receive']"))
    page.locator("input[name^=received-]").first.fill("300")
    page.locator("select[name^=dispute-]").first.select_option("damaged")
    page.locator("input[name^=note-]").first.fill("外箱破损")
    counter.picture("h1", "dispute")
    press(page.locator("main .actbar .btn-primary:visible"))
    expect(page.locator("section.panel", has_text="SF-2")).to_contain_text("外箱破损")


def answered(counter: Counter) -> None:
    """The company finds the dispute on its first page and grants it: 100 are to be shipped again."""
    page = counter.at("company1")
    counter.picture("company1", "home-dispute")
    press(page.locator("main .rows a[href*='/orders/']").first)
    act(page, "/grant")
    expect(page.locator("main tbody tr").first).to_contain_text("100")
    counter.picture("company1", "granted")


def invoiced(counter: Counter) -> None:
    """The company invoices the first part as it was received."""
    page = counter.at("company1", "/settlement/to-invoice")
    expect(page.locator("main tbody tr")).to_have_count(2)
    press(page.locator("main tbody a[href*='/shipments/']").first)
    page.fill("#number", number(1))
    expect(page.locator("#amount")).to_have_value("74.04")  # 600 at 0.1234
    counter.picture("company1", "invoice")
    press(page.locator("main .actbar .btn-primary:visible"))


def matched(counter: Counter) -> None:
    """The hospital's finance finds the invoice on its first page; order, receipt and invoice agree."""
    page = counter.at("h1-finance")
    press(page.locator("main .rows a").first)
    counter.picture("h1-finance", "match")
    press(page.locator("button[formaction$='/match']"))


def paid(counter: Counter) -> None:
    """It pays, and the company reads so."""
    page = counter.pages["h1-finance"]
    press(page.locator("main .acts a[href*='/settlement/due']"))
    page.fill("#reference", "YH20261122")
    counter.picture("h1-finance", "pay")
    press(page.locator("main .actbar .btn-primary:visible"))
    expect(page.locator("main")).to_contain_text("74.04")
    expect(counter.at("company1", "/settlement/invoices").locator("main tbody tr")).to_contain_text("已付")


def reconciled(counter: Counter) -> None:
    """The command finds no difference, and what it counts is what the people did."""
    command = [sys.executable, "-c", "import wsgi; wsgi.cli()", "ledger", "check"]
    done = subprocess.run(
        command, cwd=ROOT, env=counter.site.environment, check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["agrees"] and found["differences"] == []
    assert Decimal(found["balances"]["agreed"]["paid"]) == 600
    with counter.database.transaction(write=False) as session:
        must_balance(session)
        assert session.scalars(select(Invoice.state)).one().value == "paid"
        assert session.scalars(select(Payment.amount)).one() == Decimal("74.04")


def shown(counter: Counter) -> None:
    """Hospital and company read the same ledger: of 1 000 agreed 100 wait to be shipped again and 600 are paid."""
    stages = ["协议内", "0", "0", "0", "100", "0", "300", "600"]
    for who in ("h1", "company1"):
        page = counter.at(who, f"/agreements/{counter.agreement}")
        counter.picture(who, f"ledger-{who}")
        row = page.locator("section.panel", has_text="各环节的量").locator("tbody tr").first
        assert row.locator("td").all_inner_texts() == stages
        expect(page.locator("main tr", has_text="付款").filter(has_text="74.04")).to_have_count(1)
