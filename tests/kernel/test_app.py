"""The frame: health, headers, guard, refusals."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from tests.factories.people import organisation, signed_in, user


def test_health_answers_from_the_database(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {"status": "ok"}


def test_pages_forbid_inline_scripts_and_framing(client: FlaskClient) -> None:
    policy = client.get("/health").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy and "frame-ancestors 'none'" in policy


def test_a_call_outside_the_table_is_refused(client: FlaskClient) -> None:
    assert client.options("/health").status_code == 403
    assert client.get("/no-such-page").status_code == 404


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/notices")
    assert answer.status_code == 302 and "/sign-in?next=" in answer.headers["Location"]


@pytest.mark.parametrize(
    "address", ["/organisations?q=%00", "/history/user%00/1", "/api/v1/catalogue/products?q=a%00b"]
)
def test_a_nul_in_an_address_is_a_bad_request(app: Flask, cast: SimpleNamespace, address: str) -> None:
    assert signed_in(app, cast.officer).get(address).status_code == 400


def test_a_nul_in_a_form_is_a_bad_request_and_changes_nothing(app: Flask, cast: SimpleNamespace) -> None:
    answer = signed_in(app, cast.officer).post("/catalogue/related", data={"name": "a\0b"})
    assert answer.status_code == 400


def test_a_text_that_no_cell_holds_is_refused_at_its_field(app: Flask, cast: SimpleNamespace) -> None:
    """Kept, it would break every export that it stands in."""
    answer = signed_in(app, cast.officer).post("/catalogue/related", data={"name": "名" * 20_001})
    assert answer.status_code == 422 and "20000" in answer.text.replace(",", "")


@pytest.mark.parametrize(
    "body",
    [
        '{"lines": [{"price": "\\u0000"}]}',
        '{"lines": [{"lot": 1, "specification": 1, "price": "\\ud800"}]}',
        '{"lines": ' + "[" * 100_000,
        "{",
    ],
)
def test_json_that_no_text_or_stack_holds_is_a_bad_request(app: Flask, database: Database, body: str) -> None:
    with database.transaction() as session:
        company = organisation(session, OrganisationKind.COMPANY, name="甲制药")
        client_of = user(session, company, Role.MANUFACTURER, login="maker")
    address = "/api/v1/procurement/boxes/1/submissions"
    answer = signed_in(app, client_of).post(address, data=body, content_type="application/json")
    assert answer.status_code in (400, 422) and answer.mimetype == "application/problem+json"
