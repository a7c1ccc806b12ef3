"""Invoices by workbook: whole or not at all, good ones taken, an export that changes nothing when it comes back."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from procurement.settlement.flow import InvoiceState
from procurement.settlement.models.invoices import Invoice
from tests.procurement.demand.test_workbooks import XLSX, apply, counts, fill, preview, template, upload
from tests.procurement.orders.site import Site

from .goods import number
from .test_pages import goods

TEMPLATE, UPLOAD = "/importers/invoices/template", "/importers/invoices/upload"
DAY = date(2026, 3, 3)


def company(site: Site, who: str = "company1") -> FlaskClient:
    browser = site.browser(who)
    browser.get("/language/zh_CN")
    return browser


def invoices(site: Site) -> list[Invoice]:
    with site.database.transaction(write=False) as session:
        found = session.scalars(select(Invoice).order_by(Invoice.id)).all()
        assert all(len(one.lines) for one in found)
        return list(found)


def test_rows_of_one_number_become_one_invoice(site: Site) -> None:
    lines = [goods(site, count)[1] for count in (1000, 500, 200)]
    browser = company(site)
    book = template(browser, TEMPLATE)
    assert book["数据"].max_row == 4

    def two(cells: dict[str, Any]) -> None:
        if int(cells["批次编号"].value) == lines[2]:
            return
        cells["发票号码"].value = number(1)
        if int(cells["批次编号"].value) == lines[0]:
            cells["开票日期"].value, cells["价税合计"].value = DAY, "185.10"

    fill(book, two)
    answer = upload(browser, UPLOAD, book)
    assert counts(preview(browser, answer)) == ["2", "0", "1", "0"]
    apply(browser, answer)
    made = invoices(site)
    assert [(one.title, str(one.amount), len(one.lines)) for one in made] == [(number(1), "185.10", 2)]
    assert template(browser, TEMPLATE)["数据"].max_row == 2  # the third batch


def test_a_wrong_row_keeps_its_invoice_out_and_others_are_taken(site: Site) -> None:
    lines = [goods(site, count)[1] for count in (1000, 500, 200)]
    browser = company(site)
    book = template(browser, TEMPLATE)

    def two(cells: dict[str, Any]) -> None:
        place = lines.index(int(cells["批次编号"].value))
        cells["发票号码"].value = number(min(place, 1))
        cells["开票日期"].value = DAY
        cells["价税合计"].value = "123.40" if not place else "86.38"
        if place == 2:
            cells["本次开票数量"].value = 201

    fill(book, two)
    answer = upload(browser, UPLOAD, book)
    page = preview(browser, answer)
    assert counts(page) == ["1", "0", "0", "2"] and "200" in page
    apply(browser, answer)
    assert [one.title for one in invoices(site)] == [number(0)]


def test_what_stands_against_an_invoice_is_named(site: Site) -> None:
    line = goods(site)[1]
    other = goods(site, product="b")[1]
    browser = company(site)
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"发票号码": "123"}, "123"),
        ({"发票号码": number(1), "开票日期": date(2026, 3, 4)}, "2026-03-04"),
        ({"发票号码": number(1), "价税合计": None}, "价税合计"),
        ({"发票号码": number(1), "批次编号": other}, str(other)),
        ({"发票号码": number(1), "含税单价": 0}, "含税单价"),
    )
    for typed, said in cases:
        book = template(browser, TEMPLATE)

        def change(cells: dict[str, Any], typed: dict[str, Any] = typed) -> None:
            for header, value in ({"开票日期": DAY, "价税合计": "123.40"} | typed).items():
                cells[header].value = value

        fill(book, change)
        page = preview(browser, upload(browser, UPLOAD, book))
        assert counts(page)[3] == "1" and said in page, (typed, line)
    assert invoices(site) == []


def test_two_invoices_never_ask_for_more_than_was_received(site: Site) -> None:
    goods(site)
    browser = company(site)
    book = template(browser, TEMPLATE)
    sheet = book["数据"]
    sheet.append([cell.value for cell in sheet[2]])
    numbers = iter((number(1), number(2)))

    def part(cells: dict[str, Any]) -> None:
        cells["发票号码"].value, cells["开票日期"].value = next(numbers), DAY
        cells["价税合计"].value, cells["本次开票数量"].value = "74.04", 600

    fill(book, part)
    page = preview(browser, upload(browser, UPLOAD, book))
    assert counts(page) == ["1", "0", "0", "1"] and "400" in page


def test_an_export_comes_back_unchanged(site: Site) -> None:
    test_rows_of_one_number_become_one_invoice(site)
    browser = company(site)
    out = browser.get("/exports/procurement.settlement-invoice-lines?as=xlsx").data
    data = {"file": (io.BytesIO(out), "x.xlsx", XLSX)}
    answer = browser.post(UPLOAD, data=data, content_type="multipart/form-data")
    assert counts(preview(browser, answer)) == ["0", "0", "2", "0"]
    assert company(site, "company2").get(TEMPLATE).status_code == 200
    assert company(site, "h1-finance").get(TEMPLATE).status_code == 403
    assert {one.state for one in invoices(site)} == {InvoiceState.REGISTERED}
