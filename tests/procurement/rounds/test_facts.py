"""Review facts: who may record them and when, every mistake at once, and what they do to an evaluation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel.audit.models import AuditEntry
from kernel.errors import Conflict, DomainError, Invalid
from procurement.rounds.exports import table
from procurement.rounds.flow import RoundState
from procurement.rounds.models.evaluations import ReviewFact
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts as queries
from procurement.rounds.queries import results
from procurement.rounds.queries.table import bid_table
from procurement.rounds.services import announcing, evaluation, publishing
from procurement.rounds.services import facts as services
from procurement.rounds.services.facts import Fact, FactsMissing
from procurement.rounds.services.storing import inputs_digest
from procurement.rounds.voids import services as voids
from procurement.rounds.voids.flow import VoidReason
from procurement.tags import Tag
from tests.procurement.rounds.scene import OPENED, Scene
from tests.procurement.rounds.site import Site

BIDS = {1: ("0.5000", "0.8000"), 2: ("1.0000",)}
PLACES = ((1, 1), (1, 2), (2, 1))
LATER = OPENED + timedelta(hours=1)


def fact(scene: Scene, lot: int, company: int, value: str, column: str = "service_fee", source: str = "") -> Fact:
    place = scene.lots[lot].specifications[0].specification_id
    return Fact(scene.lots[lot].id, scene.company(company), place, column, value, source)


def fees(scene: Scene, *values: str) -> list[Fact]:
    return [fact(scene, lot, company, value) for (lot, company), value in zip(PLACES, values, strict=False)]


def record(scene: Scene, facts: list[Fact], at: Any = OPENED) -> int:
    changed: int = scene.does(services.record, at=at, facts=facts)
    return changed


def opened(scene: Scene) -> Round:
    return scene.opened("stents-2022", BIDS)


def stored(scene: Scene) -> dict[tuple[int, int], str]:
    lots = {lot.id: number for number, lot in scene.lots.items()}
    companies = {scene.company(number): number for number in (1, 2)}
    return {
        (lots[one.lot_id], companies[one.company_id]): one.value for one in scene.session.scalars(select(ReviewFact))
    }


def events(scene: Scene) -> list[dict[str, Any]]:
    scene.session.flush()
    queued = select(AuditEntry.facts).where(AuditEntry.tag == Tag.ROUND_FACTS_RECORDED).order_by(AuditEntry.id)
    return list(scene.session.scalars(queued))


def test_a_rule_set_that_needs_more_than_prices_is_published(scene: Scene) -> None:
    assert scene.draft("stents-2022").state is RoundState.DRAFT
    assert publishing.missing(scene.session, scene.round_, OPENED - timedelta(days=30)) == []  # type: ignore[arg-type]  # the scene has a round


def test_an_evaluation_names_every_missing_fact(scene: Scene) -> None:
    opened(scene)
    record(scene, fees(scene, "50"))
    with pytest.raises(FactsMissing) as refused:
        scene.does(evaluation.evaluate, at=OPENED)
    named = [(one.code, one.facts["lot"], one.facts["company"], one.column) for one in refused.value.issues]
    assert named == [
        ("fact-missing", 1, "海岳药业有限公司", "service_fee"), ("fact-missing", 2, "明川药业有限公司", "service_fee"),
    ]  # fmt: skip
    assert {one.facts["specification"] for one in refused.value.issues} == {"10mg"}


def test_facts_decide_with_the_prices(scene: Scene) -> None:
    round_ = opened(scene)
    assert record(scene, fees(scene, "50.00", "50.01", "0")) == 3
    assert stored(scene) == {(1, 1): "50", (1, 2): "50.01", (2, 1): "0"}
    newest = scene.does(evaluation.evaluate, at=OPENED)
    found = {(one.lot.number, one.company_id): one.reason for one in results.decisions(scene.session, newest)}
    assert found == {(1, scene.company(1)): "", (1, scene.company(2)): "condition-not-met", (2, scene.company(1)): ""}
    headers, rows = table(bid_table(scene.session, round_))
    assert headers[-1] == "service_fee" and [str(row[-1]) for row in rows] == ["50", "50.01", "0"]


def test_every_mistake_is_told_at_once_and_nothing_is_kept(scene: Scene) -> None:
    opened(scene)
    wrong = [
        fact(scene, 1, 1, "fünfzig"), fact(scene, 2, 2, "50"), fact(scene, 1, 2, "50", "material"),
        fact(scene, 2, 1, "5" * 201), fact(scene, 1, 2, "50"), fact(scene, 1, 2, "49"),
    ]  # fmt: skip
    with pytest.raises(Invalid) as refused:
        record(scene, wrong)
    assert {name: issue.code for name, issue in refused.value.fields.items()} == {
        wrong[0].name: "not-a-number", wrong[1].name: "fact-unknown-bid", wrong[2].name: "fact-not-asked",
        wrong[3].name: "text-too-long", wrong[4].name: "fact-twice",
    }  # fmt: skip
    assert stored(scene) == {}


def test_the_same_facts_again_change_nothing(scene: Scene) -> None:
    opened(scene)
    record(scene, fees(scene, "50", "49.5", "1"))
    before = scene.session.scalar(select(func.max(ReviewFact.id)))
    assert record(scene, fees(scene, "50.00", " 49.50 ", "1"), LATER) == 0
    assert scene.session.scalar(select(func.max(ReviewFact.id))) == before
    assert record(scene, [fact(scene, 1, 1, "50", source="企业申报材料")], LATER) == 1
    assert record(scene, [fact(scene, 1, 1, "50")], LATER) == 0  # a blank source keeps the one that stands


def test_a_blank_takes_a_fact_back(scene: Scene) -> None:
    opened(scene)
    record(scene, fees(scene, "50", "49"))
    assert record(scene, fees(scene, " ", "49"), LATER) == 1
    assert stored(scene) == {(1, 2): "49"}


def test_facts_wait_for_the_opening_and_end_with_the_award(scene: Scene) -> None:
    scene.publish("stents-2022")
    with pytest.raises(Conflict, match="wrong-state"):
        record(scene, fees(scene, "50"))
    scene.bid_all(BIDS)
    assert scene.round_ is not None
    scene.round_.state = RoundState.AWARDED
    with pytest.raises(Conflict, match="wrong-state"):
        record(scene, fees(scene, "50"))


def test_facts_changed_after_an_evaluation_ask_for_another(scene: Scene) -> None:
    round_ = opened(scene)
    record(scene, fees(scene, "50", "50", "50"))
    first = scene.does(evaluation.evaluate, at=OPENED)
    record(scene, fees(scene, "51"), LATER)
    with pytest.raises(DomainError, match="facts-changed"):
        scene.does(announcing.announce, at=LATER)
    again = scene.does(evaluation.evaluate, at=LATER)
    assert again.inputs_digest != first.inputs_digest
    scene.does(announcing.announce, at=LATER)
    assert round_.state is RoundState.ANNOUNCED


def test_a_rule_set_without_such_columns_is_read_as_before(scene: Scene) -> None:
    round_ = scene.opened("batch-4")
    before = inputs_digest(bid_table(scene.session, round_))
    assert queries.progress(scene.session, round_).missing == 0
    record(scene, [fact(scene, 1, 1, "2019-12-31", "approval_date"), fact(scene, 1, 2, "1", "own_ingredient")])
    found = {row.company: dict(row.extra) for row in bid_table(scene.session, round_).rows if row.variety[:2] == "01"}
    assert str(found["明川药业有限公司"]["approval_date"]) == "2019-12-31"
    assert found["海岳药业有限公司"]["own_ingredient"] is True
    assert inputs_digest(bid_table(scene.session, round_)) != before


def test_the_record_keeps_how_many_and_a_digest(site: Site) -> None:
    with site.scene() as scene:
        opened(scene)
    with site.scene() as scene:
        scene.lots = {number: scene.session.merge(lot, load=True) for number, lot in scene.lots.items()}
        record(scene, fees(scene, "50", "49"))
    with site.scene() as scene:
        (event,) = events(scene)
    assert (event["changed"], event["taken_back"], event["facts"], len(event["digest"])) == (2, 0, 2, 64)


def test_the_page_shows_what_is_missing_and_goes_on_to_the_next_lot(site: Site) -> None:
    with site.scene() as scene:
        opened(scene)
        places = [one.name for one in fees(scene, "", "", "")]
    shown = site.get("/facts", "officer").get_data(as_text=True)
    assert all(name in shown for name in places[:2]) and places[2] not in shown
    assert "Service fee (yuan)" in shown and "2 missing in this lot" in shown and "1 missing in other lots" in shown
    assert "Enter the review facts" in site.get("", "officer").get_data(as_text=True)
    bad = site.post("/facts", "officer", lot="1", **{places[0]: "x", places[1]: "50"})
    assert bad.status_code == 422 and "x is not a plain number" in bad.get_data(as_text=True)
    kept = site.post("/facts", "officer", lot="1", source="申报材料", **{places[0]: "49", places[1]: "50"})
    assert kept.status_code == 303 and kept.location.endswith("/facts")
    assert places[2] in site.get("/facts", "officer").get_data(as_text=True)
    assert site.post("/facts", "officer", lot="2", **{places[2]: "0"}).location.endswith("/facts?lot=2")
    assert site.post("/evaluate", "officer").status_code == 303


def test_a_cell_nobody_touched_leaves_a_colleagues_value_alone(site: Site) -> None:
    with site.scene() as scene:
        opened(scene)
        first, second, _third = [one.name for one in fees(scene, "", "", "")]
    assert f'name="was-{first}" value=""' in site.get("/facts", "officer").get_data(as_text=True)
    site.post("/facts", "reviewer", lot="1", **{first: "60", f"was-{first}": ""})
    site.post("/facts", "officer", lot="1", **{first: "", f"was-{first}": "", second: "50", f"was-{second}": ""})
    shown = site.get("/facts?lot=1", "officer").get_data(as_text=True)
    assert f'name="was-{first}" value="60"' in shown and f'name="was-{second}" value="50"' in shown


def test_nobody_else_sees_the_page_and_nobody_before_the_opening(site: Site) -> None:
    with site.scene() as scene:
        scene.publish("stents-2022")
    assert site.get("/facts", "officer").status_code == 404
    for who in ("c1", "h1", "supervisor"):
        assert site.get("/facts", who).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"), [("en", "enters for every bid: Service fee"), ("zh_CN", "逐家录入：伴随服务费")]
)
def test_a_draft_says_what_will_have_to_be_entered(site: Site, language: str, words: str) -> None:
    with site.scene() as scene:
        scene.draft("stents-2022")
    for url in ("/set-up/rules", "/rules"):
        assert words in site.get(url, "officer", language).get_data(as_text=True)


def test_a_void_lot_waits_for_no_facts(scene: Scene) -> None:
    round_ = opened(scene)
    record(scene, fees(scene, "50", "60"))
    assert (queries.progress(scene.session, round_).missing, queries.progress(scene.session, round_).bids) == (1, 3)
    asked = scene.does(voids.ask, "officer", OPENED, lot_number=2, reason=VoidReason.FRAUD, text="串通投标")
    scene.does(voids.confirm, "reviewer", OPENED, request_id=asked.id)
    assert (queries.progress(scene.session, round_).missing, queries.progress(scene.session, round_).bids) == (0, 2)
    scene.does(evaluation.evaluate, at=OPENED)
