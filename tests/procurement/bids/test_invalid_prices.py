from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select, update

from kernel import clock
from kernel.db import Database
from procurement.bids.flow import InvalidPrice
from procurement.bids.models import Box, Submission

from .books import confirm, filled, upload
from .conftest import DEADLINE, World
from .pages import signed_in

OVER = {2: "9.9999", 3: "0.3870"}


@pytest.fixture
def marking(built: World, database: Database) -> World:
    """The rules of this round take invalid prices and mark them."""
    with database.transaction() as session:
        session.execute(update(Box).where(Box.id == built.box_id).values(invalid_price=InvalidPrice.MARK))
    return built


def test_a_round_that_marks_invalid_prices_takes_them_with_a_warning(
    app: Flask, database: Database, marking: World
) -> None:
    with clock.travel(to=DEADLINE - timedelta(days=2)):
        company = signed_in(app, database, marking.actors["a"].user_id)
        book = filled(company, marking.box_id, OVER, lambda sheet: sheet.delete_rows(4, 9))
        staged = upload(company, marking.box_id, book)
        assert "此报价无效" in company.get(staged.headers["Location"]).text
        assert confirm(company, staged).status_code == 303
        page = company.get(f"/procurement/bids/{marking.box_id}").text
    assert "9.9999" in page and page.count("无效，不能中选") == 1
    with database.transaction(write=False) as session:
        assert session.scalars(select(Submission)).one().lots == 1


def test_a_workbook_whose_price_column_was_renamed_lacks_the_column(
    app: Flask, database: Database, built: World
) -> None:
    def rename(sheet: Worksheet) -> None:
        sheet["H1"] = "金额"

    with clock.travel(to=DEADLINE - timedelta(days=2)):
        company = signed_in(app, database, built.actors["a"].user_id)
        staged = upload(company, built.box_id, filled(company, built.box_id, OVER, rename))
        told = company.get(staged.headers["Location"]).text if staged.status_code == 303 else staged.text
    assert "申报价（元/最小单位）" in told and "需填写价格" not in told
