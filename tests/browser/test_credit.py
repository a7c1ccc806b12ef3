"""A company's credit in real browsers: found, weighed, heard, rated, felt at a hospital, corrected and cleared.

Company 1 paid 600,000 yuan in kickbacks for a product that two hospitals have agreed on. Two officers of the agency
rate it; the hospital can't order the product until all corrections are verified and the rating is cleared.
"""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from catalogue.search.sources.services import rebuild
from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.db import Database, make_engine
from kernel.parties.models import Organisation
from pricing.credit.ratings.flow import RatingState
from pricing.credit.ratings.models import CreditMeasure, CreditRating
from procurement.agreements.models import Agreement
from procurement.orders.models.orders import Order
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press
from tests.procurement.orders.market import REGION, Market, populate

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-credit")]

PEOPLE = ("agency", "agency-second", "company1", "company2", "h1", "h1-second")
PAPER = {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
HEADERS = "统一社会信用代码,失信事项,依据类型,案号,来源单位,文书编号,地区代码,行为日期,生效日期,本文书认定金额,说明"
CASE, PATIENCE = "（2026）江01刑初12号", 20_000


@dataclass(slots=True)
class Court:
    """Everybody at a browser, and the database behind them."""

    site: Site
    database: Database
    market: Market
    pages: dict[str, Page] = field(default_factory=dict)
    pictures: pathlib.Path | None = None
    rating: str = ""
    taken: int = 0

    def at(self, who: str, path: str) -> Page:
        """Let somebody open a page."""
        self.pages[who].goto(self.site.url + path)
        return self.pages[who]

    def picture(self, who: str, name: str) -> None:
        """Keep how a step looks, narrow too."""
        if not self.pictures:
            return
        self.taken += 1
        page, path = self.pages[who], self.pictures / f"credit-{self.taken:02d}-{name}"
        page.screenshot(path=f"{path}.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=f"{path}-390.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def court(
    sqlite_template: pathlib.Path, tmp_path: pathlib.Path, serve: Callable[[str], Site], person: Callable[..., Person],
    pictures: pathlib.Path | None,
) -> Court:  # fmt: skip
    """A market in its agreements' year."""
    path, now = tmp_path / "credit.db", clock.now()
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    with database.transaction() as session:
        market = populate(session)
        began = clock.today(now) - timedelta(days=30)
        session.execute(update(Agreement).values(starts=began, ends=began + timedelta(days=365)))
        secret = {"password_hash": hashed(PASSWORD), "password_set_at": now, "demo": True}
        session.execute(update(User).values(secret))
        rebuild(session)
    made = Court(serve(f"sqlite:///{path}"), database, market, pictures=pictures)
    for who in PEOPLE:
        made.pages[who] = person(made.site).sign_in(who, PASSWORD)
        made.pages[who].set_default_timeout(PATIENCE)
    return made


def test_a_finding_goes_to_its_rating_and_back_to_trade(court: Court) -> None:
    found(court)
    proposed(court)
    noticed(court)
    defended(court)
    rated(court)
    suspended(court)
    corrected(court)
    cleared(court)


def found(court: Court) -> None:
    """An officer brings the judgment as a file, and finds its case."""
    with court.database.transaction(write=False) as session:
        code = session.get_one(Organisation, court.market.organisations["company1"]).code
    day = clock.today(clock.now())
    row = f"{code},给予回扣,判决,{CASE},江州市中级人民法院,{CASE}判决书,{REGION},{day - timedelta(days=90)},"
    text = f"{HEADERS}\r\n{row}{day - timedelta(days=9)},600000.00,在药品购销中给予回扣\r\n"
    page = court.at("agency", "/importers/credit-facts")
    page.set_input_files("#file", {"name": "facts.csv", "mimeType": "text/csv", "buffer": text.encode()})
    press(page.locator("main form .actbar .btn-primary"))
    page.wait_for_url("**/importers/runs/*")
    press(page.locator("main form button.btn-primary").first)
    page = court.at("agency", "/pricing/credit/facts")
    press(page.get_by_role("link", name=CASE).first)
    expect(page.locator("main")).to_contain_text("600,000.00")


def proposed(court: Court) -> None:
    """What it would do stands on the case's page; the officer proposes, and tries a higher level without writing it."""
    page = court.pages["agency"]
    panel = page.locator("#effects")
    expect(panel).to_contain_text("严重失信")
    expect(panel).to_contain_text("4,936.00")  # 40,000 units left at 0.1234
    page.select_option("#region", REGION)
    page.locator("#products-ts-control").fill("阿莫西林")
    page.locator("#products-ts-dropdown .option").first.click()
    press(page.locator("main .actbar .btn-primary:visible").last)
    court.rating = page.url.removeprefix(court.site.url)
    expect(page.locator("#effects")).to_contain_text("4,936.00")
    press(page.locator("#effects header a"))
    page.select_option("#level", "extremely-dishonest")
    press(page.locator("main .actbar .btn-primary"))
    expect(page.locator("main table")).to_contain_text("全国范围")
    court.picture("agency", "preview")
    press(page.locator("nav.tabs a", has_text="受影响的协议采购量"))
    expect(page.locator("main tbody tr")).to_have_count(1)
    with court.database.transaction(write=False) as session:
        assert session.scalars(select(CreditRating)).one().level == "seriously-dishonest"


def noticed(court: Court) -> None:
    """The company hears of it with the notice, not before; others never do."""
    theirs = court.pages["company1"]
    assert theirs.request.get(court.site.url + court.rating).status == 404
    page = court.at("agency", court.rating)
    page.fill("#notice_days", "30")
    press(page.locator('form[action$="/notice"] button[type=submit]'))
    assert court.pages["company2"].request.get(court.site.url + court.rating).status == 404
    assert court.pages["h1"].request.get(court.site.url + court.rating).status == 403
    court.at("company1", "/pricing/credit/ratings")
    press(theirs.locator("td.main-cell a").first)
    act(theirs, "/collect")


def defended(court: Court) -> None:
    """The company defends itself with a paper, which the officers read."""
    theirs = court.pages["company1"]
    expect(theirs.locator("#effects")).to_have_count(0)
    theirs.fill("#text", "情节较轻，已主动退赔。")
    theirs.set_input_files("#file", PAPER)
    press(theirs.locator('form[action$="/defend"] button[type=submit]'))
    page = court.at("agency", court.rating)
    expect(page.get_by_role("link", name="证明.pdf")).to_be_visible()


def rated(court: Court) -> None:
    """One officer suggests and may not decide; the other publishes; everybody can read it."""
    page, second = court.pages["agency"], court.pages["agency-second"]
    page.fill("#answer", "退赔在修复时核实，等级不变")
    press(page.locator('form[action$="/suggest"] button[type=submit]'))
    expect(page.locator('form[action$="/decide"]')).to_have_count(0)
    second.goto(court.site.url + court.rating)
    expect(second.locator("#effects")).to_contain_text("4,936.00")
    court.picture("agency-second", "to-decide")
    act(second, "/decide")
    expect(second.locator("h1 + .st")).to_contain_text("生效")
    public = court.at("h1", "/pricing/credit/register")
    expect(public.locator("td.main-cell")).to_contain_text("明川制药")


def suspended(court: Court) -> None:
    """The hospital reads why on the product's page, and its plan is not taken until the product is out of it."""
    page = court.at("h1", f"/catalogue/products/{court.market.products['a']}")
    expect(page.locator("main")).to_contain_text("给予回扣")
    court.picture("h1", "product")
    planned(court, "阿莫西林片")
    expect(page.locator("main")).to_contain_text("暂停采购")
    with page.expect_navigation() as shown:
        page.locator("main button[name=then][value=submit]").click()
    assert shown.value is not None and shown.value.status == 422
    expect(page.locator(".summary[data-summary]")).to_contain_text("阿莫西林片")
    court.picture("h1", "plan")
    with court.database.transaction(write=False) as session:
        assert session.scalars(select(Order)).all() == []


def planned(court: Court, name: str) -> None:
    """The pharmacist plans one product by its approval number."""
    page = court.at("h1", "/procurement/plans/new")
    page.fill("#title", f"采购{name}")
    press(page.locator("main .actbar .btn-primary:visible"))
    page.click("button[data-dialog=block]")
    page.fill("[data-block-text]", "国药准字H00000001\t24\t240\r\n")
    page.click("button[data-block]")
    expect(page.locator(".tabulator-table .tabulator-row")).to_have_count(1)
    expect(page.locator("[data-saved-line]")).to_have_attribute("data-tone", "good", timeout=PATIENCE)


def corrected(court: Court) -> None:
    """The company hands in evidence for each correction; a donation is refused; an officer verifies them all."""
    theirs = court.at("company1", court.rating)
    form = theirs.locator('form[action$="/corrections/6/submit"]')
    form.locator("select[name=route]").select_option("donation")
    hand_in(theirs, 6, 422)
    expect(theirs.locator(".summary[data-summary]")).to_contain_text("捐赠")
    theirs.goto(court.site.url + court.rating)
    for number in (1, 2, 4, 5, 6):
        hand_in(theirs, number, 200)
    court.picture("company1", "corrections")
    page = court.at("agency", court.rating)
    for number in (1, 2, 4, 5, 6):
        press(page.locator(f'form[action$="/corrections/{number}/review"] button[value=verify]'))
    expect(page.locator("h1 + .st")).to_contain_text("待解除")


def hand_in(page: Page, number: int, status: int) -> None:
    """Hand in the evidence of one correction."""
    form = page.locator(f'form[action$="/corrections/{number}/submit"]')
    form.locator("textarea").fill("已完成，见附件")
    form.locator("input[type=file]").set_input_files(PAPER)
    with page.expect_navigation() as shown:
        form.locator("button[type=submit]").click()
    assert shown.value is not None and shown.value.status == status


def cleared(court: Court) -> None:
    """Who verified may not clear; the second officer does, and the hospital's plan becomes an order."""
    page = court.pages["agency"]
    expect(page.locator('form[action$="/clear"]')).to_have_count(0)
    expect(page.locator("main")).to_contain_text("①②④⑤⑥ 由您本人核实")
    second = court.at("agency-second", court.rating)
    act(second, "/clear")
    expect(second.locator("h1 + .st")).to_contain_text("已解除")
    hospital = court.at("h1", f"/catalogue/products/{court.market.products['a']}")
    expect(hospital.locator("main")).not_to_contain_text("给予回扣")
    planned(court, "恢复后")
    press(hospital.locator("main button[name=then][value=submit]"))
    other = court.at("h1-second", hospital.url.removeprefix(court.site.url))
    press(other.locator("button[formaction$='/approve']"))
    with court.database.transaction(write=False) as session:
        assert len(session.scalars(select(Order)).all()) == 1
        assert session.scalars(select(CreditRating.state)).one() is RatingState.CLEARED
        assert {one.ends_on for one in session.scalars(select(CreditMeasure))} == {clock.today(clock.now())}
