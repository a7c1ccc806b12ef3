"""Pages of cases: the bureau's and the company's side, documents, what strangers and other companies read."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel import clock
from kernel.db import Database
from pricing.governance.cases.flow import CaseState
from pricing.governance.cases.models import CaseStep, PriceCase
from pricing.listings.models import Listing
from tests.factories.people import signed_in
from tests.pricing.governance.scene import labelled
from tests.pricing.scene import PROVINCE, Scene


@pytest.fixture
def scene(database: Database) -> Scene:
    with database.transaction() as session:
        return labelled(session, clock.now())


def test_a_case_through_its_pages(app: Flask, database: Database, scene: Scene) -> None:
    officer, other, company, rival = (signed_in(app, scene.users[who]) for who in (
        "officer", "second", "company", "other"))  # fmt: skip
    with database.transaction(write=False) as session:
        query = select(Listing.id).where(Listing.region_code == PROVINCE, Listing.price == Decimal(4))
        listing = session.scalars(query).one()
    assert "异常偏高" in officer.get(f"/pricing/cases/new?listing={listing}").text
    assert officer.post("/pricing/cases/new", data={"reason": "abnormally-high"}).status_code == 422
    form = {"listing": str(listing), "reason": "abnormally-high", "text": "挂网价明显偏高"}
    case = officer.post("/pricing/cases/new", data=form).headers["Location"]
    assert officer.get(f"/pricing/cases/new?listing={listing}").headers["Location"] == case
    assert company.get(case).status_code == 404
    assert officer.post(f"{case}/move", data={"action": "send"}).status_code == 303
    assert "5 个工作日" in officer.get(f"{case}/letters/1").text and "（盖章）" in company.get(f"{case}/letters/1").text
    assert scene.products[0].registered_name in company.get("/").text
    for path in (case, f"{case}/letters/1", f"{case}/files/1"):
        assert rival.get(path).status_code == 404
    assert rival.post(f"{case}/answer", data={"answer": "x"}).status_code == 404
    given = {"answer": "成本上涨", "file": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "cost.pdf")}
    assert company.post(f"{case}/answer", data=given).status_code == 303
    shown = officer.get(case, headers={"Accept-Language": "en"}).text
    assert "cost.pdf" in shown and "成本上涨" in shown
    assert officer.post(f"{case}/move", data={"action": "insufficient", "text": ""}).status_code == 422
    with database.transaction() as session:  # an interview nobody came to, and what two officers make of it
        session.execute(update(PriceCase).values(state=CaseState.NOT_KEPT))
    assert officer.post(f"{case}/propose", data={"proposal": "拒不说明"}).status_code == 303
    assert "拒不说明" not in company.get(case).text
    assert officer.post(f"{case}/confirm").status_code == 422
    assert other.post(f"{case}/confirm").status_code == 303
    public = app.test_client()
    assert "拒不说明" in public.get("/pricing/exposures").text
    (told,) = public.get("/api/v1/pricing/exposures").get_json()
    assert (told["reason"], told["lines"][0]["price"]) == ("abnormally-high", "4.0000")
    assert public.get("/exports/pricing.exposures?as=csv").status_code == 200
    with database.transaction(write=False) as session:
        step = session.scalars(select(CaseStep).order_by(CaseStep.id.desc())).first()
    assert step is not None and "公开曝光" in company.get(f"{case}/letters/{step.id}").text
    for path in ("/pricing/cases", "/pricing/cases?state=waits", "/pricing/cases?state=overdue&reason=complaint"):
        assert officer.get(path).status_code == company.get(path).status_code == 200
    assert officer.get("/exports/pricing.cases?as=xlsx").status_code == 200
    assert officer.get("/history/price_case/1").status_code == 200
    assert company.get("/history/price_case/1").status_code == 404
