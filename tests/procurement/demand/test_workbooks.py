"""The workbooks of demand: the collection's own template, past use, lots and caps."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
from flask.testing import FlaskClient

from tests.procurement.demand.conftest import Site

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(browser: FlaskClient, address: str) -> openpyxl.Workbook:
    answer = browser.get(address)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def upload(browser: FlaskClient, address: str, book: openpyxl.Workbook) -> Any:
    data = io.BytesIO()
    book.save(data)
    data.seek(0)
    return browser.post(address, data={"file": (data, "x.xlsx", XLSX)}, content_type="multipart/form-data")


def preview(browser: FlaskClient, answer: Any) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return browser.get(answer.headers["Location"]).get_data(as_text=True)


def apply(browser: FlaskClient, answer: Any, mode: str = "good-rows") -> None:
    address = answer.headers["Location"]
    assert browser.post(f"{address}/apply", data={"mode": mode}).status_code == 303


def counts(page: str) -> list[str]:
    return re.findall(r'class="figure[^"]*">([\d,]+)<', page)[:4]


def fill(book: openpyxl.Workbook, change: Callable[[dict[str, Any]], None]) -> None:
    """Let `change` look at each row by header and set its cells."""
    sheet = book["数据"]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        change(dict(zip(heads, row, strict=True)))


def test_a_filled_template_becomes_the_draft_and_comes_back_unchanged(site: Site) -> None:
    browser = site.browser("one")
    demand = f"/importers/demand/template?call={site.call_id}"
    book = template(browser, demand)
    assert book["数据"].max_row == 1 + 5  # three specifications by generic name, two of them also by maker

    def two(cells: dict[str, Any]) -> None:
        if cells["规格"].value == "5mg":
            cells["需求量"].value = 240 if cells["企业信用代码"].value else 100

    fill(book, two)
    answer = upload(browser, f"/importers/demand/upload?call={site.call_id}", book)
    assert counts(preview(browser, answer)) == ["2", "0", "3", "0"]
    apply(browser, answer)
    report = browser.get(f"/procurement/demand/{site.call_id}/report?plain=1").get_data(as_text=True)
    assert 'value="240"' in report and 'value="100"' in report
    again = template(browser, demand)
    quantities = sorted(cell.value for cell in next(zip(*_column(again, "需求量"), strict=True)) if cell.value)
    assert quantities == [100, 240]
    same = upload(browser, f"/importers/demand/upload?call={site.call_id}", again)
    assert counts(preview(browser, same)) == ["0", "0", "5", "0"]


def _column(book: openpyxl.Workbook, header: str) -> list[tuple[Any]]:
    sheet = book["数据"]
    position = [cell.value for cell in sheet[1]].index(header)
    return [(row[position],) for row in sheet.iter_rows(min_row=2)]


def test_an_emptied_cell_takes_its_line_away(site: Site) -> None:
    browser, address = site.browser("one"), f"/importers/demand/upload?call={site.call_id}"
    book = template(browser, f"/importers/demand/template?call={site.call_id}")
    fill(book, lambda cells: setattr(cells["需求量"], "value", 10))
    answer = upload(browser, address, book)
    apply(browser, answer)
    emptied = template(browser, f"/importers/demand/template?call={site.call_id}")
    fill(emptied, lambda cells: setattr(cells["需求量"], "value", None))
    answer = upload(browser, address, emptied)
    assert counts(preview(browser, answer)) == ["0", "5", "0", "0"]
    apply(browser, answer)
    assert 'value="10"' not in browser.get(f"/procurement/demand/{site.call_id}/report?plain=1").get_data(as_text=True)


def test_all_mistakes_are_told_at_once_and_change_nothing(site: Site) -> None:
    browser = site.browser("one")
    book = template(browser, f"/importers/demand/template?call={site.call_id}")
    sheet = book["数据"]
    heads = [cell.value for cell in sheet[1]]
    at = {header: heads.index(header) + 1 for header in heads}
    sheet.cell(2, at["需求量"], "1.5")
    sheet.cell(3, at["需求量"], -4)
    sheet.cell(4, at["规格"], "50mg")
    sheet.cell(5, at["序号"], "9-9")
    sheet.cell(6, at["企业信用代码"], "9" * 18)
    answer = upload(browser, f"/importers/demand/upload?call={site.call_id}", book)
    page = preview(browser, answer)
    for words in ("最多 0 位小数", "小于 0", "与该序号不符", "不是本次报量的序号", "没有信用代码为"):
        assert words in page, words
    assert counts(page)[3] == "5"


def test_the_template_of_another_collection_is_refused(site: Site) -> None:
    agency, browser = site.browser("agency"), site.browser("one")
    form = {"code": "N2", "title": "另一批", "year": "2028", "deadline": "2099-12-31T17:00:00"}
    lots = agency.post("/procurement/demand/new", data=form).headers["Location"]
    other = int(lots.split("/")[-2])
    assert browser.get(f"/importers/demand/template?call={other}").status_code == 404  # still a draft
    agency.post(lots, data={"codes": "V001"})
    agency.post(lots.removesuffix("/lots") + "/start")
    book = template(browser, f"/importers/demand/template?call={other}")
    answer = upload(browser, f"/importers/demand/upload?call={site.call_id}", book)
    assert answer.status_code == 422
    plain = openpyxl.Workbook()
    plain.active.append(["序号", "需求量"])
    plain.active.append(["1-1", 5])
    assert upload(browser, f"/importers/demand/upload?call={site.call_id}", plain).status_code == 422


def test_companies_have_no_template(site: Site) -> None:
    assert site.browser("maker").get(f"/importers/demand/template?call={site.call_id}").status_code in (403, 404)
    assert site.browser("agency").get(f"/importers/demand/template?call={site.call_id}").status_code in (403, 404)


def test_past_use_is_imported_once(site: Site) -> None:
    agency, address = site.browser("agency"), "/importers/past_use/upload"
    hospital = site.world.organisations["one"].code
    book = template(agency, "/importers/past_use/template")
    for quantity, variety, text, year in ((500, "V001", "5mg", 2026), ("2.5", "V002", "100mg", 2026)):
        book["数据"].append([hospital, variety, text, None, year, quantity])
    answer = upload(agency, address, book)
    assert counts(preview(agency, answer)) == ["2", "0", "0", "0"]
    apply(agency, answer)
    again = upload(agency, address, book)
    assert counts(preview(agency, again)) == ["0", "0", "2", "0"]
    assert "500" in site.browser("one").get(f"/procurement/demand/{site.call_id}/report?plain=1").get_data(as_text=True)
    book["数据"].append(["X" * 18, "V009", "7mg", None, 2099, 1])
    page = preview(agency, upload(agency, address, book))
    assert all(words in page for words in ("没有信用代码为", "没有编号为", "不是可登记的年份"))


def test_lots_and_caps_come_by_workbook(site: Site) -> None:
    agency = site.browser("agency")
    form = {"code": "N3", "title": "品种导入", "year": "2028", "deadline": "2099-12-31T17:00:00"}
    call = int(agency.post("/procurement/demand/new", data=form).headers["Location"].split("/")[-2])
    book = template(agency, f"/importers/lots/template?call={call}")
    book["数据"].append(["V002", None, None, None, "B 类", "0.5"])
    book["数据"].append(["V001", None, "10mg", None, None, "1.2345"])
    answer = upload(agency, f"/importers/lots/upload?call={call}", book)
    assert counts(preview(agency, answer)) == ["2", "0", "0", "0"]
    apply(agency, answer)
    one = agency.get(f"/api/v1/procurement/demand/calls/{call}").get_json()
    assert [(lot["number"], lot["variety_code"], lot["volume_class"]) for lot in one["lots"]] == [
        (1, "V002", "b"), (2, "V001", "general")
    ]  # fmt: skip
    assert [each["cap"] for each in one["lots"][1]["specifications"]] == [None, "1.2345"]
    again = template(agency, f"/importers/lots/template?call={call}")
    page = preview(agency, upload(agency, f"/importers/lots/upload?call={call}", again))
    assert counts(page) == ["0", "0", "3", "0"]


def test_the_base_is_exported_as_it_was_locked(site: Site) -> None:
    answer = site.browser("agency").get(f"/procurement/demand/{site.call_id}/base/workbook")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["基数", "合计"]
