"""Pages and calls of the retained balance through the application."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel import clock
from kernel.auth.models import UserSession
from kernel.db import Database
from kernel.files.models import StoredFile
from procurement.retention.models.runs import LineDispute, RetentionRun, RunLine
from tests.procurement.orders.market import NOW
from tests.procurement.orders.site import Site, open_site

from .scene import AREA, Scene, furnish, other

HERE = "/procurement/retention"
LATE = NOW + timedelta(days=12)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


class Stage:
    def __init__(self, site: Site, scene: Scene) -> None:
        self.site, self.scene = site, scene

    def post(self, who: str, path: str, **data: Any) -> Any:
        answer = self.site.browser(who).post(f"{HERE}{path}", data=data, content_type="multipart/form-data")
        assert answer.status_code == 303, text(answer)
        return answer

    def get(self, who: str, path: str) -> str:
        answer = self.site.browser(who).get(f"{HERE}{path}")
        assert answer.status_code == 200, (who, path)
        return text(answer)

    def compute(self, reason: str = "") -> int:
        data = {"round": f"{self.scene.round_id}-1", "area": AREA, "rules": str(self.scene.rules), "reason": reason}
        return int(self.post("agency", "/new", **data).headers["Location"].rsplit("/", 1)[1])

    def sent(self) -> int:
        run, hospital = self.compute(), self.scene.market.organisations["h1"]
        for name, points in (
            ("winning_share", 20),
            ("online", 15),
            ("payment", 15),
            ("growth", 10),
            ("price_policy", 9),
        ):
            data = {"indicator": name, "source": "desk", "points": str(points), "reason": "核查", "everybody": "1"}
            self.post("agency", f"/runs/{run}/hospitals/{hospital}/score", **data)
        self.post("agency", f"/runs/{run}/act", act="send")
        return run

    def stay(self, at: datetime) -> None:
        """Keep everybody signed in until a later day."""
        with self.site.database.transaction() as session:
            session.execute(update(UserSession).values(expires_at=at + timedelta(days=1), seen_at=at))

    def line(self, run: int, hospital: str = "h1", lot: str = "a") -> int:
        with self.site.database.transaction(write=False) as session:
            return session.scalars(
                select(RunLine.id).where(
                    RunLine.run_id == run, RunLine.lot_id == self.scene.lots[lot],
                    RunLine.hospital_id == self.scene.market.organisations[hospital],
                )
            ).one()  # fmt: skip


@pytest.fixture
def stage(app: Flask, database: Database) -> Iterator[Stage]:
    with clock.travel(to=NOW):
        site = open_site(app, database, NOW)
        with database.transaction() as session:
            scene = furnish(session, site.market)
            other(session, scene, 300)
        yield Stage(site, scene)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_opens_in_both_languages(stage: Stage, locale: str) -> None:
    run, h1 = stage.sent(), stage.scene.market.organisations["h1"]
    shared = ("", "?state=sent", f"/runs/{run}", f"/runs/{run}/hospitals/{h1}", f"/lines/{stage.line(run)}",
              f"/runs/{run}/changes", "/rules", "/rules/national-sample")  # fmt: skip
    for who, pages in (("agency", (*shared, "/new", "/inputs")), ("h1-finance", shared), ("h1", shared)):
        browser = stage.site.browser(who)
        browser.get(f"/language/{locale}")
        assert browser.get("/").status_code == 200
        for page in pages:
            assert browser.get(f"{HERE}{page}").status_code == 200, (who, page)


def test_a_run_goes_from_its_computing_to_its_distribution(stage: Stage) -> None:
    run = stage.sent()
    line, h1, h2 = stage.line(run), *(stage.scene.market.organisations[one] for one in ("h1", "h2"))
    paper = (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "退货单.pdf")
    stage.post("h1-finance", f"/lines/{line}/dispute", term="n", text="已退货", evidence=paper)
    assert "退货单.pdf" in stage.get("agency", f"/lines/{line}")
    with stage.site.database.transaction() as session:
        dispute = session.scalars(select(LineDispute.id)).one()
        other(session, stage.scene, 100)
    stage.post("agency", f"/disputes/{dispute}/decide", act="grant", answer="属实")
    run = stage.compute("更正非中选用量")
    assert "N: 300 → 100" in stage.get("agency", f"/runs/{run}/changes")
    stage.post("agency", f"/runs/{run}/act", act="send")
    stage.post("h1-finance", f"/runs/{run}/hospitals/{h1}/confirm", all="1")
    stage.post("h2-finance", f"/runs/{run}/hospitals/{h2}/confirm", line=str(stage.line(run, "h2")))
    stage.stay(LATE)
    with clock.travel(to=LATE):
        stage.post("agency-second", f"/runs/{run}/act", act="publish")
    stage.stay(LATE + timedelta(days=9))
    with clock.travel(to=LATE + timedelta(days=9)):
        stage.post("agency", f"/runs/{run}/apply", document="拨付申请1号")
        stage.post("agency-second", f"/runs/{run}/pay", reference="F1", paid_on="2026-03-24")
        for who, hospital in (("h1-finance", h1), ("h2-finance", h2)):
            stage.post(who, f"/runs/{run}/hospitals/{hospital}/report", distributed="0", text="待分配")
        stage.post("agency", f"/runs/{run}/act", act="close")
        for name in ("lines", "application", "payment"):
            answer = stage.site.browser("agency").get(f"/exports/procurement.retention-{name}?run={run}&as=xlsx")
            assert answer.status_code == 200 and answer.data[:2] == b"PK"
    with stage.site.database.transaction(write=False) as session:
        assert session.get_one(RetentionRun, run).closed_at is not None


def test_what_if_answers_by_the_same_rule(stage: Stage) -> None:
    run = stage.sent()
    line = stage.line(run)
    browser = stage.site.browser("h1-finance")
    address = f"/api/v1/procurement/retention/lines/{line}/what-if"
    kept = browser.get(f"{address}?completion=1&other=0&score=85").json
    lost = browser.get(f"{address}?completion=0.99&other=0&score=85").json
    assert Decimal(kept["k"]) == Decimal("0.5") and Decimal(lost["retained"]) == 0
    assert Decimal(kept["retained"]) == round(Decimal(kept["base"]) / 2, 2)
    assert browser.get(f"{address}?completion=1&other=1&score=85").status_code == 422
    with stage.site.database.transaction(write=False) as session:
        stands = session.get_one(RunLine, line)
        assert Decimal(browser.get(address).json["retained"]) == stands.retained  # nothing moved
        assert Decimal(browser.get(f"{address}?completion=1").json["base"]) == stands.base
    assert stage.site.browser("h2-finance").get(f"{address}?completion=1&other=0&score=85").status_code == 404


def test_only_its_own_hospital_and_roles_may_act(stage: Stage) -> None:
    run, h1 = stage.sent(), stage.scene.market.organisations["h1"]
    line = stage.line(run)
    for who, path, data in (
        ("h2-finance", f"/runs/{run}/hospitals/{h1}/confirm", {"all": "1"}),
        ("h2-finance", f"/lines/{line}/dispute", {"term": "n", "text": "x"}),
        ("h1", f"/runs/{run}/hospitals/{h1}/confirm", {"all": "1"}),
        ("h1-finance", f"/runs/{run}/act", {"act": "publish"}),
        ("company1", f"/runs/{run}/hospitals/{h1}/confirm", {"all": "1"}),
    ):
        assert stage.site.browser(who).post(f"{HERE}{path}", data=data).status_code in (403, 404), (who, path)
    paper = (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "退货单.pdf")
    stage.post("h1-finance", f"/lines/{line}/dispute", term="n", text="已退货", evidence=paper)
    with stage.site.database.transaction(write=False) as session:
        dispute = session.scalars(select(LineDispute.id)).one()
        file = session.scalars(select(StoredFile.id).order_by(StoredFile.id.desc())).first()
    assert stage.site.browser("h1-finance").get(f"{HERE}/disputes/{dispute}/files/{file}").status_code == 200
    assert "已退货" not in stage.get("h2-finance", f"/runs/{run}/changes")
    for path in (f"/runs/{run}/hospitals/{h1}", f"/lines/{line}", f"/disputes/{dispute}/files/{file}"):
        assert stage.site.browser("h2-finance").get(f"{HERE}{path}").status_code == 404


def test_a_rule_set_is_changed_by_one_and_approved_by_another(stage: Stage) -> None:
    stage.post("agency", "/rules/national-sample/copy", code="jianghai", title="江海省")
    change = {"parameter": "ladder", "text": "90 0.5; 60 0.3; 0 0", "source": "苏医保发1号", "reason": "本省分档"}
    stage.post("agency", "/rules/jianghai/change", **change)
    assert "苏医保发1号" in stage.get("agency", "/rules/jianghai")
    refused = stage.site.browser("agency").post(f"{HERE}/rules/jianghai/change", data={**change, "text": "60 0.6; 0 0"})
    assert refused.status_code == 422
    stage.site.browser("agency").post(f"{HERE}/rules/jianghai/approve")
    assert "jianghai" not in stage.get("agency", "/new") and "江海省" not in stage.get("agency", "/new")
    stage.post("agency-second", "/rules/jianghai/approve")
    assert "江海省 v2" in stage.get("agency", "/new")
