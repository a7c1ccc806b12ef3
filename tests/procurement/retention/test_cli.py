"""`jicai retention compute` on files as people write them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from openpyxl import Workbook

from procurement.retention.cli import retention

HEADER = "hospital,variety,q0,p0,qc,pw,n,r,s,score,completed,exempt"
LINE = "江州一院,阿莫西林,100000,5.00,70000,0.80,105000,0.6,0.9,80,1,0"


def compute(path: Path, *more: str) -> Result:
    return CliRunner().invoke(retention, ["compute", str(path), "--rules", "national-sample", *more])


def test_the_worked_example_comes_out_as_json(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"{HEADER}\n{LINE}\n", "utf-8")
    found = json.loads(compute(table).stdout)
    one = found["lines"][0]
    assert [one[name] for name in ("budget", "spend", "base", "k", "retained")] == [
        "270000.00", "86940.00", "183060.00", "0.50", "91530.00",
    ]  # fmt: skip
    assert found["totals"] == {
        "budget": "270000.00", "spend": "86940.00", "base": "183060.00", "retained": "91530.00",
        "hospitals": {"江州一院": "91530.00"},
    }  # fmt: skip
    assert [step["code"] for step in one["steps"]][:2] == ["retention-budget", "retention-spend"]


def test_a_workbook_gives_the_same_and_a_file_is_written(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.append([text if index < 2 else float(text) for index, text in enumerate(LINE.split(","))])
    book.save(tmp_path / "t.xlsx")
    (tmp_path / "t.csv").write_text(f"{HEADER}\n{LINE}\n", "utf-8")
    out = tmp_path / "out.json"
    assert compute(tmp_path / "t.xlsx", "--out", str(out)).exit_code == 0
    written = json.loads(out.read_text("utf-8"))["lines"][0]["retained"]
    assert written == json.loads(compute(tmp_path / "t.csv").stdout)["lines"][0]["retained"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    wrong = LINE.replace("0.6", "1.2").replace(",1,0", ",yes,0")
    table.write_text(f"{HEADER}\n{wrong}\n{LINE}\n{LINE}\n", "utf-8")
    answer = compute(table)
    assert answer.exit_code == 2
    assert answer.stderr.splitlines() == [
        "jicai retention compute: line 2, column r: '1.2' must be at least 0 and at most 1",
        "jicai retention compute: line 2, column completed: 'yes' must be 0 or 1",
        "jicai retention compute: line 3, column hospital: '江州一院' the same hospital and variety as in line 2",
        "jicai retention compute: line 4, column hospital: '江州一院' the same hospital and variety as in line 2",
    ]
    assert compute(tmp_path / "none.csv").exit_code == 2


def test_an_unset_parameter_is_named_with_its_own_exit_code(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"{HEADER}\n{LINE}\n", "utf-8")
    shipped = Path(__file__).resolve().parents[3] / "procurement/retention/rulesets/national-sample.toml"
    own = tmp_path / "own.toml"
    own.write_text(shipped.read_text("utf-8").replace("[[80, 0.50], [60, 0.40], [0, 0]]", '"?"'), "utf-8")
    answer = CliRunner().invoke(retention, ["compute", str(table), "--rules", str(own)])
    assert answer.exit_code == 3
    assert "ladder is unset" in answer.stderr
