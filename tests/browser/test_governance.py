"""A price that is too dear, in real browsers: labelled, asked about, talked about, cut, and its label gone."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.db import Database, make_engine
from pricing.credit.models import CommitmentLetter
from pricing.governance.cases.models import PriceCase
from pricing.governance.labelling.models import PriceLabel
from pricing.governance.labelling.services.running import run
from pricing.listings.models import Listing
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press
from tests.pricing.governance.scene import labelled
from tests.pricing.scene import OTHER, PROVINCE, Scene

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-governance")]
CODE = "XJ01CAA040A001010100001"
PATIENCE = 20_000


def populated(database: Database) -> Scene:
    """Bureau, second officer and companies; the rival's prices are what the company's is measured against."""
    at, today = clock.now(), clock.today(clock.now())
    with database.transaction() as session:
        scene = labelled(session, at, ((1, PROVINCE, "1.00"), (1, OTHER, "1.02"), (0, OTHER, "1.00")))
        session.add(CommitmentLetter(
            company_id=scene.companies[0].id, year=today.year, signed_by_id=scene.users["company"].id, signed_at=at,
            digest="x",
        ))  # fmt: skip
        for name, who in scene.users.items():
            who.login = name
        secret = {"password_hash": hashed(PASSWORD), "password_set_at": at, "demo": True}
        session.execute(update(User).values(secret))
    return scene


def test_a_dear_price_from_its_listing_to_the_mended_price(
    sqlite_template: pathlib.Path, tmp_path: pathlib.Path, serve: Callable[[str], Site], person: Callable[..., Person],
    pictures: pathlib.Path | None,
) -> None:  # fmt: skip
    path = tmp_path / "governance.db"
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    scene = populated(database)
    site = serve(f"sqlite:///{path}")
    pages = {who: person(site).sign_in(who, PASSWORD) for who in ("company", "officer", "second")}
    for page in pages.values():
        page.set_default_timeout(PATIENCE)
    listed(pages, site, scene)
    with database.transaction() as session:
        run(session, day=clock.today(clock.now()), actor=SYSTEM, at=clock.now())
    case = asked(pages, site)
    talked(pages, case, database)
    mended(pages, site, case, database, pictures)


def listed(pages: dict[str, Page], site: Site, scene: Scene) -> None:
    """The company applies for four times its rival's price; two officers let it pass against the check."""
    page = pages["company"]
    page.goto(f"{site.url}/pricing/applications/new?product={scene.products[0].id}")
    page.select_option("#region_code", PROVINCE)
    page.select_option("#kind", "listed")
    page.fill("#price", "4.00")
    page.fill("#reason", "新品挂网")
    page.fill("#code", CODE)
    press(page.locator("main .actbar .btn-primary:visible").last)
    url = page.url
    for who, action in (("officer", "check"), ("second", "approve")):
        pages[who].goto(url)
        pages[who].fill("#text", "先行挂网，后续监测")
        press(pages[who].locator(f"button[value={action}]"))


def asked(pages: dict[str, Page], site: Site) -> str:
    """An officer asks from the label, the company answers, the answer is not enough."""
    page = pages["officer"]
    page.goto(f"{site.url}/pricing/labels")
    press(page.locator("td.main-cell a").first)
    press(page.locator("main").get_by_role("link", name="函询约谈"))
    page.fill("#text", "挂网价为同规格的四倍，请说明成本和外省价格。")
    press(page.locator("main .actbar .btn-primary"))
    case = page.url
    act(page, "/move")
    expect(page.locator("h1 + .st")).to_contain_text("已函询")
    theirs = pages["company"]
    theirs.goto(site.url)
    press(theirs.locator(f'main a[href="{case.removeprefix(site.url)}"]').first)
    theirs.fill("#answer", "原料药价格上涨。")
    theirs.set_input_files("#file", {"name": "cost.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"})
    press(theirs.locator('form[action$="/answer"] button[type=submit]'))
    page.goto(case)
    expect(page.get_by_role("link", name="cost.pdf")).to_be_visible()
    page.fill("#text", "未提供成本明细")
    press(page.locator("button[value=insufficient]"))
    return case


def talked(pages: dict[str, Page], case: str, database: Database) -> None:
    """The interview is called and held, the minutes are signed by both, the company commits and cuts."""
    page, theirs = pages["officer"], pages["company"]
    when = clock.beijing(clock.now() + timedelta(hours=2))
    page.fill("#interview_at", f"{when:%Y-%m-%dT%H:%M:%S}")
    page.fill("#place", "省医保局")
    page.fill("#call_text", "请携带成本明细")
    press(page.locator('form[action$="/call"] button[type=submit]'))
    with database.transaction() as session:  # the time of the interview comes
        session.execute(update(PriceCase).values(due_at=clock.now(), interview_at=clock.now()))
    page.goto(case)
    page.fill("#held_at", f"{clock.beijing(clock.now() - timedelta(minutes=1)):%Y-%m-%dT%H:%M:%S}")
    page.fill("#present", "许静；企业代表王某")
    page.fill("#minutes", "企业同意降价。")
    page.fill("#commit_by", f"{clock.today(clock.now()) + timedelta(days=3)}")
    press(page.locator('form[action$="/hold"] button[type=submit]'))
    act(page, "/sign")
    theirs.goto(case)
    act(theirs, "/sign-own")
    expect(theirs.locator("h1 + .st")).to_contain_text("纪要双方已签")
    theirs.locator("input[data-price]").fill("1.00")
    theirs.check("#cut")
    press(theirs.locator('form[action$="/commit"] button[type=submit]'))


def mended(
    pages: dict[str, Page], site: Site, case: str, database: Database, pictures: pathlib.Path | None
) -> None:  # fmt: skip
    """The label ends with the day; the officer verifies and the case is closed."""
    page = pages["officer"]
    page.goto(case)
    act(page, "/move")
    expect(page.locator("h1 + .st")).to_contain_text("已整改核实")
    if pictures:
        page.screenshot(path=pictures / "governance-case.png", full_page=True)
    page.goto(f"{site.url}/pricing/labels?day={clock.today(clock.now()) + timedelta(days=1)}")
    expect(page.locator("td.main-cell")).to_have_count(0)
    with database.transaction(write=False) as session:
        assert session.scalars(select(PriceLabel)).one().until == clock.today(clock.now()) + timedelta(days=1)
        query = select(Listing.price).where(Listing.region_code == PROVINCE, Listing.state == "active")
        assert sorted(session.scalars(query)) == [1, 1]
