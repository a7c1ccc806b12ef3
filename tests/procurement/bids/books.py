"""Bid workbooks as companies fill them in: the round's own template, changed cell by cell."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from flask.testing import FlaskClient
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.test import TestResponse

Edit = Callable[[Worksheet], None]
HEADERS = (
    "品种序号",
    "品种",
    "规格",
    "最高有效申报价（元/最小单位）",
    "批准文号或注册证号",
    "申报企业统一社会信用代码",
    "是否申报",
)


def filled(client: FlaskClient, box_id: int, prices: Mapping[int, Any], edit: Edit | None = None) -> bytes:
    """The template with prices by row (Excel's number), and with whatever else `edit` does to its data sheet."""
    answer = client.get(f"/importers/bids/template?box={box_id}")
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.data))
    sheet = book["数据"]
    for row, price in prices.items():
        sheet.cell(row, 8).value = price
    if edit:
        edit(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: FlaskClient, box_id: int, data: bytes, name: str = "报价.xlsx") -> TestResponse:
    """Post an upload."""
    return client.post(f"/importers/bids/upload?box={box_id}", data={"file": (io.BytesIO(data), name)})


def confirm(client: FlaskClient, staged: TestResponse) -> TestResponse:
    """Confirm the preview that an upload led to."""
    assert staged.status_code == 303, staged.text
    return client.post(f"{staged.headers['Location']}/apply", data={"mode": "all"})
