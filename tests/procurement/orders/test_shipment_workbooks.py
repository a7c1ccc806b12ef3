"""Batches by workbook: the template of what is left, the preview, the good rows shipped, the bad ones named."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.procurement.demand.test_workbooks import apply, counts, fill, preview, template, upload

from .shop import Shop


def test_a_filled_template_becomes_one_shipment(shop: Shop) -> None:
    order = shop.order(a=100)
    shop.post(f"/procurement/orders/{order}/confirm", "company1")
    browser, address = shop.browser("company1"), f"/importers/shipment-batches/template?order={order}"
    with browser.session_transaction() as cookie:
        cookie["locale"] = "zh_CN"
    book = template(browser, address)
    assert book["数据"].max_row == 1 + 1

    def batch(cells: dict[str, Any]) -> None:
        cells["批号"].value, cells["有效期至"].value, cells["本次发货"].value = "B1", date(2031, 1, 1), 60
        cells["运单号"].value = "SF77"

    fill(book, batch)
    answer = upload(browser, f"/importers/shipment-batches/upload?order={order}", book)
    assert counts(preview(browser, answer)) == ["1", "0", "0", "0"]
    assert shop.held(order).lines[0].shipped == 0
    apply(browser, answer)
    assert shop.held(order).lines[0].shipped == 60 and "SF77" in shop.get(f"/procurement/orders/{order}", "h1").text

    def expired(cells: dict[str, Any]) -> None:
        cells["批号"].value, cells["有效期至"].value, cells["本次发货"].value = "B2", date(2020, 1, 1), 60

    book = template(browser, address)
    fill(book, expired)
    page = preview(browser, upload(browser, f"/importers/shipment-batches/upload?order={order}", book))
    assert counts(page)[3] == "1" and "40" in page


def test_nobody_else_gets_the_template_and_nobody_before_the_confirmation(shop: Shop) -> None:
    order = shop.order(a=100)
    address = f"/importers/shipment-batches/template?order={order}"
    assert shop.get(address, "company2").status_code == 404
    assert shop.get(address, "h1").status_code == 403
    assert shop.get(address, "company1").status_code in (303, 302, 409)
