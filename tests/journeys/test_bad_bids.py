"""Every mistake that a bid workbook can hold, through the real upload page: all told at once, and nothing changes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from importers.flow import ImportState
from importers.models import Import
from kernel import clock
from kernel.auth.models import User
from kernel.db import Database
from procurement.bids.models import Bid, Submission
from procurement.bids.sealing.models import Sealed
from procurement.bids.sealing.services import BID
from tests.factories.people import signed_in
from tests.importers.books import saved
from tests.procurement.bids.conftest import CODES, DEADLINE, World, build

PRICES = ("1.5000", "0.9000", "1.4000", "0.8000", "1.3000", "0.7000")
COMPANY, PRICE, LOT = "申报企业统一社会信用代码", "申报价（元/最小单位）", "品种序号"


@dataclass
class Desk:
    """A company's browser during the time of bidding, and what stands in the database."""

    client: FlaskClient
    database: Database
    world: World

    def template(self) -> Workbook:
        """The company's own template, its prices filled in."""
        answer = self.client.get(f"/importers/bids/template?box={self.world.box_id}")
        assert answer.status_code == 200
        book = load_workbook(io.BytesIO(answer.data))
        for row, price in enumerate(PRICES, 2):
            write(book, row, PRICE, price)
        return book

    def upload(self, data: bytes, name: str = "投标.xlsx") -> TestResponse:
        """Upload a file as the page does."""
        return self.client.post(
            f"/importers/bids/upload?box={self.world.box_id}", data={"file": (io.BytesIO(data), name)},
            content_type="multipart/form-data",
        )  # fmt: skip

    def preview(self, book: Workbook) -> tuple[str, str]:
        """Upload a workbook that can be read; return its address and the words of its preview."""
        answer = self.upload(saved(book))
        assert answer.status_code == 303, words(answer)
        return answer.headers["Location"], words(self.client.get(answer.headers["Location"]))

    def refused(self, data: bytes, name: str = "投标.xlsx") -> str:
        """Upload a file that can't be taken at all; return what the page says."""
        answer = self.upload(data, name)
        assert answer.status_code == 422
        return words(answer)

    def must_be_unchanged(self) -> None:
        """No bid, no submission, no sealed price, no import that was written."""
        with self.database.transaction(write=False) as session:
            for query in (select(Bid.id), select(Submission.id), select(Sealed.id).where(Sealed.purpose == BID),
                          select(Import.id).where(Import.state == ImportState.APPLIED)):  # fmt: skip
                assert session.scalar(select(func.count()).select_from(query.subquery())) == 0


@pytest.fixture
def desk(app: Flask, database: Database) -> Iterator[Desk]:
    """The desk of a company with two specifications in each of three lots."""
    with database.transaction() as session:
        world = build(session)
    with clock.travel(to=DEADLINE.replace(day=18)):
        with database.transaction(write=False) as session:
            bidder = session.get_one(User, world.actors["a"].user_id)
        yield Desk(signed_in(app, bidder), database, world)


def data(book: Workbook) -> Worksheet:
    return book["数据"]


def headers(book: Workbook) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in data(book)[1] if cell.value}


def write(book: Workbook, row: int, header: str, value: Any) -> None:
    data(book).cell(row, headers(book)[header]).value = value


def rename(book: Workbook, header: str, name: str) -> None:
    data(book).cell(1, headers(book)[header]).value = name


def words(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def text_in_a_price(book: Workbook) -> list[str]:
    write(book, 2, PRICE, "面议")
    return ["H2", "面议"]


def over_the_cap(book: Workbook) -> list[str]:
    write(book, 3, PRICE, "0.9901")
    return ["H3", "0.9901", "B5"]


def row_twice(book: Workbook) -> list[str]:
    data(book).append([cell.value for cell in data(book)[4]])
    return ["A8", "第 4 行"]


def unknown_company(book: Workbook) -> list[str]:
    write(book, 5, COMPANY, CODES["b"])
    return ["F5", CODES["b"], "B9"]


def code_as_number(book: Workbook) -> list[str]:
    write(book, 6, COMPANY, 911100001000000258)
    return ["F6", "超过 15 位的数字"]


def too_many_decimals(book: Workbook) -> list[str]:
    write(book, 7, PRICE, "0.70001")
    return ["H7", "0.70001"]


MISTAKES: list[Callable[[Workbook], list[str]]] = [
    text_in_a_price, over_the_cap, row_twice, unknown_company, code_as_number, too_many_decimals
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.__name__)
def test_a_mistake_is_told_with_cell_value_and_rule_and_nothing_changes(
    mistake: Callable[[Workbook], list[str]], desk: Desk
) -> None:
    book = desk.template()
    wanted = mistake(book)
    place, page = desk.preview(book)
    assert "1 行有错误，尚未写入任何数据" in page
    assert [each for each in wanted if each not in page] == []
    desk.client.post(f"{place}/apply", data={"mode": "all"})
    desk.must_be_unchanged()


def test_all_mistakes_of_a_workbook_are_told_at_once(desk: Desk) -> None:
    book = desk.template()
    wanted = [text for mistake in MISTAKES for text in mistake(book)]
    place, page = desk.preview(book)
    assert "6 行有错误，尚未写入任何数据" in page
    assert [each for each in wanted if each not in page] == []
    for mode in ("all", "good-rows"):
        desk.client.post(f"{place}/apply", data={"mode": mode})
    desk.must_be_unchanged()


def test_wrong_columns_are_all_named_and_the_file_is_not_taken(desk: Desk) -> None:
    book = desk.template()
    rename(book, LOT, "序")
    rename(book, COMPANY, "代码")
    page = desk.refused(saved(book))
    assert LOT in page and COMPANY in page
    desk.must_be_unchanged()


def test_a_price_column_of_another_name_is_a_column_that_lacks(desk: Desk) -> None:
    book = desk.template()
    rename(book, PRICE, "报的价")
    assert PRICE in desk.refused(saved(book))
    desk.must_be_unchanged()


def test_a_hidden_sheet_is_not_read_and_is_named(desk: Desk) -> None:
    book = desk.template()
    other = book.create_sheet("旧报价")
    for row in data(book).iter_rows(values_only=True):
        other.append(row)
    other.sheet_state = "hidden"
    text_in_a_price(book)
    _place, page = desk.preview(book)
    assert "旧报价" in page and "1 行有错误" in page
    desk.must_be_unchanged()


def test_a_workbook_whose_rows_are_on_a_hidden_sheet_is_not_taken(desk: Desk) -> None:
    book = desk.template()
    data(book).sheet_state = "hidden"
    book.active = book.sheetnames.index("填写说明")
    page = desk.refused(saved(book))
    assert "数据" in page
    desk.must_be_unchanged()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_csv_is_not_the_template_in_any_encoding(encoding: str, desk: Desk) -> None:
    target = io.StringIO()
    csv.writer(target).writerows(data(desk.template()).iter_rows(values_only=True))
    page = desk.refused(target.getvalue().encode(encoding), "投标.csv")
    assert "模板" in page
    desk.must_be_unchanged()


def test_the_same_workbook_without_mistakes_is_taken(desk: Desk) -> None:
    place, page = desk.preview(desk.template())
    assert "全部正确，尚未写入任何数据" in page
    desk.must_be_unchanged()
    assert desk.client.post(f"{place}/apply", data={"mode": "all"}).status_code == 303
    with desk.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Bid)) == 3
