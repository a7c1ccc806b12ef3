"""The national list from its official workbook: what is read, what is told, what agrees with the file."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.cli import catalogue
from catalogue.editions import exports
from catalogue.editions.models import EditionReading, ListClass, ListEntry
from catalogue.editions.queries import editions as lists
from catalogue.editions.services.editions import issue
from importers import exports as books_out
from importers import queries, services
from importers.cli import import_file
from importers.findings import Findings
from importers.flow import ImportState, Mode
from importers.models import Import
from importers.registry import kind
from importers.workbook import read
from kernel.auth.actor import Actor
from kernel.auth.guard import actor_of
from kernel.errors import DomainError, FileRefused
from kernel.sheets import xlsx
from tests.importers import books
from tests.importers.conftest import person

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
REAL = "data/nrdl/nrdl_2024.xlsx"
HEAD = ["药品分类代码", None, "药品分类", None, None, None, "编号", "药品名称", None, "剂型", "备注"]
PLAIN: list[list[Any]] = [
    ["西药部分"],
    HEAD,
    ["XA", None, "消化道药物"],
    ["XA02", None, None, "胃酸药"],
    [None, None, None, None, None, "甲", 1, "甲药\n甲药Ⅱ", None, "口服常释\n剂型", "限二线用药。"],
    [None, None, None, None, None, "乙", "★(1)", "甲药", None, "颗粒剂"],
    ["XA02BC", None, None, None, "泵抑制剂"],
    [None, None, None, None, None, "乙", 2, "乙药", None, "注射剂"],
]
AGREED: list[list[Any]] = [
    ["协议西药"],
    ["药品分\n类代码", "药品分类", None, None, "编号", None, "药品名称", "医保支付标准", "备注", "协议有效期"],
    ["XA", "消化道药物"],
    [None, None, None, "乙", 1, None, "丙药", "63.00元(10mg/支)", None, "2024年1月1日至\n2025年12月31日"],
]


def stage(session: Session, actor: Actor, data: bytes, edition: str = "2024") -> Import:
    book = read(data, "list.xlsx")
    return services.stage(session, name="national-list", query={"edition": edition}, book=book, actor=actor, at=AT)


def write(session: Session, actor: Actor, data: bytes, edition: str = "2024", mode: Mode = Mode.ALL) -> Import:
    staged = stage(session, actor, data, edition)
    return services.apply(session, import_id=staged.id, mode=mode, actor=actor, at=AT)


def found(session: Session, import_: Import) -> Findings:
    findings = queries.findings(session, import_)
    assert findings is not None
    return findings


def told(session: Session, import_: Import) -> list[tuple[str, str, str]]:
    return [(issue.code, issue.sheet, issue.cell) for issue in found(session, import_).issues]


def official(rows: Sequence[Sequence[Any]] = PLAIN, **sheets: Sequence[Sequence[Any]]) -> bytes:
    return books.book(rows, title="西药部分", **sheets)


def test_shifted_columns_of_every_sheet_are_found(session: Session, officer: Actor) -> None:
    import_ = write(session, officer, official(协议西药=AGREED))
    assert (import_.created, import_.faulty) == (8, 0)
    entries = session.scalars(select(ListEntry).order_by(ListEntry.position)).all()
    assert [(e.shown_number, e.name, e.form, e.grade, e.class_code, e.sheet, e.sheet_row) for e in entries] == [
        ("1", "甲药、甲药Ⅱ", "口服常释剂型", "A", "XA02", "西药部分", 5),
        ("★(1)", "甲药", "颗粒剂", "B", "XA02", "西药部分", 6),
        ("2", "乙药", "注射剂", "B", "XA02BC", "西药部分", 8),
        ("1", "丙药", "", "B", "XA", "协议西药", 4),
    ]
    assert (entries[3].agreed_until, entries[3].standard_lines[0]["price"]) == (date(2026, 1, 1), "63.00")
    assert entries[0].restriction_read == {"lines": [2]}
    classes = session.execute(select(ListClass.code, ListClass.parent_code, ListClass.level).order_by(ListClass.id))
    assert {tuple(row) for row in classes} >= {("XA", "", 1), ("XA02", "XA", 2), ("XA02BC", "XA02", 4)}


def test_every_mistake_is_told_with_its_sheet_row_and_cell(session: Session, officer: Actor) -> None:
    rows = [
        *PLAIN,
        ["XB01A", None, None, None, "孤儿"],
        ["药品", None, "不是代码"],
        ["XA", None, "另一名称"],
        [None, None, None, None, None, "乙", None, "无编号"],
        [None, None, None, None, None, "乙", 3],
        [None, None, None, None, None, "乙", "★(9)", "重复未知"],
        [None, None, None, None, None, "丙", 4, "非甲非乙"],
        [None, None, None, None, None, "乙", 2, "编号重复"],
        [None, None, None, None, None, None, "五", "编号不明"],
    ]
    import_ = stage(session, officer, official(rows))
    assert told(session, import_) == [
        ("class-without-parent", "西药部分", "A9"),
        ("class-code-unreadable", "西药部分", "A10"),
        ("class-named-twice", "西药部分", "C11"),
        ("entry-without-number", "西药部分", "G12"),
        ("entry-without-name", "西药部分", "H13"),
        ("repeat-of-unknown", "西药部分", "G14"),
        ("not-in-list", "西药部分", "F15"),
        ("entry-number-twice", "西药部分", "G16"),
        ("entry-without-grade", "西药部分", "F17"),
        ("entry-number-unreadable", "西药部分", "G17"),
    ]


def test_the_annotated_workbook_comes_back_and_imports(session: Session, officer: Actor) -> None:
    import_ = stage(session, officer, official([*PLAIN, [None, None, None, None, None, "乙", 3]]))
    sheet = queries.sheets(session, import_)[0]
    again = stage(session, officer, books_out.annotated(kind("national-list"), sheet, found(session, import_)))
    assert [code for code, _sheet, _cell in told(session, again)] == ["entry-without-name"]
    assert again.created == import_.created == 6


def test_a_sheet_that_is_no_part_is_named_and_a_part_without_headers_refused(session: Session, officer: Actor) -> None:
    import_ = stage(session, officer, official(凡例=[["说明"], ["一"]]))
    assert [(n.code, n.sheet) for n in found(session, import_).notes] == [("sheet-left-out", "凡例")]
    with pytest.raises(FileRefused) as refused:
        stage(session, officer, official(中成药部分=[["中成药"], ["1", "丸"]]))
    assert [(each.code, each.sheet) for each in refused.value.issues] == [("list-headers-missing", "中成药部分")]


def test_what_is_merged_over_entries_belongs_to_each(session: Session, officer: Actor) -> None:
    import openpyxl

    made = openpyxl.load_workbook(pathlib_bytes(official()))
    made["西药部分"].merge_cells("K5:K6")
    write(session, officer, books.saved(made))
    entries = session.scalars(select(ListEntry).order_by(ListEntry.position)).all()
    assert [entry.restriction for entry in entries] == ["限二线用药。", "限二线用药。", ""]


def pathlib_bytes(data: bytes) -> Any:
    import io

    return io.BytesIO(data)


def test_the_same_file_twice_plans_nothing_and_an_issued_edition_takes_no_change(
    session: Session, officer: Actor
) -> None:
    write(session, officer, official())
    assert (stage(session, officer, official()).to_write, stage(session, officer, official()).unchanged) == (0, 6)
    edition = lists.by_code(session, "2024")
    assert edition is not None
    session.refresh(edition)
    issue(session, edition_id=edition.id, actor=actor_of(person(session)), at=AT)
    changed = [[cell if cell != "乙药" else "戊药" for cell in row] for row in PLAIN]
    later = stage(session, officer, official(changed))
    assert told(session, later) == [("edition-row-fixed", "西药部分", "")] and later.to_write == 0


def test_a_changed_entry_shows_what_it_was(session: Session, officer: Actor) -> None:
    write(session, officer, official())
    changed = [[cell if cell != "乙药" else "戊药" for cell in row] for row in PLAIN]
    import_ = write(session, officer, official(changed))
    assert (import_.created, import_.changed, import_.unchanged) == (0, 1, 5)
    assert session.scalars(select(ListEntry.name).where(ListEntry.number == 2)).one() == "戊药"


def test_the_counts_of_the_file_are_kept_and_differ_where_rows_were_left_out(session: Session, officer: Actor) -> None:
    write(session, officer, official([*PLAIN, [None, None, None, None, None, "乙", 3]]), mode=Mode.GOOD_ROWS)
    reading = session.scalars(select(EditionReading)).one()
    edition = lists.by_code(session, "2024")
    assert edition is not None
    assert reading.counts["total"]["rows"] == 4
    assert lists.counts(session, edition.id)["total"]["rows"] == 3


def test_an_edition_is_asked_for(session: Session, officer: Actor) -> None:
    with pytest.raises(DomainError, match="edition-missing"):
        stage(session, officer, official(), edition="")
    with pytest.raises(DomainError, match="bad-edition-code"):
        stage(session, officer, official(), edition="目录")


def by_hand(path: pathlib.Path) -> dict[str, Any]:
    """Count the real file with nothing of ours: a row whose text is a number or ★(number) is an entry."""
    from python_calamine import CalamineWorkbook

    names = {
        "西药部分": "western", "中成药部分": "traditional", "协议西药": "negotiated-western",
        "协议中成药": "negotiated-traditional", "竞价药品部分": "price-bid",
    }  # fmt: skip
    book, parts = CalamineWorkbook.from_path(path), {}
    for sheet, part in names.items():
        rows = book.get_sheet_by_name(sheet).to_python()
        plain = {"distinct": 0, "rows": 0, "repeats": 0, "with_payment_standard": 0, "rows_by_class": {"A": 0, "B": 0}}
        parts[part] = plain
        for row in rows[2:]:
            numbered = any(isinstance(cell, float) for cell in row)
            repeat = any(isinstance(cell, str) and cell.startswith("★") for cell in row)
            if numbered or repeat:
                plain["rows"] += 1
                plain["repeats" if repeat else "distinct"] += 1
                plain["rows_by_class"]["A" if "甲" in row else "B"] += "甲" in row or "乙" in row
                priced = any(
                    isinstance(cell, str) and (cell == "*" or "元" in cell or cell.startswith("见备注"))
                    for cell in row[14:15]
                )
                plain["with_payment_standard"] += bool(part not in ("western", "traditional") and priced)
    total: dict[str, Any] = {
        name: sum(part[name] for part in parts.values()) for name in plain if name != "rows_by_class"
    }
    total["rows_by_class"] = {grade: sum(part["rows_by_class"][grade] for part in parts.values()) for grade in "AB"}
    return {"total": total, "parts": parts}


def test_the_real_workbook_imports_as_it_is_and_agrees_with_the_file(
    session: Session, officer: Actor, shared: pathlib.Path
) -> None:
    import_ = write(session, officer, (shared / REAL).read_bytes())
    assert (import_.state, import_.faulty) == (ImportState.APPLIED, 0)
    edition = lists.by_code(session, "2024")
    assert edition is not None
    counts = lists.counts(session, edition.id)
    assert counts == by_hand(shared / REAL) == session.scalars(select(EditionReading)).one().counts
    assert counts["total"] == {
        "distinct": 3159, "rows": 3826, "repeats": 667, "with_payment_standard": 425,
        "rows_by_class": {"A": 767, "B": 3059},
    }  # fmt: skip
    unread = session.scalars(
        select(ListEntry.name).where(ListEntry.standard.not_in(("", "*")), ListEntry.standard_lines == [])
    )
    assert unread.all() == ["治疗用碘[131I]化钠胶囊"]
    names = set(session.scalars(select(ListEntry.name)))
    assert {"双黄连注射液、注射用双黄连(冻干)", "二甲双胍、二甲双胍Ⅱ", "精蛋白人胰岛素(精蛋白重组人胰岛素)"} <= names


def test_an_export_of_the_real_edition_imports_and_changes_nothing(
    session: Session, officer: Actor, shared: pathlib.Path
) -> None:
    write(session, officer, (shared / REAL).read_bytes())
    edition = lists.by_code(session, "2024")
    assert edition is not None
    data = xlsx([exports.edition_sheet(session, edition=edition)])
    again = stage(session, officer, data)
    assert (again.created, again.changed, again.faulty) == (0, 0, 0) and again.unchanged > 4000
    other = write(session, officer, data, edition="2025")
    assert other.faulty == 0
    copy = lists.by_code(session, "2025")
    assert copy is not None and lists.counts(session, copy.id) == lists.counts(session, edition.id)


def test_the_command_line_reads_and_reconciles(
    tmp_path: pathlib.Path, shared: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JICAI_VAR", str(tmp_path / "var"))
    url = f"sqlite:///{tmp_path / 'new.db'}"
    arguments = ["national-list", str(shared / REAL), "--edition", "2024", "--database", url, "--apply"]
    answer = CliRunner().invoke(import_file, arguments, catch_exceptions=False)
    assert answer.exit_code == 0, answer.stderr
    told_ = CliRunner().invoke(catalogue, ["reconcile", "2024", "--database", url], catch_exceptions=False)
    assert json.loads(told_.stdout) == by_hand(shared / REAL)
    assert CliRunner().invoke(catalogue, ["reconcile", "2023", "--database", url]).exit_code == 2
