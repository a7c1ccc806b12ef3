from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.permissions import P, Role
from kernel.db import Database
from kernel.downloads import jobs, registry, services
from kernel.downloads.models import Download
from kernel.errands import runner
from kernel.files.models import StoredFile
from kernel.notices.models import Notice
from kernel.sheets import Sheet
from tests.factories.people import organisation, signed_in, user

MANY = 20_001
assert jobs  # registers the errand, as the runner's process does


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    """A small and a large table, for supervisors."""
    known = dict(registry._exports)

    def small(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
        return Sheet("小", ("编码", "名称"), [("007", f"=1+1 {asked.get('q', '')}")], total=1)

    def large(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
        return Sheet("大", ("编码",), ((f"{number:018d}",) for number in range(MANY)), total=MANY)

    registry.export("test.small", "小表", P.AUDIT_READ, small)
    registry.export("test.large", "整张大表", P.AUDIT_READ, large)
    yield
    registry._exports.clear()
    registry._exports.update(known)


def person(database: Database, *roles: Role) -> tuple[object, int]:
    with database.transaction() as session:
        made = user(session, organisation(session), *roles)
        return made, made.id


def test_a_small_table_comes_at_once_in_three_forms(app: Flask, database: Database) -> None:
    someone, _ = person(database, Role.SUPERVISOR)
    client = signed_in(app, someone)  # type: ignore[arg-type]  # a user
    book = load_workbook(BytesIO(client.get("/exports/test.small?q=药").data))
    assert [[cell.value for cell in row] for row in book.active.rows] == [["编码", "名称"], ["007", "=1+1 药"]]
    assert book.active["B2"].data_type == "s"
    utf8 = client.get("/exports/test.small?q=药&as=csv").data
    assert utf8 == "\ufeff编码,名称\r\n007,'=1+1 药\r\n".encode()
    assert client.get("/exports/test.small?q=药&as=csv-gb18030").data == "编码,名称\r\n007,'=1+1 药\r\n".encode(
        "gb18030"
    )


def test_a_table_one_may_not_read_is_not_given_out(app: Flask, database: Database) -> None:
    someone, _ = person(database, Role.HOSPITAL_FINANCE)
    client = signed_in(app, someone)  # type: ignore[arg-type]  # a user
    assert client.get("/exports/test.small").status_code == 403
    assert client.get("/downloads/new/test.small").status_code == 403
    assert app.test_client().get("/exports/test.small").status_code in (302, 303, 403)
    assert client.get("/exports/none-such").status_code == 404


def test_a_large_table_is_prepared_and_kept_for_its_owner(app: Flask, database: Database) -> None:
    someone, number = person(database, Role.SUPERVISOR)
    client = signed_in(app, someone)  # type: ignore[arg-type]  # a user
    sent = client.get("/exports/test.large?as=csv")
    assert sent.status_code == 303 and sent.location.startswith("/downloads/new/test.large")
    assert "20,001" in client.get(sent.location).text
    assert client.post("/downloads/new/test.large?q=x", data={"as": "csv"}).location == "/downloads"
    assert client.get("/downloads/1/state").json["finished"] is False
    assert client.get("/downloads/1/file").status_code == 404
    assert runner.run_waiting(app) == 1
    assert client.get("/downloads/1/state").json["finished"] is True
    lines = client.get("/downloads/1/file").data.decode("utf-8-sig").splitlines()
    assert len(lines) == MANY + 1 and lines[7] == f"{6:018d}"
    assert "整张大表" in client.get("/downloads").text
    with database.transaction(write=False) as session:
        assert session.scalars(select(Notice.code).where(Notice.user_id == number)).all() == ["download-ready"]


def test_nobody_else_reaches_a_file(app: Flask, database: Database) -> None:
    someone, _ = person(database, Role.SUPERVISOR)
    other, _ = person(database, Role.SUPERVISOR)
    signed_in(app, someone).post("/downloads/new/test.large", data={"as": "xlsx"})  # type: ignore[arg-type]  # a user
    runner.run_waiting(app)
    client = signed_in(app, other)  # type: ignore[arg-type]  # a user
    for path in ("state", "file"):
        assert client.get(f"/downloads/1/{path}").status_code == 404
    assert client.post("/downloads/1/drop").status_code == 404
    assert "整张大表" not in client.get("/downloads").text


def test_a_file_that_is_dropped_or_expired_is_gone(app: Flask, database: Database) -> None:
    someone, _ = person(database, Role.SUPERVISOR)
    client = signed_in(app, someone)  # type: ignore[arg-type]  # a user
    for _ in range(2):
        client.post("/downloads/new/test.large", data={"as": "csv"})
    runner.run_waiting(app)
    assert client.post("/downloads/1/drop").status_code == 303
    assert client.get("/downloads/1/file").status_code == 404
    with database.transaction() as session:
        assert services.expire(session, at=clock.now() + services.KEPT + timedelta(minutes=1)) == 1
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Download)) == 0
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_role_lost_before_the_file_is_written_writes_none(app: Flask, database: Database) -> None:
    someone, number = person(database, Role.SUPERVISOR)
    signed_in(app, someone).post("/downloads/new/test.large", data={"as": "csv"})  # type: ignore[arg-type]  # a user
    with database.transaction() as session:
        found = session.get(type(someone), number)
        found.roles[0].role = Role.HOSPITAL_FINANCE  # type: ignore[union-attr]  # a user
    runner.run_waiting(app)
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_role_lost_after_the_file_is_written_reads_it_no_more(app: Flask, database: Database) -> None:
    someone, number = person(database, Role.SUPERVISOR)
    signed_in(app, someone).post("/downloads/new/test.large", data={"as": "csv"})  # type: ignore[arg-type]  # a user
    runner.run_waiting(app)
    with database.transaction() as session:
        found = session.get(type(someone), number)
        found.roles[0].role = Role.HOSPITAL_FINANCE  # type: ignore[union-attr]  # a user
    client = signed_in(app, someone)  # type: ignore[arg-type]  # a user
    assert client.get("/downloads/1/file").status_code == 403
    assert client.post("/downloads/1/drop").status_code == 303


def test_a_part_that_is_asked_twice_breaks_no_table(app: Flask, database: Database) -> None:
    twice = "&".join(
        f"{part}={value}" for part in ("q", "state", "role", "tag", "since", "organisation") for value in "12"
    )
    people = [
        person(database, role)[0]
        for role in (Role.SUPERVISOR, Role.AGENCY_OFFICER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    ]
    for someone in people:
        client = signed_in(app, someone)  # type: ignore[arg-type]  # a user
        answers = {name: client.get(f"/exports/{name}?{twice}").status_code for name in registry.exports()}
        assert not [name for name, status in answers.items() if status >= 500]


def test_a_file_that_came_while_its_download_was_dropped_goes_with_it(app: Flask, database: Database) -> None:
    someone, _ = person(database, Role.SUPERVISOR)
    signed_in(app, someone).post("/downloads/new/test.large", data={"as": "csv"})  # type: ignore[arg-type]  # a user
    if database.engine.dialect.name == "sqlite":
        return  # one writes at a time
    with database.transaction() as session:
        read = session.scalars(select(Download)).one()
        runner.run_waiting(app)
        services._delete(session, [read])
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
