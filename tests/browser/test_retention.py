"""A retained balance in real browsers, from the computing to the closed run: two of the agency, two hospitals' finance.

The first hospital disputes its non-winning use with a paper; the agency grants it, corrects the import, computes anew.
"""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.db import Database, make_engine
from kernel.money import capitals
from kernel.parties.models import Organisation
from procurement.retention.models.runs import RetentionRun, RunShare
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press
from tests.procurement.orders.market import NOW, populate
from tests.procurement.retention.scene import AREA, furnish, other

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-retention")]

PEOPLE = ("agency", "agency-second", "h1-finance", "h2-finance")
PATIENCE = 20_000
POINTS = {"winning_share": 20, "online": 15, "payment": 15, "growth": 10, "price_policy": 9}
"""What the desk gives for each indicator to the hospitals of which no ledger knows it."""


@dataclass(slots=True)
class Office:
    """Everybody at a browser, the database behind them, and where pictures go when somebody wants to look."""

    site: Site
    database: Database
    folder: pathlib.Path
    choice: dict[str, str]
    pages: dict[str, Page] = field(default_factory=dict)
    pictures: pathlib.Path | None = None
    taken: int = 0
    run: str = ""

    def at(self, who: str, path: str = "") -> Page:
        """Let somebody open a page of the retained balance."""
        page = self.pages[who]
        page.goto(f"{self.site.url}/procurement/retention{path}")
        return page

    def picture(self, who: str, name: str) -> None:
        """Keep how a step looks, wide and narrow."""
        if not self.pictures:
            return
        self.taken += 1
        path, page = self.pictures / f"retention-{self.taken:02d}-{name}", self.pages[who]
        page.screenshot(path=f"{path}.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=f"{path}-390.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def office(
    sqlite_template: pathlib.Path,
    tmp_path: pathlib.Path,
    serve: Callable[[str], Site],
    person: Callable[..., Person],
    pictures: pathlib.Path | None,
) -> Office:
    """A market whose first hospital received all that was agreed of a product, and bought 300 yuan of others."""
    path = tmp_path / "retention.db"
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    with clock.travel(to=NOW), database.transaction() as session:
        scene = furnish(session, populate(session))
        other(session, scene, 300)
        secret = {"password_hash": hashed(PASSWORD), "password_set_at": NOW, "demo": True}
        session.execute(update(User).values(secret))
        choice = {"round": f"{scene.round_id}-1", "area": AREA, "rules": str(scene.rules)}
    made = Office(serve(f"sqlite:///{path}"), database, tmp_path, choice, pictures=pictures)
    for who in PEOPLE:
        made.pages[who] = person(made.site).sign_in(who, PASSWORD)
        made.pages[who].set_default_timeout(PATIENCE)
    return made


def test_a_retained_balance_from_the_computing_to_the_closed_run(office: Office) -> None:
    computed(office)
    scored(office)
    sent(office)
    tried(office)
    disputed(office)
    granted(office)
    corrected(office)
    computed(office, reason="核减已退货的线下采购")
    changed(office)
    sent(office)
    confirmed(office)
    published(office)
    applied(office)
    paid(office)
    exported(office)
    closed(office)


def computed(office: Office, reason: str = "") -> None:
    """The agency chooses round, area and rules; nothing is known to the hospitals yet."""
    page = office.at("agency", "/new")
    for name, value in office.choice.items():
        page.select_option(f"#{name}", value)
    page.fill("#reason", reason)
    press(page.locator("main .actbar .btn-primary"))
    office.run = page.url.rsplit("/", 1)[1]
    expect(page.locator("main tbody tr", has_text="江州一院").first).to_be_visible()


def scored(office: Office) -> None:
    """What no ledger knows gets points at the desk, with a reason."""
    page = office.pages["agency"]
    press(page.locator("main tbody a", has_text="江州一院").first)
    for indicator, points in POINTS.items():
        page.select_option("#indicator", indicator)
        page.fill("#points", str(points))
        page.fill("#reason", "台账核查")
        page.check("input[name=everybody]")
        press(page.locator("form[action$='/score'] .actbar button"))
    office.picture("agency", "scored")


def sent(office: Office) -> None:
    """The hospitals are asked."""
    act(office.at("agency", f"/runs/{office.run}"), "/act")
    office.picture("agency", "sent")


def tried(office: Office) -> None:
    """The hospital finds the run on its first page, and sees what a missed volume and more of others would cost it."""
    page = office.pages["h1-finance"]
    page.goto(f"{office.site.url}/")
    press(page.locator("main .rows a", has_text="春季集采").first)
    press(page.locator("main tbody a", has_text="江州一院").first)
    office.picture("h1-finance", "hospital")
    press(page.locator("main tbody a", has_text="阿莫西林").first)
    slider, shown = page.locator("input[name=completion]"), page.locator("[data-out=retained]")
    kept = shown.inner_text()
    slider.fill("99")
    expect(shown).to_have_text("0.00")
    slider.fill("100")
    expect(shown).to_have_text(kept)
    page.locator("input[name=other]").fill("40")
    expect(shown).not_to_have_text(kept)
    office.picture("h1-finance", "what-if")


def disputed(office: Office) -> None:
    """It disputes its non-winning use with a paper, and confirms the other line."""
    page = office.pages["h1-finance"]
    page.select_option("#term", "n")
    page.fill("#text", "线下采购已退货")
    paper = {"name": "退货单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    page.set_input_files("#evidence", [paper])
    press(page.locator("form[action$='/dispute'] .actbar button"))
    expect(page.locator("main")).to_contain_text("退货单.pdf")
    office.picture("h1-finance", "disputed")
    press(page.locator(".crumbs a").nth(2))
    act(page, "/confirm")


def granted(office: Office) -> None:
    """The agency reads the paper and grants the dispute; until then nothing can be published."""
    page = office.at("agency", f"/runs/{office.run}")
    press(page.locator("main tbody a", has_text="江州一院").first)
    press(page.locator("main tbody tr", has_text="有争议").locator("a").first)
    with page.expect_download() as waiting:
        page.locator("a", has_text="退货单.pdf").click()
    assert pathlib.Path(waiting.value.path()).read_bytes().startswith(b"%PDF")
    page.fill("#answer", "退货属实")
    press(page.locator("button[name=act][value=grant]"))
    expect(page.locator("main")).to_contain_text("退货属实")


def corrected(office: Office) -> None:
    """It corrects what was imported, by a workbook."""
    with office.database.transaction(write=False) as session:
        code = session.scalars(select(Organisation.code).where(Organisation.name == "江州一院")).one()
    book = Workbook()
    assert book.active is not None
    book.active.append(["医疗机构信用代码", "品种序号", "协议年度", "使用金额"])
    book.active.append([code, "1", "1", "100.00"])
    book.save(office.folder / "更正.xlsx")
    page = office.at("agency", "/inputs")
    press(page.locator("a[href*='/importers/non-winning-use']"))
    page.set_input_files("#file", office.folder / "更正.xlsx")
    press(page.locator("main form .actbar .btn-primary"))
    page.wait_for_url("**/importers/runs/*")
    act(page, "/apply")


def changed(office: Office) -> None:
    """The new version names what changed; the other hospital's line is as it was."""
    page = office.at("agency", f"/runs/{office.run}/changes")
    expect(page.locator("main tbody tr", has_text="阿莫西林")).to_contain_text("N: 300 → 100")
    expect(page.locator("main tbody tr", has_text="江州二院")).to_have_count(0)
    office.picture("agency", "changes")


def confirmed(office: Office) -> None:
    """Both hospitals confirm what is still open."""
    for who in ("h1-finance", "h2-finance"):
        page = office.at(who, f"/runs/{office.run}")
        press(page.locator("main tbody a[href*='/hospitals/']").first)
        act(page, "/confirm")
        expect(page.locator("form[action$='/confirm'] input[name=all]")).to_have_count(0)


def published(office: Office) -> None:
    """Who computed can't publish; another person can."""
    page = office.at("agency", f"/runs/{office.run}")
    form = page.locator("form[action$='/act']").first
    form.locator("button[data-dialog]").click()
    form.locator("dialog[open] button[type=submit]").click()
    expect(page.locator(".summary, .note-bar.bad, .flash.bad").first).to_be_visible()
    act(office.at("agency-second", f"/runs/{office.run}"), "/act")
    expect(office.pages["agency-second"].locator("main")).to_contain_text("公示")


def applied(office: Office) -> None:
    """When the publicity is over the agency applies to the fund, with the application on paper."""
    with office.database.transaction() as session:
        over = clock.now() - timedelta(minutes=1)
        session.execute(update(RetentionRun).where(RetentionRun.id == int(office.run)).values(objections_until=over))
    page = office.at("agency", f"/runs/{office.run}")
    page.fill("#document", "江医保拨〔2026〕1号")
    press(page.locator("form[action$='/apply'] .actbar button"))
    press(page.locator("main a[href$='/application']"))
    with office.database.transaction(write=False) as session:
        retained = session.get_one(RetentionRun, int(office.run)).retained
    expect(page.locator("article.letter")).to_contain_text("江医保拨〔2026〕1号")
    expect(page.locator("article.letter")).to_contain_text(capitals(retained))
    office.picture("agency", "application")


def paid(office: Office) -> None:
    """Another person records the payment; the hospitals are told."""
    page = office.at("agency-second", f"/runs/{office.run}")
    page.fill("#reference", "JJ2026-001")
    press(page.locator("form[action$='/pay'] .actbar button"))
    expect(page.locator("main")).to_contain_text("JJ2026-001")


def exported(office: Office) -> None:
    """The payment list holds whom the page says is paid, to the cent."""
    page = office.pages["agency-second"]
    page.locator("button.dropdown-toggle", has_text="拨付清单").click()
    with page.expect_download() as waiting:
        page.locator("a[href*='retention-payment'][href*='xlsx']").click()
    waiting.value.save_as(office.folder / "清单.xlsx")
    sheet = load_workbook(office.folder / "清单.xlsx").active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    found = {str(row[head.index("收款医疗机构")]): Decimal(str(row[head.index("拨付金额")])) for row in rows}
    with office.database.transaction(write=False) as session:
        shares = select(Organisation.name, RunShare.retained).join(
            Organisation, Organisation.id == RunShare.hospital_id
        )
        wanted = dict(session.execute(shares.where(RunShare.run_id == int(office.run), RunShare.retained > 0)).all())
    assert found == wanted and set(found) == {"江州一院"}


def closed(office: Office) -> None:
    """The hospital tells what its staff got of it, and the agency closes; the report counts the run as paid."""
    page = office.at("h1-finance", f"/runs/{office.run}")
    press(page.locator("main tbody a[href*='/hospitals/']").first)
    page.fill("#distributed", "1000")
    page.fill("#text", "用于医务人员绩效")
    press(page.locator("form[action$='/report'] .actbar button"))
    page = office.at("agency", f"/runs/{office.run}")
    act(page, "/act")
    expect(page.locator("main .head")).to_contain_text("已办结")
    page = office.at("agency", "/report?state=paid")
    expect(page.locator("main tbody tr", has_text="春季集采")).to_have_count(1)
    office.picture("agency", "report")
