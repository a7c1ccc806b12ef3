"""The pages of ratings: from a case to the public register; a company meets its own only, others 404."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel.auth.permissions import Role
from kernel.clock import now, today
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from pricing.credit.flow import Matter
from tests.factories.people import organisation, signed_in, user
from tests.pricing.scene import PROVINCE

from .court import Court, court

ONE = "/pricing/credit/ratings/1"


@pytest.fixture
def stand(database: Database) -> Court:
    with database.transaction() as session:
        found = court(session)
        hospital = organisation(session, OrganisationKind.HOSPITAL)
        found.scene.users["hospital"] = user(session, hospital, Role.PHARMACIST)
        found.fact(session, Matter.KICKBACKS, 600_000)
    return found


def post(client: FlaskClient, url: str, status: int = 303, **data: object) -> TestResponse:
    answer = client.post(url, data=data, content_type="multipart/form-data")
    assert answer.status_code == status, answer.get_data(as_text=True)[-3000:]
    return answer


def paper() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"%PDF-1.7 x"), "证明.pdf"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_case_goes_from_its_proposal_to_the_register_and_is_cleared(app: Flask, stand: Court, language: str) -> None:
    users = stand.scene.users
    first, second, company, other, hospital = (
        signed_in(app, users[name]) for name in ("officer", "colleague", "company", "other", "hospital")
    )
    for each in (first, company):
        each.get(f"/language/{language}")
    assert "600,000.00" in first.get("/pricing/credit/cases/1").get_data(as_text=True)
    versions = [first.get(f"/pricing/credit/cases/1?benchmark={one}").get_data(as_text=True) for one in ("", "2020")]
    for other_level, shown in zip(("serious", "extremely-dishonest"), versions, strict=True):
        assert f'<option value="{other_level}"' not in shown and '<option value="' in shown
    refused = post(first, "/pricing/credit/cases/1/propose", 422, region=PROVINCE, benchmark="2025", level="serious")
    assert ("Serious dishonesty" if language == "en" else "2025 版裁量基准") in refused.get_data(as_text=True)
    product = stand.scene.products[0].id
    post(first, "/pricing/credit/cases/1/propose", 422, region=PROVINCE, benchmark="2025")
    post(first, "/pricing/credit/cases/1/propose", region=PROVINCE, benchmark="2025", products=product)
    assert company.get(ONE).status_code == 404
    post(first, f"{ONE}/notice", 422, notice_days="0", defence_days="x")
    post(first, f"{ONE}/notice", notice_days="30", defence_days="15")
    post(company, f"{ONE}/collect")
    assert [each.get(ONE).status_code for each in (first, company, other, hospital)] == [200, 200, 404, 403]
    assert [post(each, f"{ONE}/defend", status, text="情节较轻", file=paper()).status_code
            for each, status in ((other, 404), (first, 403), (company, 303))] == [404, 403, 303]  # fmt: skip
    post(first, f"{ONE}/suggest", 422, level="dishonest", starts_on="", answer="")
    post(first, f"{ONE}/suggest", level="seriously-dishonest", starts_on=today(now()).isoformat(), answer="不予采纳")
    assert "不予采纳" not in company.get(ONE).get_data(as_text=True)
    post(first, f"{ONE}/decide", 422)
    assert second.get(ONE).status_code == 200
    post(second, f"{ONE}/decide")
    public = app.test_client()
    assert "甲制药" in public.get("/pricing/credit/register").get_data(as_text=True)
    assert "甲制药" not in public.get("/pricing/credit/register?on=2026-06-30").get_data(as_text=True)
    (told,) = public.get("/api/v1/pricing/credit/ratings").get_json()
    assert (told["level"], told["corrections"]) == ("seriously-dishonest", [1, 2, 4, 5, 6])
    assert "甲制药" in public.get("/exports/pricing.credit-register?as=csv").get_data().decode("utf-8-sig")
    refused = post(company, f"{ONE}/corrections/6/submit", 422, route="donation", note="捐赠", file=paper())
    assert refused.get_data(as_text=True).count(">捐赠</textarea>") == 1  # the forms of ① to ⑤ stay empty
    post(company, f"{ONE}/corrections/6/submit", route="done", note="已退回", file=paper())
    page = first.get(ONE).get_data(as_text=True)
    assert "已退回" in page and f"{ONE}/files/2" in page
    assert [each.get(f"{ONE}/files/2").status_code for each in (first, company, other)] == [200, 200, 404]
    post(first, f"{ONE}/corrections/6/review", action="return", review="缺少银行回单")
    assert "缺少银行回单" in company.get(ONE).get_data(as_text=True)
    for number, officer in ((1, first), (2, first), (4, second), (5, second), (6, second)):
        post(company, f"{ONE}/corrections/{number}/submit", route="done", note="已完成", file=paper())
        post(officer, f"{ONE}/corrections/{number}/review", action="verify", review="")
    clear = f'action="{ONE}/clear"'
    assert [clear in each.get(ONE).get_data(as_text=True) for each in (first, second)] == [False, False]
    post(first, f"{ONE}/clear", 422)
    assert second.get(ONE).get_data(as_text=True).count('value="confirm"') == 2
    for number in (1, 2):
        post(second, f"{ONE}/corrections/{number}/review", action="confirm")
    assert clear in first.get(ONE).get_data(as_text=True)
    post(first, f"{ONE}/clear")
    assert "甲制药" not in public.get("/pricing/credit/register").get_data(as_text=True)
    assert first.get("/pricing/credit/ratings").status_code == company.get("/pricing/credit/ratings").status_code == 200
