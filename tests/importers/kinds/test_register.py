from __future__ import annotations

import pathlib

import pytest
from click.testing import CliRunner

from importers.cli import import_file
from kernel.sheets import Sheet, write_xlsx

HEADERS = ("药品代码", "注册名称", "药品企业", "最小包装数量", "甲乙类", "统一社会信用代码")
GOOD = ("XJ01CAA040A001010100001", "阿莫西林胶囊", "明川药业有限公司", "24", "甲", None)


def book(folder: pathlib.Path, *rows: tuple[str | None, ...]) -> pathlib.Path:
    path = folder / "drugs.xlsx"
    with path.open("wb") as file:
        write_xlsx(file, [Sheet("数据", HEADERS, rows)])
    return path


@pytest.fixture
def url(tmp_path: pathlib.Path) -> str:
    return f"sqlite:///{tmp_path / 'register.db'}"


def run(kind: str, path: pathlib.Path, url: str, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(import_file, [kind, str(path), "--database", url, *more])
    return done.exit_code, done.output


def test_drug_codes_are_written_and_the_same_file_plans_nothing(tmp_path: pathlib.Path, url: str) -> None:
    path = book(tmp_path, GOOD, ("ZA01BAC0001010100002", "银翘解毒片", "清河制药有限公司", None, "乙", None))
    code, told = run("drugs", path, url, "--apply")
    assert (code, "+2 ~0 =0 !0" in told) == (0, True)
    code, told = run("drugs", path, url, "--apply")
    assert (code, "+0 ~0 =2 !0" in told) == (0, True)


def test_wrong_rows_are_all_told_and_the_right_ones_can_be_taken(tmp_path: pathlib.Path, url: str) -> None:
    letter_o = GOOD[0][:8] + "O" + GOOD[0][9:]  # type: ignore[index]  # a text
    path = book(
        tmp_path, GOOD, (letter_o, "x", "y", None, None, None),
        ("XJ01CAA040A001010100003", None, "y", "0.5", "丁", "9"),
        (GOOD[0], "x", "y", None, None, None),
    )  # fmt: skip
    code, told = run("drugs", path, url, "--apply", "--report", str(tmp_path / "report.xlsx"))
    assert (code, "+1 ~0 =0 !3" in told) == (1, True), told
    assert all(cell in told for cell in ("A3", "B4", "D4", "E4", "F4", "A5")), told
    assert (tmp_path / "report.xlsx").stat().st_size > 0


def test_a_hospitals_drug_file_is_found_by_its_headers(shared: pathlib.Path, url: str) -> None:
    path = shared / "data/drugs/hospital_drug_catalogue_a.csv"
    code, told = run("products", path, url, "--apply")
    assert (code, "+1187 ~0 =0 !0" in told) == (0, True)
    assert "=1187" in run("products", path, url)[1]


def test_the_same_codes_on_another_list_are_other_products(shared: pathlib.Path, url: str) -> None:
    path = shared / "data/drugs/hospital_drug_catalogue_a.csv"
    run("products", path, url, "--apply")
    assert "+1187" in run("products", path, url, "--set", "list=二院", "--apply")[1]
