"""`jicai catalogue explain`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue.cli import catalogue

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(catalogue, ["explain", *arguments])


def test_a_correct_code_is_printed_part_by_part_as_json_alone() -> None:
    result = run("c9901020030010298001")
    answer = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (answer["kind"], answer["valid"], answer["notes"]) == ("consumable", True, ["lower-case"])
    assert answer["parts"][4] == {
        "name": "generic-name", "start": 8, "end": 10, "value": "003", "meaning": None, "catalogue": [],
    }  # fmt: skip


def test_a_wrong_code_is_printed_too_and_its_characters_are_told() -> None:
    result = run("XJO1CAA040A00101?198001")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["valid"]) == (1, False)
    assert [(issue["position"], issue["expected"]) for issue in answer["issues"]] == [(3, "digit"), (17, "digit")]
    assert "character 3 is 'O', expected: digit; perhaps '0'" in result.stderr
    assert "character 17 is '?', expected: digit" in result.stderr


def test_a_check_character_comes_with_its_steps() -> None:
    answer = json.loads(run("09529800100012").stdout)
    assert (answer["check"]["expected"], answer["check"]["passed"]) == ("3", False)
    assert len(answer["check"]["steps"]) == 13 + 4


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("C990102003", 1, "10 characters name a category"), ("9529800100013", 1, "with a 0 in front"),
        ("869980010001", 1, "2 fewer than the 14"), ("C99010200300102980010", 1, "what follows character 20"),
        ("912345678901234000", 1, "Excel keeps 15 digits"), ("1.23E+17", 2, "enter the code again as text"),
        ("阿莫西林", 2, "none of the kinds"),
    ],
)  # fmt: skip
def test_every_refusal_says_what_to_do(text: str, code: int, said: str) -> None:
    result = run(text)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_code_can_be_read_as_a_kind_that_it_does_not_look_like() -> None:
    assert json.loads(run("86998001000123", "--kind", "udi-di").stdout)["issues"][0]["code"] == "wrong-check-character"


def test_the_command_loads_neither_flask_nor_sqlalchemy() -> None:
    code = "import sys, catalogue.codes.cli; print([m for m in ('flask', 'sqlalchemy') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip() == "[]"
