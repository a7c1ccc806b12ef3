"""A pharmacist reports by workbook: it comes back with red cells, he mends exactly those, and it is taken."""

from __future__ import annotations

import pathlib
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from importers.demo import demand, drugs, parties
from importers.demo.parties import PASSWORD
from importers.demo.stage import Stage
from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.db import Database, make_engine
from tests.browser.conftest import Person, Site
from tests.browser.hands import act, press
from tests.browser.test_pages import NARROW, OVERFLOW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-workbook")]

RED = "F8C9C5"
FAULTS: Mapping[tuple[int, str], Any] = {
    (2, "需求量"): "约 1200", (3, "需求量"): -5, (4, "需求量"): 1200.12345, (5, "偏低原因"): "随便写的",
    (6, "规格"): "错行了", (7, "需求量"): "1e3",
}  # fmt: skip
"""What is typed wrongly: Excel row and header → value."""


@dataclass(slots=True)
class Desk:
    """The pharmacist's screen and folder."""

    page: Page
    site: Site
    folder: pathlib.Path
    pictures: pathlib.Path | None
    right: dict[tuple[int, str], Any] = field(default_factory=dict)

    def look(self, name: str) -> None:
        """See the page in both languages at both widths; nothing may stick out."""
        for language in ("en", "zh_CN"):
            here = self.page.url
            self.page.goto(f"{self.site.url}/language/{language}")
            self.page.goto(here)
            for size in (NARROW, WIDE):
                self.page.set_viewport_size(size)
                assert self.page.evaluate(OVERFLOW) == "", f"{name} {language} {size['width']}"
                if self.pictures:
                    path = self.pictures / f"workbook-{name}-{language}-{size['width']}.png"
                    self.page.screenshot(path=path, full_page=True)

    def fetch(self, link: str, name: str) -> pathlib.Path:
        """Download what a link gives."""
        with self.page.expect_download() as waiting:
            self.page.locator(link).first.click()
        path = self.folder / name
        waiting.value.save_as(path)
        return path

    def upload(self, path: pathlib.Path) -> None:
        """Upload a workbook and come to its preview."""
        self.page.set_input_files("#file", path)
        press(self.page.locator("main form .actbar .btn-primary"))
        self.page.wait_for_url("**/importers/runs/*")


@pytest.fixture
def collecting(sqlite_template: pathlib.Path, tmp_path: pathlib.Path, serve: Callable[[str], Site]) -> tuple[Site, int]:
    """A province that collects demand for six varieties; nobody has reported."""
    path = tmp_path / "collecting.db"
    shutil.copy(sqlite_template, path)
    database = Database(make_engine(f"sqlite:///{path}"))
    stage = Stage(database, parties.Cast(), [], random.Random(7), clock.now())
    with stage.at(stage.day(-30)) as session:
        stage.cast = parties.build(session, stage.day(-30))
        stage.drugs = drugs.build(session, stage.cast, stage.chance, SYSTEM, stage.day(-30))
    call = demand.collect(
        stage, code="XQ-1", title="春季需求填报", drugs=stage.drugs[:6], opens=stage.day(-5),
        deadline=stage.day(9, 17), reported=0, accepted=False,
    )  # fmt: skip
    database.engine.dispose()
    return serve(f"sqlite:///{path}"), call.id


def test_a_pharmacist_mends_a_workbook_by_its_red_cells(
    collecting: tuple[Site, int], person: Callable[..., Person], pictures: pathlib.Path | None, tmp_path: pathlib.Path
) -> None:
    site, call = collecting
    someone = person(site)
    desk = Desk(someone.page, site, tmp_path, pictures)
    someone.sign_in("hospital", PASSWORD)
    page = someone.goto(f"/procurement/demand/{call}/report")
    press(page.locator('main a[href*="/importers/demand?"]').first)
    desk.look("start")
    wrong = fill_in(desk, desk.fetch('a[href*="/importers/demand/template"]', "template.xlsx"))
    desk.upload(wrong)
    expect(page.locator("h1")).to_contain_text(f"{len(FAULTS)} 行有错误")
    expect(page.locator("#errors tbody tr")).to_have_count(len(FAULTS))
    desk.look("wrong")
    mended = mend(desk, desk.fetch('#errors a[href$="/workbook"]', "checked.xlsx"))
    press(page.get_by_role("link", name="重新上传"))
    desk.upload(mended)
    expect(page.locator("h1")).to_contain_text("全部正确")
    expect(page.locator("#errors")).to_have_count(0)
    desk.look("right")
    act(page, "/apply")
    expect(page.locator("main")).to_contain_text("IM2")
    desk.look("receipt")
    page.goto(f"{site.url}/procurement/demand/{call}/report")
    grid = page.locator('.tabulator-cell[tabulator-field="quantity"]')
    expect(grid.first).to_have_text("1,200")
    desk.look("report")


def columns(sheet: Any) -> dict[str, int]:
    """Header → number of the column."""
    return {str(cell.value).strip(): cell.column for cell in sheet[1] if cell.value}


def fill_in(desk: Desk, path: pathlib.Path) -> pathlib.Path:
    """Type a quantity in every row, and some things that are wrong."""
    book = load_workbook(path)
    sheet = book["数据"]
    at = columns(sheet)
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, at["需求量"]).value = 1200
    for (row, header), value in FAULTS.items():
        cell = sheet.cell(row, at[header])
        desk.right[row, header] = cell.value
        cell.value = value
    book.save(desk.folder / "filled.xlsx")
    return desk.folder / "filled.xlsx"


def mend(desk: Desk, path: pathlib.Path) -> pathlib.Path:
    """Find the red cells, read what their comments say, and put right those and no others."""
    book = load_workbook(path)
    sheet = book["数据"]
    names = {number: header for header, number in columns(sheet).items()}
    red = {
        (cell.row, names[cell.column]): cell
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if str(cell.fill.fgColor.rgb).endswith(RED)
    }
    assert set(red) == set(FAULTS)
    for place, cell in red.items():
        assert cell.comment is not None and len(cell.comment.text.splitlines()) >= 1, place
        assert cell.value == FAULTS[place], place
        cell.value = desk.right[place]
    told = {sheet.cell(row, columns(sheet)["校验结果"]).value for row, _header in red}
    assert told == {"有错误"}
    book.save(desk.folder / "mended.xlsx")
    return desk.folder / "mended.xlsx"
