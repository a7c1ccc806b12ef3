"""A round by the rules of batch 11 in real browsers: two stages of revivals, a draft by three, the end."""

from __future__ import annotations

import pathlib
import re
import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.db import Database, make_engine
from tests.browser.conftest import Person, Site
from tests.browser.hall import REGIONS, WATCHERS, Hall, admitted, brands, sealed
from tests.browser.hands import act, press
from tests.procurement.rounds.scene import NAMES, populate

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-batch-11")]

NANJING, WUXI, XUZHOU, CHANGZHOU, SUZHOU = REGIONS
REVIVED, CAPITALS = "0.6000", "陆角"
RECEIPT = re.compile(r"GY-YD2026-1-\w{4}-")
SECONDS, SOON, LATER = 8, 9_000, 40_000


@pytest.fixture
def hall(
    sqlite_template: pathlib.Path,
    tmp_path: pathlib.Path,
    serve: Callable[[str], Site],
    person: Callable[..., Person],
    pictures: pathlib.Path | None,
) -> Hall:
    """A round whose deadline has passed, six bids in its box, and nobody who has opened it."""
    path = tmp_path / "batch-11.db"
    shutil.copy(sqlite_template, path)
    database, now = Database(make_engine(f"sqlite:///{path}")), clock.now()
    with database.transaction() as session:
        scene = populate(session, lots=1, companies=6, regions=tuple(REGIONS))
        brands(scene)
        sealed(scene, now)
        admitted(scene, now)
        home = f"/procurement/rounds/{scene.round_id}"
    database.engine.dispose()
    made = Hall(serve(f"sqlite:///{path}"), home, pictures=pictures)
    for who in WATCHERS:
        made.pages[who] = person(made.site).sign_in(who, PASSWORD)
        made.pages[who].set_default_timeout(LATER)
    made.pages["public"] = person(made.site).page
    return made


def test_revivals_a_live_draft_and_the_end_of_a_round(hall: Hall) -> None:
    evaluated(hall)
    offer(hall, 1, "c3")
    revive(hall, "c3", "保留按顺位选择供应地区的资格")
    evaluated_anew(hall, 2, "c3")
    offer(hall, 2, "c4")
    revive(hall, "c4", "400")
    evaluated_anew(hall, 3, "c4")
    announced(hall)
    drafted(hall)
    awarded(hall)
    agreed(hall)
    lettered(hall)
    looked_at(hall)


def evaluated(hall: Hall) -> None:
    """The agency opens and evaluates; nothing can be announced while revivals are due."""
    page = hall.at("officer")
    act(page, "/open")
    act(page, "/evaluate")
    expect(page.locator("main")).to_contain_text("复活")
    assert page.locator('form[action$="/announce"]').count() == 0
    hall.picture("officer", "evaluated")


def offer(hall: Hall, stage: int, who: str) -> None:
    """The agency sends the offers that are due; the company concerned finds its own on its first page."""
    page = hall.at("officer", "/revivals")
    until = clock.beijing(clock.now() + timedelta(minutes=30))
    page.fill("#deadline", f"{until:%Y-%m-%dT%H:%M:%S}")
    hall.picture("officer", f"to-offer-{stage}")
    act(page, "/revivals")
    expect(page.locator("main")).to_contain_text(f"{until:%H:%M:%S}")
    hall.picture("officer", f"offered-{stage}")
    for number in range(1, 7):
        found = hall.at(f"c{number}", "//procurement/revivals").locator("main tbody tr", has_text="待答复")
        expect(found).to_have_count(int(f"c{number}" == who))
    hall.at(who, "//")
    hall.picture(who, f"home-{stage}")


def revive(hall: Hall, who: str, says: str) -> None:
    """The company reads price, capitals and consequence, accepts, and gets a receipt; nobody else finds the offer."""
    page = hall.at(who, "//procurement/revivals")
    press(page.locator("main tbody a").first)
    for text in (REVIVED, CAPITALS, says):
        expect(page.locator("main")).to_contain_text(text)
    hall.picture(who, f"offer-{who}")
    other = hall.pages["c5"].goto(page.url)
    assert other is not None and other.status == 404
    page.locator("button[data-dialog=accept]").click()
    expect(page.locator("dialog[open]")).to_contain_text(CAPITALS)
    press(page.locator("dialog[open] button[type=submit]"))
    expect(page.locator("main")).to_contain_text(RECEIPT)
    hall.picture(who, f"receipt-{who}")


def evaluated_anew(hall: Hall, number: int, who: str) -> None:
    """The acceptance counts from a new version on, which says what it changed and by what."""
    page = hall.at("officer")
    act(page, "/evaluate")
    changed = page.locator("section", has_text=f"第 {number} 次评审的变化").last
    hall.picture("officer", f"version-{number}")
    expect(changed).to_contain_text(f"接受 {REVIVED}")
    row = changed.locator("tbody tr", has_text=hall_name(who))
    expect(row).to_contain_text("复活")


def hall_name(who: str) -> str:
    """Return how the scene calls a company."""
    return NAMES[int(who[1:]) - 1]


def announced(hall: Hall) -> None:
    """Everything is decided, so the result is announced; whoever may not revive reads why."""
    page = hall.at("officer")
    act(page, "/announce")
    hall.picture("officer", "announced")
    for who, reason in (("c5", "报量"), ("c6", "最高")):
        page = hall.at(who, "/mine")
        expect(page.locator("main")).to_contain_text(reason)
        hall.picture(who, f"why-{who}")


