"""`jicai award evaluate` as a stranger would use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from procurement.rounds.cli import award

ROOT = Path(__file__).resolve().parents[3]
HEAD = "variety,company,unit_price,cap\n"
TWO = HEAD + "阿卡波糖,甲,1.00,9\n阿卡波糖,乙,1.80,9\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(award, ["evaluate", *map(str, arguments)])


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "bids.csv"
    path.write_bytes(text.encode(encoding))
    return path


def first(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["varieties"][0]
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_the_trade(tmp_path: Path, encoding: str) -> None:
    found = first(run(table(tmp_path, TWO, encoding), "--rules", "batch-2", "--regions", "31"))
    assert (found["variety"], found["n"], found["k"], found["anchor"]) == ("阿卡波糖", 2, 2, "1.0000")
    assert (found["ratio"], found["period"], found["unresolved_ties"]) == ("0.6", 2, [])
    told = [(w["company"], w["rank"], w["comparable_price"], w["decided_by"], w["regions"]) for w in found["winners"]]
    assert told == [("甲", 1, "1.0000", "multiplier", 16), ("乙", 2, "1.8000", "multiplier", 15)]


def test_a_workbook_gives_the_same_answer_as_a_csv(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for values in (["variety", "company", "unit_price", "cap"], ["阿卡波糖", "甲", 1, 9], ["阿卡波糖", "乙", 1.8, 9.0]):
        page.append(values)
    path = tmp_path / "bids.xlsx"
    book.save(path)
    assert run(path, "--rules", "batch-2").stdout == run(table(tmp_path, TWO), "--rules", "batch-2").stdout


def test_a_number_in_a_workbook_keeps_its_excess_decimals(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for values in (["variety", "company", "unit_price", "cap"], ["a", "甲", 23.33333, 99], ["a", "乙", 30, 99]):
        page.append(values)
    book.save(tmp_path / "bids.xlsx")
    found = first(run(tmp_path / "bids.xlsx", "--rules", "batch-2"))
    assert [(loser["company"], loser["reason"]) for loser in found["losers"]] == [("甲", "too-precise")]
    assert found["n"] == 2


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("23.333333333333332", "23.3333"),
        ("0.30000000000000004", "0.3000"),
        ("1.7999999999999998", "1.8000"),
        ("0.06645833333333333", "0.0665"),
        ("1.00000000000001", "1.0000"),
    ],
)
def test_a_float_tail_is_rounded_first_and_said(tmp_path: Path, written: str, read: str) -> None:
    done = run(table(tmp_path, HEAD + f"a,甲,{written},99\na,乙,98,99\n"), "--rules", "batch-2")
    assert first(done)["winners"][0]["unit_price"] == read
    assert "rounded to 4 decimals first, lines 2" in done.stderr


@pytest.mark.parametrize("written", ["1.00001", "0.12345", "1.0000000001", "1e-05", "5.5e-05"])
def test_a_price_typed_too_precisely_is_an_invalid_bid(tmp_path: Path, written: str) -> None:
    found = first(run(table(tmp_path, HEAD + f"a,甲,{written},9\n"), "--rules", "batch-2"))
    assert [loser["reason"] for loser in found["losers"]] == ["too-precise"]


def test_a_line_told_twice_is_named_whatever_else_is_wrong_with_it(tmp_path: Path) -> None:
    done = run(table(tmp_path, HEAD + "a,甲,abc,9\na,甲,1,9\na,乙,1,9\na,乙,x,9\n"), "--rules", "batch-2")
    assert done.exit_code == 2
    assert sorted(done.stderr.splitlines()) == [
        "line 2, column unit_price: 'abc' is not a readable number",
        "line 3, column company: '甲' the same variety, company and specification as in line 2",
        "line 5, column company: '乙' the same variety, company and specification as in line 4",
        "line 5, column unit_price: 'x' is not a readable number",
    ]


def test_an_error_in_a_workbook_cell_is_not_a_blank_price(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for values in (["variety", "company", "unit_price", "cap"], ["a", "甲", "#N/A", 99]):
        page.append(values)
    book.save(tmp_path / "bids.xlsx")
    done = run(tmp_path / "bids.xlsx", "--rules", "batch-2")
    assert done.exit_code == 2
    assert "line 2, column unit_price: '#N/A' is not a readable number" in done.stderr


def test_every_mistake_is_told_at_once_with_line_and_column(tmp_path: Path) -> None:
    text = (
        "variety,company,unit_price,cap,declared,form,price_factor\n"
        "a,甲,abc,9,1,oral-solid,1\n"
        "a,乙,1,,1,oral-solid,1\n"
        "a,丙,1,9,yes,tablet,0\n"
        "\n"
        "a,丁,1,9,1,oral-solid,1\n"
        "a,丁,2,9,1,oral-solid,1\n"
        ",戊,2,9,1,oral-solid,1\n"
    )
    done = run(table(tmp_path, text), "--rules", "batch-2")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "line 2, column unit_price: 'abc' is not a readable number",
        "line 3, column cap: must not be blank",
        "line 4, column form: 'tablet' must be one of oral-solid, injection, other",
        "line 4, column declared: 'yes' must be 0 or 1",
        "line 4, column price_factor: '0' must be above 0",
        "line 7, column company: '丁' the same variety, company and specification as in line 6",
        "line 8, column variety: must not be blank",
    ]


def test_missing_columns_are_named(tmp_path: Path) -> None:
    done = run(table(tmp_path, "variety,unit_price\na,1\n"), "--rules", "stents-2022")
    assert done.exit_code == 2
    for name in ("company", "cap"):
        assert f"line 1, column {name}: missing column" in done.stderr
    assert "column service_fee: missing column (the rule set stents-2022 needs it)" in done.stderr


def test_invalid_bids_count_in_n_and_are_no_input_errors(tmp_path: Path) -> None:
    text = HEAD + "a,甲,,9\na,乙,0,9\na,丙,9.01,9\na,丁,1.00001,9\na,戊,-1,9\na,己,9,9\n"
    found = first(run(table(tmp_path, text), "--rules", "batch-2"))
    assert (found["n"], found["k"]) == (6, 4)
    assert {loser["company"]: loser["reason"] for loser in found["losers"]} == {
        "甲": "no-price", "乙": "not-positive", "丙": "over-cap", "丁": "too-precise", "戊": "not-positive",
    }  # fmt: skip
    assert [winner["company"] for winner in found["winners"]] == ["己"]


def test_an_unset_parameter_stops_with_its_name(tmp_path: Path) -> None:
    done = run(table(tmp_path, TWO), "--rules", "batch-12")
    assert (done.exit_code, done.stdout) == (3, "")
    for name in ("shortlist.table", "anchor.deviation", "limit.multiplier"):
        assert name in done.stderr


def test_a_form_threshold_is_asked_for_only_where_the_form_stands(tmp_path: Path) -> None:
    text = "variety,company,unit_price,cap,form\na,甲,1,9,{}\n"
    assert run(table(tmp_path, text.format("oral-solid")), "--rules", "batch-10").exit_code == 0
    done = run(table(tmp_path, text.format("injection")), "--rules", "batch-10")
    assert done.exit_code == 3
    assert "low_price.injection" in done.stderr
    filled = run(table(tmp_path, text.format("injection")), "--rules", "batch-10", "--set", "low_price.injection=0.5")
    assert filled.exit_code == 0


def test_a_recorded_draw_decides_a_tie_across_the_last_place(tmp_path: Path) -> None:
    path = table(tmp_path, HEAD + "a,甲,1,9\na,乙,2,9\na,丙,2,9\n")
    left_open = first(run(path, "--rules", "batch-2"))
    assert left_open["unresolved_ties"][0]["companies"] == ["丙", "乙"]
    assert [w["company"] for w in left_open["winners"]] == ["甲"]
    drawn = first(run(path, "--rules", "batch-2", "--draw", "a=乙>丙"))
    assert [(w["company"], w["decided_by"]) for w in drawn["winners"]] == [("甲", "multiplier"), ("乙", "draw")]
    assert drawn["unresolved_ties"] == []
    orders = tmp_path / "draws.json"
    orders.write_text('{"a": ["丙", "乙"]}', "utf-8")
    assert [w["company"] for w in first(run(path, "--rules", "batch-2", "--draws", orders))["winners"]] == ["甲", "丙"]


def test_a_draw_with_a_name_that_nobody_bears_is_refused(tmp_path: Path) -> None:
    done = run(table(tmp_path, TWO), "--rules", "batch-2", "--draw", "阿卡波糖=甲>丁", "--draw", "b=甲>乙")
    assert done.exit_code == 2
    assert "丁" in done.stderr
    assert "'b'" in done.stderr


def test_a_rule_set_of_ones_own_may_build_on_a_built_in_one(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'id = "own"\nextends = "batch-2"\n'
        '[parameter.shortlist.fixed]\nvalue = 1\nsource = "本省文件"\nstanding = "F"\n',
        "utf-8",
    )
    found = first(run(table(tmp_path, TWO), "--rules", own))
    assert (found["k"], [w["company"] for w in found["winners"]]) == (1, ["甲"])


def test_every_mistake_of_a_rule_set_is_told_at_once(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'colour = 1\n[parameter.limit.multiplier]\nvalue = 0.5\nsource = "x"\nstanding = "F"\n'
        '[parameter.limit.maximum]\nvalue = 1\nsource = ""\nstanding = "Z"\n'
        '[parameter.shortlist.table]\nvalue = "?"\nsource = "x"\nstanding = "F"\n',
        "utf-8",
    )
    done = run(table(tmp_path, TWO), "--rules", own)
    assert done.exit_code == 2
    for told in (
        "colour: is not known", "limit.multiplier: must be at least 1", "limit.maximum: has no source",
        "limit.maximum: has no standing", "limit.maximum: is not a parameter", "shortlist.table: may be unset only",
    ):  # fmt: skip
        assert told in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit.multiplier", "1e400"), ("limit.multiplier", "1e99999999999999999999"), ("limit.multiplier", "9" * 5000),
        ("limit.multiplier", "[" * 50_000), ("limit.multiplier", "inf"), ("period.years", "999999999999"),
        ("volume.waterfall_three", "[0.6]"),
    ],
)  # fmt: skip
def test_a_value_that_nothing_can_compute_with_is_a_mistake_of_the_rule_set(
    tmp_path: Path, name: str, value: str
) -> None:
    own = tmp_path / "own.toml"
    place = f'[parameter.{name}]\nvalue = {value}\nsource = "x"\nstanding = "F"\n'
    own.write_text(f'id = "own"\ntitle = "own"\n{place}', "utf-8")
    done = run(table(tmp_path, TWO), "--rules", own)
    assert done.exit_code == 2 and "own.toml" in done.stderr


def test_draws_nested_without_end_are_not_readable(tmp_path: Path) -> None:
    draws = tmp_path / "draws.json"
    draws.write_text("[" * 100_000, "utf-8")
    done = run(table(tmp_path, TWO), "--rules", "batch-2", "--draws", draws)
    assert done.exit_code == 2 and "draws.json" in done.stderr


@pytest.mark.parametrize("name", ["missing.csv", "bids.txt", "broken.xlsx", "empty.csv"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, name: str) -> None:
    if name != "missing.csv":
        (tmp_path / name).write_bytes(b"" if name == "empty.csv" else b"variety,company\n\x00")
    done = run(tmp_path / name, "--rules", "batch-2")
    assert done.exit_code == 2
    assert done.stderr


def test_an_unknown_rule_set_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    done = run(table(tmp_path, TWO), "--rules", "batch-6")
    assert done.exit_code == 2
    assert "batch-12" in done.stderr


def test_the_result_goes_to_a_file_and_nothing_to_standard_output(tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    done = run(table(tmp_path, TWO), "--rules", "batch-2", "--out", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads(out.read_text("utf-8"))["rule_set"] == "batch-2"


def test_unknown_columns_are_ignored_with_a_word(tmp_path: Path) -> None:
    done = run(table(tmp_path, "variety,company,unit_price,cap,remark\na,甲,1,9,x\n"), "--rules", "batch-2")
    assert done.exit_code == 0
    assert "ignored columns: remark" in done.stderr


def test_the_command_loads_neither_flask_nor_a_database_and_needs_no_settings(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom procurement.rounds.cli import award\n"
        f"award(['evaluate', {str(table(tmp_path, TWO))!r}, '--rules', 'batch-2', '--out', {str(tmp_path / 'o')!r}],"
        " standalone_mode=False)\n"
        "print([name for name in ('flask', 'sqlalchemy', 'marshmallow', 'openpyxl') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_any_number_of_excess_decimals_is_an_invalid_bid(tmp_path: Path) -> None:
    text = HEAD + f"a,甲,1.{'0' * 40}1,9\na,乙,0.{'3' * 28},9\na,丙,1.{'0' * 40},9\n"
    found = first(run(table(tmp_path, text), "--rules", "batch-2"))
    assert {loser["company"]: loser["reason"] for loser in found["losers"]} == {
        "甲": "too-precise",
        "乙": "too-precise",
    }
    assert [winner["company"] for winner in found["winners"]] == ["丙"]
