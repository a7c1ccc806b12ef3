"""Statements of reasons: asked after the evaluation, filed to the second, read by the company and the agency alone."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.errors import DomainError, Invalid, NotFound
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationKind
from procurement.rounds import exports
from procurement.rounds.flow import Outcome
from procurement.rounds.queries import results
from procurement.rounds.queries.table import bid_table
from procurement.rounds.rules.ruleset import BadRuleSet, read_rule_set
from procurement.rounds.services import announcing, evaluation, opening
from procurement.rounds.statements import queries, rules, services
from procurement.rounds.statements.flow import CostPart, ReturnReason, StatementAction, StatementState, settled
from procurement.rounds.statements.models import Statement
from procurement.rounds.statements.services import Filing
from tests.procurement.rounds.own_rules import published, text_of
from tests.procurement.rounds.scene import OPENED, Scene
from tests.procurement.rounds.site import make

LOW = {1: ("0.2000", "1.6000", "1.7000", "1.8000", "1.9000")}
ASKED, DUE = OPENED + timedelta(hours=1), OPENED + timedelta(days=3)
IN_TIME = DUE - timedelta(seconds=8)
TEXT = "自有原料药，产能利用率高，连续三年成本下降，附生产成本核算表。"
COSTS = dict.fromkeys(CostPart, "0.0100") | {CostPart.INGREDIENT: "0.1100"}


def below(scene: Scene, base: str = "batch-11", **parameters: str) -> Statement:
    """A round in which c1 bid below the anchor and was asked for its statement."""
    if parameters:
        published(scene, base, **parameters)
        scene.bid_all(LOW)
        scene.does(opening.open_bids, at=OPENED)
        scene.does(evaluation.evaluate, at=OPENED)
    else:
        scene.evaluated(base, LOW)
    assert scene.does(services.ask, at=ASKED, due_at=DUE) == 1
    return scene.session.scalars(select(Statement)).one()


def file(scene: Scene, found: Statement, who: str = "c1", at: Any = IN_TIME, **changes: Any) -> Statement:
    filing = Filing(**{"costs": COSTS, "text": TEXT, "files": [("核算.pdf", b"%PDF-1.7")]} | changes)
    made: Statement = scene.act(services.submit, who, at, statement_id=found.id, filing=filing)
    return made


def decide(scene: Scene, found: Statement, action: StatementAction, who: str = "reviewer", **values: Any) -> Statement:
    made: Statement = scene.act(services.decide, who, DUE, statement_id=found.id, action=action, **values)
    return made


def refused(call: Any, *args: Any, **values: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        call(*args, **values)
    return refusal.value.code


def test_the_bids_below_the_anchor_are_asked_in_one_act_and_once(scene: Scene) -> None:
    found = below(scene)
    assert (found.company_id, found.unit_price) == (scene.company(1), rules.parse_decimal("0.2000"))
    assert refused(scene.does, services.ask, at=ASKED, due_at=DUE) == "no-statement-due"
    told = scene.session.scalars(select(Notice.user_id).where(Notice.code == "statement-asked")).all()
    assert told == [scene.actors["c1"].user_id]


def test_nobody_is_asked_before_the_evaluation_or_for_a_past_hour(scene: Scene) -> None:
    scene.opened("batch-11", LOW)
    assert refused(scene.does, services.ask, at=OPENED, due_at=DUE) == "not-under-evaluation"
    scene.does(evaluation.evaluate, at=OPENED)
    assert refused(scene.does, services.ask, at=ASKED, due_at=ASKED) == "invalid"
    assert refused(scene.does, services.ask, "c1", ASKED, due_at=DUE) == "forbidden"


def test_a_statement_is_filed_until_the_last_moment_and_replaced(scene: Scene) -> None:
    found = below(scene)
    made = file(scene, found, at=ASKED)
    first = made.receipt
    file(scene, found)
    assert (found.state, found.revision) == (StatementState.SUBMITTED, 2)
    assert found.receipt != first
    assert {each.part: each.amount for each in found.costs}[CostPart.INGREDIENT] == rules.parse_decimal("0.11")
    for late in (timedelta(0), timedelta(seconds=1)):
        assert refused(file, scene, found, at=DUE + late) == "statement-too-late"
    assert found.revision == 2


def test_every_mistake_is_told_at_once_and_the_sum_to_the_last_decimal(scene: Scene) -> None:
    found = below(scene)
    with pytest.raises(Invalid) as refusal:
        file(
            scene, found, costs={CostPart.LABOUR: "-1", CostPart.ENERGY: "0.00001", CostPart.TAXES: "abc"}, text="短",
            files=[("a.exe", b"MZ")],
        )  # fmt: skip
    told = {name: issue.code for name, issue in refusal.value.fields.items()}
    assert {told[f"cost-{part}"] for part in ("labour", "energy", "taxes")} == {
        "cost-negative", "cost-too-precise", "cost-not-a-number",
    }  # fmt: skip
    assert told["cost-profit"] == "cost-missing"
    assert (told["text"], told["files"]) == ("statement-too-short", "file-kind-unknown")
    with pytest.raises(Invalid) as refusal:
        file(scene, found, costs=COSTS | {CostPart.INGREDIENT: "0.1101"})
    assert refusal.value.fields["cost-profit"].facts["difference"] == rules.parse_decimal("0.0001")
    file(scene, found, costs=COSTS | {CostPart.INGREDIENT: "0.1300", CostPart.PROFIT: "-0.0100"})


def test_a_second_person_decides(scene: Scene) -> None:
    found = below(scene)
    assert refused(decide, scene, found, StatementAction.ACCEPT) == "statement-too-late"
    file(scene, found)
    assert refused(decide, scene, found, StatementAction.ACCEPT, "officer") == "same-person"
    assert refused(decide, scene, found, StatementAction.ACCEPT, "c1") == "forbidden"
    assert refused(decide, scene, found, StatementAction.RETURN) == "invalid"
    later = DUE + timedelta(days=1)
    decide(scene, found, StatementAction.RETURN, reason=ReturnReason.INCOMPLETE, due_at=later)
    assert (found.state, found.due_at) == (StatementState.RETURNED, later)
    file(scene, found, at=later - timedelta(seconds=1))
    decide(scene, found, StatementAction.ACCEPT)
    assert found.state is StatementState.ACCEPTED
    assert refused(file, scene, found, at=DUE + timedelta(hours=1)) == "wrong-state"


def outcome(scene: Scene) -> Outcome:
    newest = results.latest(scene.session, scene.round_)  # type: ignore[arg-type]  # the scene has a round
    assert newest is not None
    own = results.decisions(scene.session, newest, company_id=scene.company(1))
    return own[0].outcome


def test_a_missing_statement_is_only_noted_where_the_rules_say_nothing(scene: Scene) -> None:
    found = below(scene)
    assert settled(found.state, DUE, DUE) is StatementState.MISSED
    scene.does(evaluation.evaluate, at=DUE)
    assert found.state is StatementState.MISSED
    assert outcome(scene) is Outcome.WON


@pytest.mark.parametrize("files", [False, True])
def test_a_missing_or_refused_statement_bars_the_bid_where_the_rules_say_so(scene: Scene, files: bool) -> None:
    found = below(scene, statement__missing='"bar"')
    scene.does(evaluation.evaluate, at=ASKED)
    assert outcome(scene) is Outcome.WON  # not yet due
    if files:
        file(scene, found)
        decide(scene, found, StatementAction.REFUSE, reason=ReturnReason.UNPROVEN)
        assert refused(scene.does, announcing.announce, at=DUE) == "facts-changed"
    scene.does(evaluation.evaluate, at=DUE)
    assert outcome(scene) is Outcome.LOST
    assert scene.round_ is not None
    newest = results.latest(scene.session, scene.round_)
    assert newest is not None
    own = results.decisions(scene.session, newest, company_id=scene.company(1))[0]
    assert (own.reason, own.steps[-1]["code"]) == ("statement-missing", "statement-missing")
    headers, rows = exports.table(bid_table(scene.session, scene.round_))
    assert {row[headers.index("statement")] for row in rows} == {None, "refused" if files else "missing"}


def test_the_job_marks_what_was_missed(scene: Scene) -> None:
    found = below(scene, statement__missing='"bar"')
    assert scene.act(services.settle, at=IN_TIME) == 0
    assert scene.act(services.settle, at=DUE) == 1
    assert found.state is StatementState.MISSED
    assert refused(scene.does, announcing.announce, at=DUE) == "facts-changed"


def test_joint_and_statement_parameters_are_held_against_each_other() -> None:
    for wrong in ({"bid__joint": "true"}, {"bid__joint_most": "3"}, {"statement__missing": '"perhaps"'}):
        with pytest.raises(BadRuleSet):
            read_rule_set(text_of("batch-11", **wrong), where="own")
    with pytest.raises(BadRuleSet):
        read_rule_set(text_of("batch-2", statement__missing='"bar"'), where="own")
    read_rule_set(text_of("batch-11", bid__joint="false", statement__missing='"note"'), where="own")


def test_only_the_company_and_the_agency_read_a_statement(app: Flask, database: Database) -> None:
    site = make(app, database)
    with site.scene() as scene:
        found = below(scene)
        file(scene, found)
        kept = found.id
        for who in ("supervisor", "c2", "h1"):
            assert refused(queries.one, scene.session, kept, scene.actors[who]) == NotFound.code
    urls = [f"//procurement/statements/{kept}", f"//procurement/statements/{kept}/files/1"]
    for who in ("supervisor", "c2", "h1", ""):
        assert all(site.get(url, who).status_code in (302, 303, 401, 403, 404) for url in urls), who
        assert site.post(f"{urls[0]}/decision", who, action="accept").status_code in (302, 303, 401, 403, 404)
    assert site.post(urls[0], "c2", text=TEXT).status_code == 404
    for who in ("c1", "reviewer"):
        assert [site.get(url, who).status_code for url in urls] == [200, 200]
    open_pages = ["", "/lots/1", "/decisions.csv", "/table.csv", "/result.json", "/mine", "//procurement/statements"]
    for who in ("c2", "supervisor", "officer"):
        shown = b"".join(site.get(page, who).data for page in open_pages)
        assert TEXT.encode() not in shown
        assert b"0.1100" not in shown


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_statement_goes_through_its_pages(app: Flask, database: Database, language: str) -> None:
    site = make(app, database)
    with site.scene() as scene:
        scene.evaluated("batch-11", LOW)
    assert site.get("/statements", "officer", language).status_code == 200
    assert site.post("/statements", "officer", due="").status_code == 422
    assert site.post("/statements", "officer", due="2099-01-01T09:00:00").status_code == 303
    assert site.get("/statements", "officer", language).status_code == 200
    with database.transaction(write=False) as session:
        url = f"//procurement/statements/{session.scalars(select(Statement.id)).one()}"
    assert site.get(url, "c1", language).status_code == 200
    costs: dict[str, Any] = {f"cost-{part.value}": COSTS[part] for part in CostPart}
    assert site.post(url, "c1", **costs | {"cost-labour": "1", "text": TEXT}).status_code == 422
    sent = costs | {"text": TEXT, "files": [(io.BytesIO(b"%PDF-1"), "a.pdf"), (io.BytesIO(b"%PDF-2"), "b.pdf")]}
    assert site.post(url, "c1", **sent).status_code == 303
    assert site.post(f"{url}/decision", "reviewer").status_code == 422
    due = "2099-02-01T09:00:00"
    returned = {"action": "return", "reason": "incomplete", "due": due}
    assert site.post(f"{url}/decision", "reviewer", **returned).status_code == 303
    assert site.get(url, "c1", language).status_code == 200
    assert site.post(url, "c1", **costs | {"text": TEXT}).status_code == 303
    assert site.get(url, "officer", language).status_code == 200
    assert site.post(f"{url}/decision", "reviewer", action="accept").status_code == 303
    pages = [(url, "c1"), (url, "reviewer"), ("/statements", "officer"), ("//procurement/statements", "c1")]
    assert {site.get(page, who, language).status_code for page, who in pages} == {200}


def test_an_agency_person_at_a_bureau_reads_no_statement(scene: Scene) -> None:
    found = below(scene)
    bureau = scene.organisations["bureau"]
    assert bureau.kind is OrganisationKind.BUREAU
    outsider = scene.person("outsider", bureau, Role.AGENCY_OFFICER)
    assert refused(queries.one, scene.session, found.id, outsider) == NotFound.code
