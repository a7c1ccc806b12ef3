"""The frame: health, headers, guard, refusals."""

from __future__ import annotations

from flask.testing import FlaskClient


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
