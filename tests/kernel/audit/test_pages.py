"""The audit trail and the history of a record."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask

from kernel.web import registry
from tests.factories import people


@pytest.fixture
def happened(app: Flask, cast: SimpleNamespace) -> Flask:
    """The hospital's administrator changed a role, the agency suspended the other hospital."""
    people.signed_in(app, cast.boss).post(f"/users/{cast.chen.id}/roles", data={"roles": "hospital-finance"})
    people.signed_in(app, cast.officer).post(f"/organisations/{cast.theirs.id}/suspend", data={"reason": "缺执照"})
    return app


def test_the_trail_is_the_audit_administrators_alone(happened: Flask, cast: SimpleNamespace) -> None:
    page = people.signed_in(happened, cast.audit).get("/audit").get_data(as_text=True)
    assert "缺执照" in page and cast.boss.name in page
    for who in (cast.boss, cast.chen, cast.system, cast.security, cast.officer):
        assert people.signed_in(happened, who).get("/audit").status_code == 403


@pytest.mark.parametrize(
    ("query", "seen"),
    [("tag=organisation.suspended", True), ("tag=user.invited", False), ("since=2000-01-01&until=2000-01-02", False),
     ("since=2000-01-01", True), ("organisation=0", False), ("tag=nonsense&since=nonsense", True)],
)  # fmt: skip
def test_the_trail_is_filtered(happened: Flask, cast: SimpleNamespace, query: str, seen: bool) -> None:
    page = people.signed_in(happened, cast.audit).get(f"/audit?{query}").get_data(as_text=True)
    assert ("缺执照" in page) is seen


def test_a_history_shows_old_and_new_in_the_readers_language(happened: Flask, cast: SimpleNamespace) -> None:
    client, url = people.signed_in(happened, cast.boss), f"/history/user_account/{cast.chen.id}"
    chinese = client.get(url).get_data(as_text=True)
    client.get("/language/en")
    english = client.get(url).get_data(as_text=True)
    assert "Hospital finance" in english and "<del>" in english and "Roles changed" in english
    assert "医院财务" in chinese and "Roles changed" not in chinese


def test_ones_own_history_is_open_to_oneself(happened: Flask, cast: SimpleNamespace) -> None:
    assert people.signed_in(happened, cast.stranger).get(f"/history/user_account/{cast.stranger.id}").status_code in (
        302,
        200,
    )
    assert people.signed_in(happened, cast.officer).get(f"/history/user_account/{cast.chen.id}").status_code == 404


def test_a_kind_nobody_registered_has_no_history(happened: Flask, cast: SimpleNamespace) -> None:
    client = people.signed_in(happened, cast.audit)
    assert client.get("/history/user_session/1").status_code == 404
    for kind in registry.subjects:
        assert client.get(f"/history/{kind}/nonsense").status_code == 404
        assert client.get(f"/history/{kind}/999999").status_code == 404
