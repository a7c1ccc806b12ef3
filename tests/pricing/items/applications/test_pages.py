"""Pages of new items through the application: both languages, every state, every reader."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel import clock
from kernel.auth.models import UserSession
from kernel.db import Database
from kernel.files.models import StoredFile
from pricing.items.applications.models import ItemApplication, ItemObjection
from tests.factories.people import signed_in
from tests.pricing.items.applications.scene import CODE, DRAFT, NOW, PDF, Scene, populate

HERE = "/pricing/new-items"
TEXTS = {name: getattr(DRAFT, name) for name in ("name", "connotation", "unit", "output", "composition", "effect")}


class Stage:
    """Browsers of everybody, by short names."""

    def __init__(self, app: Flask, scene: Scene, language: str = "zh_CN") -> None:
        self.app, self.scene, self.language = app, scene, language
        self.browsers: dict[str, Any] = {}

    def browser(self, who: str) -> Any:
        if who not in self.browsers:
            self.browsers[who] = signed_in(self.app, self.scene.users[who]) if who else self.app.test_client()
            self.browsers[who].get(f"/language/{self.language}")
        return self.browsers[who]

    def get(self, who: str, path: str, status: int = 200) -> str:
        answer = self.browser(who).get(f"{HERE}{path}")
        assert answer.status_code == status, (who, path, answer.status_code)
        return str(answer.get_data(as_text=True))

    def post(self, who: str, path: str, status: int = 303, **data: Any) -> Any:
        answer = self.browser(who).post(f"{HERE}{path}", data=data, content_type="multipart/form-data")
        assert answer.status_code == status, (who, path, answer.status_code, answer.get_data(as_text=True)[:3000])
        return answer

    def decide(self, who: str, made: int, verdict: str, **data: str) -> None:
        self.post(who, f"/{made}/propose", verdict=verdict, reason="经审核", **data)
        assert "经审核" in self.get(f"{who}2", f"/{made}")
        self.post(f"{who}2", f"/{made}/confirm")

    def look(self, made: int, *names: str) -> None:
        """Open the application as each of them."""
        for name in names:
            assert DRAFT.name in self.get(name, f"/{made}")


@pytest.fixture
def scene(database: Database) -> Scene:
    with clock.travel(to=NOW), database.transaction() as session:
        return populate(session)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_from_the_form_to_the_trial_price(app: Flask, scene: Scene, database: Database, language: str) -> None:
    stage = Stage(app, scene, language)
    with clock.travel(to=NOW):
        made = _at_panel(stage)
        stage.post("province", f"/{made}/experts", experts=[str(scene.users[f"expert{n}"].id) for n in (1, 2)],
                   due_at="2026-11-27T17:00:00")  # fmt: skip
        assert DRAFT.connotation not in stage.get("expert1", f"/experts/{made}"), "before the declaration"
        marks = {"need": "90", "effect": "85.5", "burden": "70", "clarity": "80", "recommends": "yes"}
        for name in ("expert1", "expert2"):
            stage.post(name, f"/experts/{made}/declare", conflict="no")
            assert DRAFT.connotation in stage.get(name, f"/experts/{made}")
            stage.post(name, f"/experts/{made}/score", 422, **{**marks, "need": "101"})
            stage.post(name, f"/experts/{made}/score", **marks)
            assert ("85.50" in stage.get("province", f"/{made}")) is (name == "expert2")
        assert stage.get("expert1", f"/experts/{made}").count("85.50") == 2
        stage.get("expert1", "/experts")
        stage.decide("province", made, "forward")
        _objected(stage, database, made)
    later = NOW + timedelta(days=8)
    with clock.travel(to=later):
        _awake(database)
        stage.decide("province", made, "forward", code=CODE)
        stage.look(made, "hospital")
        assert 'value="480" data-price data-places="2"' in stage.get("hospital", f"/{made}")  # as proposed
        stage.post("hospital", f"/{made}/price", 422, price="460", starts_on="2026-12-14")
        stage.post("hospital", f"/{made}/price", price="460", starts_on="2026-12-15")
        stage.look(made, "hospital", "province", "city")
        assert "460.00" in stage.get("", "/announced") and "460.00" in stage.get("", f"/announced/{made}")
        (answer,) = stage.browser("").get(f"/api/v1{HERE}").get_json()
        assert (answer["price"], answer["starts_on"], answer["state"]) == ("460.0000", "2026-12-15", "in-trial")


def _awake(database: Database) -> None:
    """Let nobody's session end by the clock that travels."""
    with database.transaction() as session:
        session.execute(update(UserSession).values(seen_at=clock.now(), expires_at=clock.now() + timedelta(hours=9)))


