"""`jicai import` answers by its exit code and says why."""

from __future__ import annotations

import pathlib

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from importers.cli import import_file
from importers.workbook import read
from kernel.db import Database, make_engine
from kernel.parties.models import Region
from tests.importers import books
from tests.importers.test_services import ROWS


@pytest.fixture
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder for the installation and its files."""
    monkeypatch.setenv("JICAI_VAR", str(tmp_path / "var"))
    return tmp_path


def run(home: pathlib.Path, data: bytes, *more: str, name: str = "x.xlsx") -> Result:
    (home / name).write_bytes(data)
    arguments = ["regions", str(home / name), "--database", f"sqlite:///{home / 'new.db'}", *more]
    return CliRunner().invoke(import_file, arguments, catch_exceptions=False)


def regions(home: pathlib.Path) -> set[str]:
    database = Database(make_engine(f"sqlite:///{home / 'new.db'}"))
    with database.transaction(write=False) as session:
        return {region.code for region in session.scalars(select(Region))}


def test_a_check_alone_writes_nothing(home: pathlib.Path) -> None:
    answer = run(home, books.book(ROWS))
    assert (answer.exit_code, regions(home)) == (0, set())
    assert "+2 ~0 =0 !0 -" in answer.stderr


def test_apply_writes_into_an_empty_file_that_it_makes(home: pathlib.Path) -> None:
    assert run(home, books.book(ROWS), "--apply").exit_code == 0
    assert regions(home) == {"32", "3201"}
    assert "+0 ~0 =2 !0 -" in run(home, books.book(ROWS), "--apply").stderr


def test_wrong_rows_are_reported_and_the_right_ones_written(home: pathlib.Path) -> None:
    report = home / "report.xlsx"
    answer = run(home, books.book([*ROWS, ["99", None, None]]), "--apply", "--report", str(report))
    assert answer.exit_code == 1 and "B4：第 4 行「地区名称」：必填，不能为空：填写此单元格" in answer.stderr
    assert regions(home) == {"32", "3201"}
    assert len(read(report.read_bytes(), "report.xlsx").sheets[0].numbers) == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [(books.merge_bomb(), "合并的单元格过多"), (b"x", "扩展名不符"), (books.book([["甲"], [1]]), "没有找到列标题")],
)
def test_a_refused_file_says_why(home: pathlib.Path, data: bytes, words: str) -> None:
    answer = run(home, data, "--apply")
    assert answer.exit_code == 2 and words in answer.stderr


def test_an_unknown_kind_is_refused(home: pathlib.Path) -> None:
    (home / "x.xlsx").write_bytes(books.book(ROWS))
    arguments = ["no-such-kind", str(home / "x.xlsx"), "--database", f"sqlite:///{home / 'new.db'}"]
    assert CliRunner().invoke(import_file, arguments).exit_code == 2


@pytest.mark.parametrize("url", ["nonsense://x", "sqlite:////no/such/folder/x.db", "rubbish"])
def test_a_database_that_cannot_be_opened_is_said(home: pathlib.Path, url: str) -> None:
    answer = run(home, books.book(ROWS), "--database", url)
    assert answer.exit_code == 2 and "database can't be opened" in answer.stderr


def test_a_setting_without_a_value_is_said(home: pathlib.Path) -> None:
    answer = run(home, books.book(ROWS), "--set", "round")
    assert answer.exit_code == 2 and "--set round" in answer.stderr


def test_a_report_that_cannot_be_written_stops_before_anything_is(home: pathlib.Path) -> None:
    rows = [*ROWS, ["", "无编码"]]
    answer = run(home, books.book(rows), "--apply", "--report", str(home / "no" / "such" / "report.xlsx"))
    assert (answer.exit_code, regions(home)) == (2, set()) and "--report" in answer.stderr
