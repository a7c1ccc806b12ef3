"""The pages of imports, through the whole application."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from importers.models import Import
from importers.workbook import read
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.parties.models import Region
from tests.importers import books
from tests.importers.test_services import ROWS

SignedIn = Callable[..., FlaskClient]
WRONG: list[list[Any]] = [*ROWS, ["99", None, None], ["4401", "广州市", "44"]]


def upload(client: FlaskClient, data: bytes, name: str = "地区.xlsx") -> Any:
    form = {"file": (io.BytesIO(data), name)}
    return client.post("/importers/regions/upload", data=form, content_type="multipart/form-data")


def staged(client: FlaskClient, rows: list[list[Any]] = ROWS) -> str:
    answer = upload(client, books.book(rows))
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def test_upload_preview_confirm_receipt(signed_in: SignedIn, database: Database) -> None:
    client = signed_in()
    place = staged(client)
    assert "全部正确，尚未写入任何数据" in text(client.get(place))
    assert client.post(f"{place}/apply", data={"mode": "good-rows"}).status_code == 303
    page = text(client.get(place))
    assert "已写入 2 行" in page and "IM2" in page
    with database.transaction(write=False) as session:
        assert {region.code for region in session.scalars(select(Region))} == {"32", "3201"}


def test_the_preview_says_what_is_wrong_where_and_how_to_mend_it(signed_in: SignedIn) -> None:
    client = signed_in()
    page = text(client.get(staged(client, WRONG)))
    for words in ("2 行有错误，尚未写入任何数据", "B4", "必填，不能为空", "填写此单元格", "C5", "没有代码为 44 的地区",
                  "写入 2 处变更", "批注版工作簿"):  # fmt: skip
        assert words in page


def test_issues_can_be_filtered_by_kind(signed_in: SignedIn) -> None:
    client = signed_in()
    page = text(client.get(staged(client, WRONG) + "?code=required"))
    assert "必填，不能为空" in page and "没有代码为 44 的地区" not in page


def test_pages_are_there_in_english(signed_in: SignedIn) -> None:
    client = signed_in()
    client.get("/language/en")
    assert "2 rows are wrong; nothing has been written yet" in text(client.get(staged(client, WRONG)))
    assert "Import Regions" in text(client.get("/importers/regions"))


@pytest.mark.parametrize("make", [books.far_cell, books.merge_bomb, books.password_protected, lambda: b"x"])
def test_a_refused_file_is_explained_on_the_page_it_came_from(signed_in: SignedIn, make: Any) -> None:
    answer = upload(signed_in(), make())
    assert answer.status_code == 422
    assert "文件未接收，未写入任何数据" in text(answer)


def test_an_upload_without_a_file_is_a_message(signed_in: SignedIn) -> None:
    answer = signed_in().post("/importers/regions/upload", data={})
    assert answer.status_code == 422 and "请先选择文件" in text(answer)


def test_template_and_annotated_workbook_can_be_downloaded(signed_in: SignedIn) -> None:
    client = signed_in()
    template = client.get("/importers/regions/template")
    assert read(template.data, "x.xlsx").marker[:3] == ("jicai", "regions", "1")
    place = staged(client, WRONG)
    assert len(read(client.get(f"{place}/workbook").data, "x.xlsx").sheets[0].numbers) == 5
    assert len(read(client.get(f"{place}/workbook?rows=faulty").data, "x.xlsx").sheets[0].numbers) == 3


def test_a_dropped_import_stays_in_the_history(signed_in: SignedIn) -> None:
    client = signed_in()
    place = staged(client)
    assert client.post(f"{place}/cancel").status_code == 303
    assert "未写入任何数据" in text(client.get(place))
    assert "已放弃" in text(client.get("/importers/"))


def test_another_organisation_gets_404(signed_in: SignedIn) -> None:
    place = staged(signed_in())
    stranger = signed_in()
    for address in (place, f"{place}/workbook"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{place}/apply", data={"mode": "all"}).status_code == 404


def test_a_role_without_the_permission_of_the_kind_gets_403(signed_in: SignedIn) -> None:
    client = signed_in(Role.PHARMACIST)
    assert client.get("/importers/regions").status_code == 403
    assert upload(client, books.book(ROWS)).status_code == 403
    assert client.get("/importers/no-such-kind").status_code == 404


def test_an_address_cannot_steer_links(signed_in: SignedIn) -> None:
    client = signed_in()
    assert "javascript:" not in text(client.get("/importers/regions?_scheme=javascript&_external=1&_anchor=x"))
    assert client.get("/importers/regions?endpoint=kernel.home&name=x").status_code == 200


def test_a_repeated_post_is_answered_from_memory(signed_in: SignedIn, database: Database) -> None:
    client, data = signed_in(), books.book(ROWS)
    places = set()
    for _ in range(2):
        form = {"file": (io.BytesIO(data), "a.xlsx"), "_key": "one"}
        answer = client.post("/importers/regions/upload", data=form, content_type="multipart/form-data")
        places.add(answer.headers["Location"])
    assert len(places) == 1
    with database.transaction(write=False) as session:
        assert len(session.scalars(select(Import)).all()) == 1