def _at_panel(stage: Stage) -> int:
    for who, path in (("hospital", ""), ("hospital", "/new"), ("province", "/rounds"), ("hospital", "/rounds")):
        stage.get(who, path)
    stage.post("hospital", "/new", 422, **{**TEXTS, "price": "zwölf"})
    file = (io.BytesIO(PDF.content), PDF.name)
    answer = stage.post("hospital", "/new", **{**TEXTS, "price": "480", "files": file})
    made = int(answer.headers["Location"].rsplit("/", 1)[1])
    stage.get("hospital", f"/{made}/edit")
    stage.post("hospital", f"/{made}/submit")
    stage.post("city", f"/{made}/give-back", note="请补充成本测算")
    stage.look(made, "hospital")
    stage.post("hospital", f"/{made}/edit", 422, **{**TEXTS, "price": "480.001"})
    stage.post("hospital", f"/{made}/edit", **{**TEXTS, "price": "480", "cost": "人力 200 元"})
    assert 'value="480" data-price data-places="2"' in stage.get("hospital", f"/{made}/edit")
    stage.post("hospital", f"/{made}/submit")
    stage.look(made, "city")
    stage.post("city", f"/{made}/accept")
    stage.decide("city", made, "forward")
    stage.decide("province", made, "forward")
    stage.look(made, "province", "hospital")
    return made


def _objected(stage: Stage, database: Database, made: int) -> None:
    assert stage.get("", f"/announced/{made}").count("<textarea") == 0
    stage.post("maker", f"/announced/{made}/object", text="与现有项目重复")
    assert "与现有项目重复" in stage.get("hospital", f"/{made}")
    assert "甲器械" not in stage.get("hospital", f"/{made}") and "甲器械" in stage.get("province", f"/{made}")
    with database.transaction() as session:
        objection = session.scalars(select(ItemObjection.id)).one()
    stage.post("province", f"/{made}/objections/{objection}/reply", reply="不重复")
    stage.post("province2", f"/{made}/objections/{objection}/reply-back")
    stage.post("province", f"/{made}/objections/{objection}/reply", reply="经核不重复")
    assert "经核不重复" not in stage.get("maker", f"/announced/{made}")
    stage.post("province2", f"/{made}/objections/{objection}/reply-confirm")
    assert "经核不重复" in stage.get("maker", f"/announced/{made}")


def test_nobody_reads_or_does_what_is_not_his(app: Flask, scene: Scene, database: Database) -> None:
    stage = Stage(app, scene)
    with clock.travel(to=NOW):
        with database.transaction() as session:
            made = scene.submitted(session)
            session.get_one(ItemApplication, made)
        for who, path, status in (
            ("other", f"/{made}", 404), ("maker", f"/{made}", 403), ("expert1", f"/experts/{made}", 404),
            ("", f"/announced/{made}", 404), ("", f"/{made}", 302), ("other", f"/{made}/edit", 404),
        ):  # fmt: skip
            stage.get(who, path, status)
        assert stage.browser("other").post(f"{HERE}/{made}/withdraw").status_code == 404
        assert stage.browser("hospital").post(f"{HERE}/{made}/accept").status_code == 403
        assert stage.browser("province").post(f"{HERE}/{made}/accept").status_code in (200, 303, 403)
        with database.transaction() as session:
            assert session.get_one(ItemApplication, made).state.value == "submitted"
            assert session.scalars(select(StoredFile)).all() == []
        assert DRAFT.name in stage.get("city", "") and DRAFT.name not in stage.get("other", "")


def test_an_officer_opens_a_round_with_its_numbers(app: Flask, scene: Scene) -> None:
    stage = Stage(app, scene)
    with clock.travel(to=NOW):
        given = {"title": "2027年度新增项目", "region_code": "980000", "opens_at": "2027-03-01T09:00:00",
                 "closes_at": "2027-03-31T17:00:00", "publicity_workdays": "7", "least_experts": "5",
                 "midterm_months": "12", "source": "省医保局通知"}  # fmt: skip
        stage.post("province", "/rounds", 422, **{**given, "publicity_workdays": ""})
        stage.post("province", "/rounds", **given)
        stage.post("province", "/rounds", 422, **given)
        assert "2027年度新增项目" in stage.get("hospital", "/rounds")
        stage.post("city", "/rounds", 422, **{**given, "title": "市级"})