def drafted(hall: Hall) -> None:
    """The agency sets a live draft up and starts it; two companies choose, one lets its time run out."""
    wish(hall)
    page = hall.at("officer", "/draft/new")
    page.fill("#seconds", str(SECONDS))
    hall.picture("officer", "draft-new")
    press(page.locator("main form .actbar .btn-primary"))
    for who in ("c1", "c2", "c3", "c4"):
        hall.at(who, "/draft/1")
    expect(hall.pages["c1"].locator("#draft")).to_contain_text("尚未开始选区")
    act(page, "/start")
    first, second, third = (hall.pages[who] for who in ("c1", "c2", "c3"))
    for region in (XUZHOU, NANJING):  # rank 1 picks first, and then begins the rounds
        choose(first, region)
    hall.picture("c2", "draft-turn")
    choose(second, WUXI)
    expect(third.locator("#choose")).to_be_visible(timeout=SOON)
    hall.picture("c3", "draft-third")
    expect(first.locator("#record")).to_contain_text("超时", timeout=SECONDS * 1000 + SOON)
    assert hall.pages["c4"].locator("#choose").count() == 0
    for page in (first, second, third):
        leave_to_list(page)
    watching = hall.pages["officer"]
    expect(watching.locator("#draft[data-over]")).to_be_visible(timeout=LATER)
    expect(watching.locator(".tile").nth(4)).to_contain_text(f"主供 {hall_name('c3')}")  # what it had put first
    expect(watching.locator(".tile").nth(4)).not_to_contain_text(f"备供 {hall_name('c3')}")
    hall.picture("officer", "drafted")


def wish(hall: Hall) -> None:
    """The third gives its order of regions before the draft."""
    page = hall.at("c3", "/lots/1/preference")
    for place, region in enumerate((SUZHOU, CHANGZHOU, WUXI, XUZHOU, NANJING), 1):
        page.fill(f"#order-{region}", str(place))
    hall.picture("c3", "preference")
    press(page.locator("main form .actbar button[type=submit]"))


def choose(page: Page, region: str) -> None:
    """Take a region when it is one's turn."""
    expect(page.locator("#choose")).to_be_visible(timeout=SOON)
    page.locator(f"#r-{region}").check()
    press(page.locator("#choose button[type=submit]"))


def leave_to_list(page: Page) -> None:
    """Leave every further turn to one's order of regions."""
    with page.expect_navigation():
        page.locator("#draft a[href$='/preference']").click()
    page.locator("#represents").check()
    press(page.locator("main form .actbar button[type=submit]"))


def awarded(hall: Hall) -> None:
    """The officer who announced may not make the award final; a second person does."""
    assert hall.at("officer").locator('form[action$="/award"]').count() == 0
    page = hall.at("reviewer")
    act(page, "/award")
    hall.picture("reviewer", "awarded")
    page = hall.at("reviewer", "/regions")
    for who, region, agreed_volume in (("c3", "苏州市", "8,000"), ("c4", "南京市", "320")):
        row = page.locator("main tr", has_text=hall_name(who)).filter(has_text=region).last
        expect(row).to_contain_text(agreed_volume)  # four winners carry 80 % of the base
    hall.picture("reviewer", "regions")


def lettered(hall: Hall) -> None:
    """Everybody who bid and every hospital gets a letter, which its addressee opens."""
    page = hall.at("reviewer", "/letters")
    act(page, "/letters")
    hall.picture("reviewer", "letters")
    for who, says in (("c1", "0.5000"), ("c3", REVIVED), ("c4", "320"), ("c5", "141.67"), ("h1", hall_name("c4"))):
        page = hall.at(who, "//procurement/letters")
        press(page.locator("main tbody a").first)
        assert says not in page.locator("main").inner_text()
        act(page, "/open")
        expect(page.locator("main")).to_contain_text(says)
        hall.picture(who, f"letter-{who}")


def agreed(hall: Hall) -> None:
    """The agreements follow; a winner outside the shortlist has its own brand's volume, a loser none."""
    page = hall.at("reviewer", "/regions")
    act(page, "/agreements")
    hall.picture("reviewer", "agreements")
    for who, volumes in (("c1", 3), ("c3", 1), ("c4", 1), ("c5", 0), ("h1", 2)):
        rows = hall.at(who, "//procurement/agreements").locator("main tbody tr")
        expect(rows).to_have_count(volumes)
        hall.picture(who, f"agreements-{who}")


def looked_at(hall: Hall) -> None:
    """Without an account everybody reads result, regions and announcements, and no receipt of a company."""
    for path, name, says in (
        ("", "round", f"接受 {REVIVED}"), ("/lots/1", "lot", "仅本品牌报量"), ("/regions", "regions", "苏州市"),
        ("/draft/1", "draft", "超时，按意愿顺序"), ("/announcements", "announcements", "中选结果公告"),
        ("/announcements/1", "proposed", hall_name("c4")), ("/announcements/2", "final", "苏州市"),
    ):  # fmt: skip
        page = hall.at("public", path)
        expect(page.locator("main")).to_contain_text(says)
        assert not RECEIPT.search(page.locator("main").inner_text())
        hall.picture("public", f"public-{name}")
    refused = hall.pages["public"].goto(f"{hall.site.url}{hall.home}/revivals")
    assert refused is not None and "/sign-in" in hall.pages["public"].url
