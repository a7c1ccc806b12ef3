"""Pages of credit: a company signs its own letter and sees its own facts, officers see all, others nothing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from kernel import clock
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.parties.codes import OrganisationKind
from pricing.credit.flow import Matter
from pricing.credit.services import report_fact
from tests.factories.people import organisation, signed_in, user
from tests.pricing.scene import CITY, Scene, populate


@pytest.fixture
def scene(database: Database) -> Scene:
    with database.transaction() as session:
        scene = populate(session)
        scene.users["hospital"] = user(session, organisation(session, OrganisationKind.HOSPITAL), Role.PHARMACIST)
        report_fact(
            session, company_id=scene.companies[0].id, matter=Matter.BREACH, subject_kind="order", subject_id=1,
            region_code=CITY, happened_on=date(2026, 11, 2), note="拒绝供应中选药品", actor=scene.officer,
            at=clock.now(),
        )  # fmt: skip
    return scene


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_company_signs_withdraws_and_signs_again(app: Flask, scene: Scene, lang: str) -> None:
    company, officer = signed_in(app, scene.users["company"]), signed_in(app, scene.users["officer"])
    company.get(f"/language/{lang}")
    page = company.get("/pricing/credit/letter").get_data(as_text=True)
    digest = re.findall(r'name="digest" value="(\w{64})"', page)[0]
    assert "甲制药" in page
    assert company.post("/pricing/credit/letter/sign", data={"digest": "0" * 64}).status_code == 303
    assert "甲制药" in officer.get("/pricing/credit/letters?signed=no").get_data(as_text=True)
    assert company.post("/pricing/credit/letter/sign", data={"digest": digest}).status_code == 303
    assert digest in company.get("/pricing/credit/letter").get_data(as_text=True)
    assert "甲制药" not in officer.get("/pricing/credit/letters?signed=no").get_data(as_text=True)
    assert company.post("/pricing/credit/letter/withdraw").status_code == 303
    assert company.post("/pricing/credit/letter/sign", data={"digest": digest}).status_code == 303
    assert "乙制药" not in company.get("/pricing/credit/letters").get_data(as_text=True)


def test_facts_are_seen_by_officers_and_the_company_itself(app: Flask, scene: Scene) -> None:
    seen = {
        name: "拒绝供应中选药品"
        in signed_in(app, scene.users[name]).get("/pricing/credit/facts").get_data(as_text=True)
        for name in ("officer", "company", "other")
    }
    assert seen == {"officer": True, "company": True, "other": False}
    hospital = signed_in(app, scene.users["hospital"])
    urls = ("/pricing/credit/facts", "/pricing/credit/letters", "/pricing/credit/letter")
    assert [hospital.get(url).status_code for url in urls] == [403] * 3
    assert signed_in(app, scene.users["officer"]).get("/pricing/credit/letter").status_code == 403
    assert app.test_client().get("/pricing/credit/facts").status_code in (302, 303)
