"""Large uploads: taken at once, checked and written off the request; the page may be left."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from importers import jobs, views
from importers.flow import ImportState
from importers.models import Import, ImportPayload
from kernel.audit.models import AuditEntry
from kernel.audit.tags import Tag
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.errands import runner
from kernel.errands.models import Errand
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationState
from kernel.parties.models import Organisation, Region
from tests.importers import books
from tests.importers.test_services import ROWS
from tests.importers.test_views import WRONG, SignedIn, staged, text, upload

assert jobs  # registers the errands, as the runner's process does


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook of three rows takes the way of one of three hundred thousand."""
    monkeypatch.setattr(views, "READ_AT_ONCE", 100)
    monkeypatch.setattr(views, "WRITE_AT_ONCE", 1)


def state(database: Database) -> ImportState:
    with database.transaction(write=False) as session:
        return session.scalars(select(Import)).one().state


def test_a_large_upload_is_checked_and_written_while_nobody_waits(
    app: Flask, signed_in: SignedIn, database: Database
) -> None:
    client = signed_in()
    place = staged(client)
    assert state(database) is ImportState.RECEIVED
    assert "正在检查" in text(client.get(place)) and f"{place}/progress" in text(client.get(place))
    assert client.get(f"{place}/progress").json["finished"] is False
    assert runner.run_waiting(app) == 1
    assert client.get(f"{place}/progress").json["finished"] is True
    assert "全部正确，尚未写入任何数据" in text(client.get(place))
    client.post(f"{place}/apply", data={"mode": "good-rows"})
    client.post(f"{place}/apply", data={"mode": "good-rows"})
    assert state(database) is ImportState.CHECKED and "data-progress" in client.get(place).text
    assert runner.run_waiting(app) == 1
    assert "已写入 2 行" in text(client.get(place))
    with database.transaction(write=False) as session:
        assert {region.code for region in session.scalars(select(Region))} == {"32", "3201"}
        codes = session.scalars(select(Notice.code).order_by(Notice.id)).all()
        assert codes == ["import-checked", "import-written"]


def test_a_large_file_that_cannot_be_taken_says_why_and_is_not_kept(
    app: Flask, signed_in: SignedIn, database: Database
) -> None:
    client = signed_in()
    place = upload(client, books.book([["甲", "乙"], ["1", "2"]])).headers["Location"]
    runner.run_waiting(app)
    page = text(client.get(place))
    assert "未被接收" in page or "未写入" in page
    assert "地区代码" in page or "表头" in page
    assert state(database) is ImportState.REFUSED
    assert client.post(f"{place}/apply", data={"mode": "all"}).status_code in (303, 409)
    runner.run_waiting(app)
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(ImportPayload)) == 1  # the reasons alone
        assert session.scalar(select(func.count()).select_from(Region)) == 0


def test_a_crash_between_the_steps_loses_nothing(app: Flask, signed_in: SignedIn, database: Database) -> None:
    client = signed_in()
    place = staged(client)
    runner.run_waiting(app)
    with database.transaction() as session:  # the check was kept, its end was not
        errand = session.scalars(select(Errand)).one()
        errand.state, errand.open_key = type(errand.state).WAITING, "imports.check import:1"
    runner.run_waiting(app)
    assert state(database) is ImportState.CHECKED
    client.post(f"{place}/apply", data={"mode": "all"})
    runner.run_waiting(app)
    with database.transaction() as session:  # the rows were written, the end was not
        errand = session.scalars(select(Errand).order_by(Errand.id.desc()).limit(1)).one()
        errand.state, errand.open_key = type(errand.state).WAITING, "imports.apply import:1"
    runner.run_waiting(app)
    assert state(database) is ImportState.APPLIED
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Region)) == 2


def test_a_dropped_upload_is_not_checked(app: Flask, signed_in: SignedIn, database: Database) -> None:
    client = signed_in()
    place = staged(client)
    assert client.post(f"{place}/cancel").status_code == 303
    runner.run_waiting(app)
    assert state(database) is ImportState.CANCELLED
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(ImportPayload)) == 0


def confirmed(database: Database) -> int:
    with database.transaction(write=False) as session:
        return len(session.scalars(select(AuditEntry).where(AuditEntry.tag == Tag.IMPORT_CONFIRMED)).all())


def test_a_second_click_confirms_no_second_time(app: Flask, signed_in: SignedIn, database: Database) -> None:
    client = signed_in()
    place = staged(client)
    runner.run_waiting(app)
    for mode in ("all", "good-rows"):
        assert client.post(f"{place}/apply", data={"mode": mode}).status_code == 303
    assert confirmed(database) == 1


def test_what_was_dropped_is_not_confirmed(app: Flask, signed_in: SignedIn, database: Database) -> None:
    client = signed_in()
    place = staged(client)
    runner.run_waiting(app)
    client.post(f"{place}/cancel")
    client.post(f"{place}/apply", data={"mode": "all"})
    assert (confirmed(database), runner.run_waiting(app)) == (0, 0)


def test_a_suspended_organisation_writes_nothing(app: Flask, signed_in: SignedIn, database: Database) -> None:
    client = signed_in()
    place = staged(client)
    runner.run_waiting(app)
    client.post(f"{place}/apply", data={"mode": "all"})
    with database.transaction() as session:
        session.get_one(
            Organisation, session.scalars(select(Import)).one().organisation_id
        ).state = OrganisationState.SUSPENDED
    runner.run_waiting(app)
    assert state(database) is ImportState.CHECKED


def test_wrong_rows_stand_in_the_preview_as_ever(app: Flask, signed_in: SignedIn, database: Database) -> None:
    client = signed_in()
    place = staged(client, WRONG)
    runner.run_waiting(app)
    page = text(client.get(place))
    assert "2 行有错误" in page and re.search(r"B4", page)
    assert client.get(f"{place}/workbook").status_code == 200


def test_strangers_see_neither_progress_nor_page(app: Flask, signed_in: SignedIn, database: Database) -> None:
    place = staged(signed_in())
    other = signed_in(Role.AGENCY_REVIEWER)
    assert other.get(place).status_code == other.get(f"{place}/progress").status_code == 404
    assert len(ROWS) == 3
