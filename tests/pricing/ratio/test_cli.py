"""`jicai price convert`."""

from __future__ import annotations

import json
import subprocess
import sys

from click.testing import CliRunner, Result

from pricing.ratio.cli import price


def run(*arguments: str) -> Result:
    return CliRunner().invoke(price, ["convert", *arguments])


def test_the_worked_example_is_printed_as_json_alone() -> None:
    result = run("--price", "810", "--from-content", "100", "--to-content", "500")
    answer = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert answer["price"] == "2776.97"
    assert [step["code"] for step in answer["steps"]] == ["ratio.start", "ratio.content", "ratio.rounded"]


def test_every_option_plays_its_part() -> None:
    result = run(
        *("--price", "10", "--from-form", "普通片", "--to-form", "enteric-tablet"),
        *("--from-pack", "12", "--to-pack", "24", "--oral", "--from-fill", "5ml", "--to-fill", "10ml"),
    )
    assert json.loads(result.stdout)["price"] == "40.76"  # 10 × 1.1 × 1.9 × 1.95 = 40.755


def test_other_forms_count_packs_by_number() -> None:
    result = run("--price", "10", "--from-pack", "1", "--to-pack", "3", "--other")
    assert json.loads(result.stdout)["price"] == "30.00"


def test_all_mistakes_are_told_at_once_and_nothing_is_printed() -> None:
    result = run("--price", "abc", "--from-content", "-1", "--to-form", "煎膏", "--from-pack", "0.5")
    assert (result.exit_code, result.stdout) == (2, "")
    for part in ("--price", "--from-content", "--to-content", "煎膏", "--from-form", "--from-pack", "--to-pack"):
        assert part in result.stderr


def test_a_missing_price_is_named() -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (2, "jicai price convert: --price: is missing\n")


def test_a_pair_without_a_ratio_is_refused_by_name() -> None:
    result = run("--price", "10", "--from-form", "片剂", "--to-form", "胶囊")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "tablet to hard-capsule" in result.stderr


def test_an_own_form_ratio_stands_in() -> None:
    result = run("--price", "10", "--from-form", "片剂", "--to-form", "胶囊", "--form-factor", "1.2")
    assert json.loads(result.stdout)["price"] == "12.00"


def test_oral_contradicts_an_injection() -> None:
    forms = ("--from-form", "冻干粉针", "--to-form", "冻干粉针")
    assert run("--price", "10", *forms, "--from-pack", "1", "--to-pack", "2", "--oral").exit_code == 2


def test_neither_web_nor_database_is_loaded() -> None:
    code = (
        "import sys, pricing.ratio.cli; print([m for m in ('flask', 'sqlalchemy', 'marshmallow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
