"""`jicai price standard`, the page and the call."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from pricing.cli import price

TEN = ("--winning", "2", "--price", "10")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(price, ["standard", *arguments])


@pytest.mark.parametrize(("year", "expected"), [("1", "7.00"), ("2", "4.00"), ("3", "2.00")])
def test_the_worked_example_is_printed_as_json_alone(year: str, expected: str) -> None:
    result = run(*TEN, "--start", "10", "--year", year)
    answer = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, set(answer)) == (0, "", {"standard", "steps"})
    assert answer["standard"] == expected
    assert [step["code"] for step in answer["steps"]][-4:] == [
        "standard.share", "standard.floor", "standard.lower-of-both", "standard.rounded"
    ]  # fmt: skip


def test_not_passed_needs_neither_start_nor_year() -> None:
    assert json.loads(run(*TEN, "--not-passed").stdout)["standard"] == "2.00"


def test_all_mistakes_are_told_at_once_and_nothing_is_printed() -> None:
    result = run("--winning", "abc", "--start", "-1", "--year", "4")
    assert (result.exit_code, result.stdout) == (2, "")
    assert [line.split()[3] for line in result.stderr.splitlines()] == ["--winning:", "--price:", "--start:", "--year:"]


def test_what_the_rule_needs_is_named() -> None:
    result = run(*TEN)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--start and --year missing" in result.stderr


def test_neither_database_nor_web_is_loaded() -> None:
    code = (
        "import sys; from pricing.cli import price; price.get_command(None, 'standard')\n"
        "print([m for m in ('flask', 'sqlalchemy') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_the_page_shows_three_years_and_what_is_missing(client: FlaskClient) -> None:
    shown = client.get("/pricing/standard?winning=2&price=10&start=10").get_data(as_text=True)
    assert all(f">{each}<" in shown for each in ("7.00", "4.00", "2.00"))
    missing = client.get("/pricing/standard?winning=2&price=10").get_data(as_text=True)
    assert "高于中选价的 2 倍" in missing
    assert client.get("/pricing/standard?winning=2&price=3&passed=no").status_code == 200
    assert "“x”无法识别" in client.get("/pricing/standard?winning=x&price=3").get_data(as_text=True)


def test_the_call_answers_as_the_command_does(client: FlaskClient) -> None:
    answer = client.get("/api/v1/pricing/standard?winning=2&price=10&start=10&year=2").get_json()
    assert answer["standard"] == "4.00"
    refused = client.get("/api/v1/pricing/standard?winning=2&price=10")
    assert (refused.status_code, refused.get_json()["title"]) == (422, "standard-missing")
