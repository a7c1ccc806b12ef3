"""A live draft in three companies' browsers at once: two choose, one lets its time run out; the agency watches."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.db import Database, make_engine
from procurement.rounds.draft.services import lists, sessions
from procurement.rounds.draft.services.sessions import Setting
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press
from tests.procurement.rounds.scene import populate

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-draft")]

SIX = tuple(f"32{number:02}00" for number in range(1, 7))
SECONDS, SOON, LATER = 10, 9_000, 30_000


@pytest.fixture
def hall(sqlite_template: pathlib.Path, tmp_path: pathlib.Path, serve: Callable[[str], Site]) -> tuple[Site, str]:
    """A round whose three winners are announced, and the address of its draft, which somebody has to start."""
    path = tmp_path / "draft.db"
    shutil.copy(sqlite_template, path)
    database, at = Database(make_engine(f"sqlite:///{path}")), clock.now()
    with database.transaction() as session:
        scene = populate(session, lots=1, companies=4, regions=SIX)
        scene.announced("batch-9", {1: ("0.4000", "0.5000", "0.6000", "0.7000")})
        wish = [SIX[5], *SIX[:5]]
        scene.does(lists.prefer, "c3", at=at, lot_number=1, region_codes=wish)
        scene.does(sessions.open_draft, at=at, setting=Setting(SECONDS))
        secret = hashed(PASSWORD)
        for user in session.query(User):
            user.password_hash, user.password_set_at, user.demo = secret, at, True
        home = f"/procurement/rounds/{scene.round_id}/draft/1"
    database.engine.dispose()
    return serve(f"sqlite:///{path}"), home


def test_three_companies_draft_regions_live(hall: tuple[Site, str], person: Callable[..., Person]) -> None:
    site, home = hall
    officer, first, second, third = (arrive(person(site), login, home) for login in ("officer", "c1", "c2", "c3"))
    expect(first.locator("#draft")).to_contain_text("尚未开始选区")
    act(officer, "/start")
    for region in (SIX[2], SIX[0]):  # rank 1 picks first, and then begins the rounds
        expect(first.locator("#choose")).to_be_visible(timeout=SOON)
        first.locator(f"#r-{region}").focus()
        first.keyboard.press("Space")
        with first.expect_navigation():
            first.keyboard.press("Enter")
    expect(second.locator("#choose")).to_be_visible(timeout=SOON)
    expect(second.locator("#draft-said")).to_contain_text("轮到贵企业选择")
    assert second.locator(f"#r-{SIX[0]}").count() == 0
    second.locator(f"#r-{SIX[3]}").check()
    second.wait_for_timeout(2_200)  # the board has looked for news meanwhile
    assert second.locator(f"#r-{SIX[3]}").is_checked()
    press(second.locator("#choose button[type=submit]"))
    expect(third.locator("#choose")).to_be_visible(timeout=SOON)
    expect(first.locator("#choose")).to_be_visible(timeout=SECONDS * 1000 + SOON)
    expect(first.locator("#record")).to_contain_text("超时，按意愿顺序")
    for page in (first, second, third):
        leave_to_list(page)
    expect(officer.locator("#draft")).to_contain_text("选区已完成", timeout=LATER)
    main = officer.locator(".tile")
    expect(main.nth(2)).to_contain_text("主供 明川药业有限公司")
    expect(main.nth(5)).to_contain_text("主供 华辰药业有限公司")  # what the third had put first
    assert officer.request.get(f"{site.url}{home}/record.xlsx").status == 200


def arrive(someone: Person, login: str, home: str) -> Page:
    """Sign in and open the board."""
    someone.sign_in(login, PASSWORD)
    return someone.goto(home)


def leave_to_list(page: Page) -> None:
    """Leave every further turn to one's order of regions."""
    with page.expect_navigation():
        page.locator("#draft a[href$='/preference']").click()
    page.locator("#represents").check()
    press(page.locator("main form .actbar button[type=submit]"))
