"""Pages of plans: who sees what, forms that are refused, a plan driven from its beginning to the vote."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel import clock
from kernel.db import Database
from pricing.adjustments.flow import PlanState
from pricing.adjustments.models import AdjustmentPlan, PlanLine, PlanStatement
from tests.factories.people import signed_in
from tests.pricing.adjustments.scene import NUMBERS, YEAR, Province, populate
from tests.pricing.scene import PROVINCE

URL = "/pricing/adjustments/1"
PLAN = {"code": "JH-1", "title": "2026年度调价", "kind": "special", "region": PROVINCE, "volume_year": str(YEAR),
        "starts_on": "2099-01-01", "document": "江政发〔2026〕3号"}  # fmt: skip


@pytest.fixture
def scene(database: Database) -> Province:
    with database.transaction() as session:
        return populate(session)


def done(client: FlaskClient, path: str, data: dict[str, object]) -> None:
    answer = client.post(f"{URL}{path}", data=data)
    assert answer.status_code == 303, (path, data, answer.get_data(as_text=True).partition("<main")[2][:3000])


def state(database: Database) -> PlanState:
    with database.transaction(write=False) as session:
        return session.scalars(select(AdjustmentPlan)).one().state


def test_a_plan_is_driven_from_its_pages_to_publicity(app: Flask, database: Database, scene: Province) -> None:
    one, two, three = (signed_in(app, scene.users[f"officer{number}"]) for number in (1, 2, 3))
    hospital, public = signed_in(app, scene.users["third"]), app.test_client()
    for wrong in ({"code": ""}, {"base": "x"}, {"starts_on": "2020-01-01"}, {"kind": "regular"}):
        assert one.post("/pricing/adjustments/new", data={**PLAN, **wrong}).status_code == 422
    assert hospital.post("/pricing/adjustments/new", data=PLAN).status_code == 403
    assert one.post("/pricing/adjustments/new", data=PLAN).status_code == 303
    assert one.post(f"{URL}/fill", data={"parameter": "growth", "text": "9", "source": "x"}).status_code == 422
    for name, value in {**NUMBERS, "growth": "0.08", "technical.amount": "0.3"}.items():
        done(one, "/fill", {"parameter": name, "text": value, "source": "江医保〔2026〕9号"})
    lines(one, database)
    for path in ("", "/lines", "/effect", "/complex"):
        for lang in ("zh_CN", "en"):
            one.get(f"/language/{lang}")
            assert one.get(URL + path).status_code == 200, path
        assert hospital.get(URL + path).status_code in (403, 404), path
        assert public.get(URL + path).status_code in (302, 303, 403, 404), path
    done(one, "/act", {"act": "survey"})
    tomorrow = (clock.today(clock.now()) + timedelta(days=1)).isoformat()
    assert one.post(f"{URL}/ask", data={"text": "", "due_at": "x"}).status_code == 422
    done(one, "/ask", {"text": "成本调查报告", "due_at": tomorrow})
    said(one, hospital, database)
    done(one, "/act", {"act": "propose", "text": "论证通过"})
    assert one.post(f"{URL}/vote", data={"vote": "yes"}).status_code == 422
    for member in (two, three):
        assert "表决" in member.get("/").get_data(as_text=True)
        done(member, "/vote", {"vote": "yes"})
    assert state(database) is PlanState.PUBLICITY
    assert "JH-1" in public.get("/pricing/adjustments").get_data(as_text=True)
    for path in ("", "/lines"):
        assert public.get(URL + path).status_code == 200
    assert one.post(f"{URL}/act", data={"act": "file", "filing": "备1"}).status_code == 409
    assert one.post(f"{URL}/act", data={"act": "nonsense"}).status_code == 404


def lines(client: FlaskClient, database: Database) -> None:
    """Add by prefix, then change one price in the grid and take another line out."""
    assert client.post(f"{URL}/lines/add", data={"prefix": "3302", "percent": "x"}).status_code == 422
    done(client, "/lines/add", {"prefix": "3302", "percent": "5", "step": "0.1"})
    with database.transaction(write=False) as session:
        ids = list(session.scalars(select(PlanLine.id).order_by(PlanLine.grade.desc(), PlanLine.id)))
    rows = [{"id": ids[0], "new": "20.30"}, {"id": ids[1], "new": ""}, {"id": 999, "new": "1"}, "x"]
    for wrong in ("{", json.dumps([{"id": ids[0], "new": "a"}]), json.dumps([{"id": ids[0], "new": "1.234"}])):
        assert client.post(f"{URL}/lines", data={"lines": wrong}).status_code == 422
    done(client, "/lines", {"lines": json.dumps(rows)})
    with database.transaction(write=False) as session:
        assert len(session.scalars(select(PlanLine)).all()) == len(ids) - 1


def said(officer: FlaskClient, hospital: FlaskClient, database: Database) -> None:
    """A hospital says its opinion; nobody goes on before it is answered and the time is over."""
    assert hospital.post(f"{URL}/say", data={"kind": "objection", "text": "x"}).status_code == 409
    done(hospital, "/say", {"kind": "opinion", "text": "建议提高护理价格"})
    assert "建议提高护理价格" in hospital.get(URL).get_data(as_text=True)
    with database.transaction() as session:
        statement = session.scalars(select(PlanStatement.id)).one()
        session.execute(update(AdjustmentPlan).values(opinions_due_at=clock.now() - timedelta(minutes=1)))
    assert officer.post(f"{URL}/act", data={"act": "convene", "text": "已汇总"}).status_code == 409
    assert hospital.post(f"{URL}/statements/{statement}/reply", data={"reply": "x"}).status_code == 403
    done(officer, f"/statements/{statement}/reply", {"reply": "已采纳"})
    done(officer, "/act", {"act": "convene", "text": "已汇总"})
    assert "已采纳" in hospital.get(URL).get_data(as_text=True)


def test_hospitals_propose_on_their_page(app: Flask, database: Database, scene: Province) -> None:
    one, hospital = (signed_in(app, scene.users[name]) for name in ("officer1", "third"))
    assert one.post("/pricing/adjustments/new", data=PLAN).status_code == 303
    done(one, "/fill", {"parameter": "growth", "text": "0.06", "source": "x"})
    done(one, "/lines/add", {"prefix": "3302", "percent": "5", "step": "0.1"})
    done(one, "/complex/mark", {"items": [str(scene.items[0])]})
    tomorrow = (clock.today(clock.now()) + timedelta(days=1)).isoformat()
    assert one.post(f"{URL}/complex/round", data={"proposals_due": "2020-01-01"}).status_code == 422
    done(one, "/complex/round", {"proposals_due": tomorrow})
    page = hospital.get(f"{URL}/complex").get_data(as_text=True)
    assert f'name="p-{scene.items[0]}"' in page
    assert signed_in(app, scene.users["private"]).get(f"{URL}/complex").status_code == 403
    price = f"p-{scene.items[0]}"
    assert hospital.post(f"{URL}/complex/price", data={price: "x", "reason": "成本"}).status_code == 422
    done(hospital, "/complex/price", {price: "22.5", "reason": "成本核算"})
    assert "22.5" in hospital.get(f"{URL}/complex").get_data(as_text=True)
    assert one.post(f"{URL}/complex/adopt").status_code == 409
    with database.transaction() as session:
        session.execute(update(AdjustmentPlan).values(proposals_due_at=clock.now() - timedelta(minutes=1)))
    assert "22.5" in one.get(f"{URL}/complex").get_data(as_text=True)
    done(one, "/complex/adopt", {})
