"""A pharmacy in a real browser: what waits on its first page is dispensed and settled, and its stock is reported."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from importers.demo.parties import PASSWORD
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-pages")]


def test_a_pharmacy_dispenses_what_waits_and_reports_its_stock(demo: Site, person: Callable[..., Person]) -> None:
    someone = person(demo)
    page = someone.sign_in("pharmacy", PASSWORD)
    press(page.get_by_role("link", name="注射用培美曲塞二钠"))
    page.get_by_label("已核对取药人与处方患者为同一人").check()
    act(page, "/dispense")
    expect(page.locator("h1 + .st")).to_have_text("已配药")
    act(page, "/settle")
    expect(page.locator("main")).to_contain_text("928.80")
    page = someone.goto("/catalogue/dual-channel/stock")
    page.get_by_label("注射用奥沙利铂 的库存").fill("12")
    page.get_by_label("注射用奥沙利铂 的单价").fill("209.50")
    act(page, "/stock")
    expect(page.locator("main")).to_contain_text("已上报 3 个药品")
