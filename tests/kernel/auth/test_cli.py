"""`jicai admin`: an empty installation's first accounts."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from kernel.auth.cli import admin
from kernel.auth.models import User
from kernel.auth.permissions import DISJOINT
from kernel.db import Database
from kernel.parties.models import Organisation
from tests.factories import people

CODE = people.credit_code(1)


@pytest.fixture
def url(database: Database, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> str:
    """The test database's address, and a var folder for the settings."""
    monkeypatch.setenv("JICAI_VAR", str(tmp_path))
    return database.engine.url.render_as_string(hide_password=False)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(admin, list(arguments), input=typed)


def create(url: str, *more: str, typed: str = "") -> Result:
    return run("create", "--database", url, "--organisation", "运营单位", "--code", CODE, *more, typed=typed)


def test_three_administrators_get_a_link_each(url: str, app: Flask, database: Database) -> None:
    made = create(url)
    assert made.exit_code == 0, made.output
    tokens = re.findall(r"set-password\?token=([\w-]+)", made.output)
    assert len(tokens) == 3
    with database.transaction(write=False) as session:
        users = session.scalars(select(User)).unique().all()
        assert {role for user in users for role in user.role_set} == DISJOINT
        assert [len(user.role_set) for user in users] == [1, 1, 1]
        assert session.scalars(select(Organisation)).one().code == CODE
    data = {"token": tokens[0], "password": "a quiet lake in autumn", "again": "a quiet lake in autumn"}
    assert app.test_client().post("/set-password", data=data).status_code == 303


def test_a_second_time_is_refused(url: str) -> None:
    create(url)
    again = create(url)
    assert again.exit_code == 1 and "administrators already" in again.output


def test_asked_passwords_must_be_good_and_changed(url: str, database: Database) -> None:
    good = ["a quiet lake in autumn", "a quiet wood in winter", "a quiet hill in spring"]
    typed = "".join(f"{word}\n{word}\n" for word in ["short", *good])
    made = create(url, "--ask-passwords", typed=typed)
    assert made.exit_code == 0 and "password-too-short" in made.output
    with database.transaction(write=False) as session:
        assert [user.must_change_password for user in session.scalars(select(User)).unique()] == [True] * 3


def test_a_wrong_credit_code_is_refused(url: str) -> None:
    made = run("create", "--database", url, "--organisation", "x", "--code", "91110000MA0000000X")
    assert made.exit_code == 1 and "credit code" in made.output


def test_reset_makes_a_link_for_an_administrator(url: str, app: Flask) -> None:
    create(url)
    link = run("reset", "audit", "--database", url).output.strip()
    page = app.test_client().get("/set-password", query_string=link.split("?")[1])
    assert page.status_code == 200
    assert run("reset", "nobody", "--database", url).exit_code == 1
