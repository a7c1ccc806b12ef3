"""Evaluate opened bids: stored, versioned, and the same as the command line's."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit.models import AuditEntry
from kernel.audit.services import verify
from kernel.errors import Conflict, DomainError, Invalid, UnsetParameter
from procurement.bids.flow import BoxState
from procurement.rounds.cli import award
from procurement.rounds.draft.services import sessions
from procurement.rounds.flow import Outcome, RoundState
from procurement.rounds.models.awards import Pick
from procurement.rounds.models.evaluations import Decision
from procurement.rounds.queries import results
from procurement.rounds.services import announcing, evaluation, opening
from procurement.tags import Tag
from tests.procurement.rounds.scene import OPENED, PRICES, Scene, open_directly, populate
from tests.procurement.rounds.site import Site

LATER = OPENED + timedelta(hours=2)
ACROSS = {1: ("0.5000", "0.8000", "0.8500", "1.0500", "1.0500"), 2: PRICES[2]}  # N = 5, K = 4
REVIVAL = {1: ("0.5000", "0.8000", "1.4000", "1.5000"), 2: PRICES[2]}  # batch 10: limit 0.9000, K = 3


def latest(scene: Scene, lot: int) -> dict[int, Decision]:
    """The decisions of a lot by company number."""
    assert scene.round_ is not None
    newest = results.latest(scene.session, scene.round_)
    assert newest is not None
    numbers = {scene.company(number): number for number in range(1, 6)}
    return {numbers[one.company_id]: one for one in results.decisions(scene.session, newest, lot_id=scene.lots[lot].id)}


def test_every_bid_gets_an_outcome_with_its_steps(scene: Scene) -> None:
    round_ = scene.evaluated()
    found = latest(scene, 1)
    assert {number: one.outcome for number, one in found.items()} == {
        5: Outcome.WON, 1: Outcome.WON, 2: Outcome.WON, 3: Outcome.WON, 4: Outcome.LOST
    }  # fmt: skip
    assert found[4].reason == "not-shortlisted" and found[4].change_to == Decimal("0.9000")
    assert [step["code"] for step in found[4].steps][:2] == ["valid-bid", "shortlist"]
    assert found[4].typed == "1.2000"
    assert round_.state is RoundState.EVALUATED and round_.evaluated_by_id == scene.actors["officer"].user_id


def test_evaluating_again_is_a_new_version_with_what_changed(scene: Scene) -> None:
    round_ = scene.evaluated("batch-10", REVIVAL)
    assert latest(scene, 1)[3].outcome is Outcome.LOST
    assert (scene.lots[1].id, scene.company(3)) in {place[:2] for place in scene.board(OPENED).due}
    scene.revive(OPENED, {3: True})
    found = latest(scene, 1)
    assert found[3].decided_by == "revival-shortlisted"
    assert found[3].winning_price == Decimal("0.8000")
    changes = results.changes(scene.session, round_, 2)
    assert {(one.field, one.after) for one in changes if one.place[1] == scene.company(3)} >= {
        ("outcome", Outcome.WON), ("winning_price", Decimal("0.8000"))
    }  # fmt: skip


def test_evaluating_again_without_a_change_stores_nothing_new(scene: Scene) -> None:
    round_ = scene.evaluated()
    (first,) = results.evaluations(scene.session, round_)
    round_.facts_changed_at = OPENED  # a fact that was entered and taken back
    assert scene.does(evaluation.evaluate, at=LATER) is first
    assert results.evaluations(scene.session, round_) == [first]
    assert (round_.state, round_.facts_changed_at, round_.evaluated_at) == (RoundState.EVALUATED, None, OPENED)


def test_the_same_inputs_have_the_same_digest(scene: Scene) -> None:
    round_ = scene.announced()
    scene.does(evaluation.evaluate, at=LATER)
    second, first = results.evaluations(scene.session, round_)
    assert (second.inputs_digest, second.rules_digest) == (first.inputs_digest, first.rules_digest)
    assert results.changes(scene.session, round_, 2) == []


def test_a_tie_across_the_last_place_waits_for_a_recorded_draw(scene: Scene) -> None:
    round_ = scene.evaluated("batch-4", ACROSS)
    assert {latest(scene, 1)[number].outcome for number in (4, 5)} == {Outcome.TIED}
    with pytest.raises(DomainError) as refused:
        scene.does(announcing.announce, at=LATER)
    assert refused.value.code == "round-not-decided" and round_.state is RoundState.EVALUATED
    order = [scene.company(5), scene.company(4)]
    values = {"lot_number": 1, "company_ids": order, "witness": "公证员", "note": "摇号"}
    with pytest.raises(Invalid):
        scene.does(evaluation.record_draw, at=LATER, **{**values, "company_ids": order[:1], "witness": ""})
    with pytest.raises(Conflict):
        scene.does(evaluation.record_draw, at=LATER, **{**values, "lot_number": 2})
    scene.does(evaluation.record_draw, at=LATER, **values)
    scene.does(evaluation.evaluate, at=LATER)
    found = latest(scene, 1)
    assert (found[5].rank, found[4].rank, found[4].outcome) == (4, 5, Outcome.LOST)
    scene.does(announcing.announce, at=LATER)


def test_an_unset_parameter_stops_and_names_itself(scene: Scene) -> None:
    round_ = scene.opened("batch-4")
    round_.rule_set_text = round_.rule_set_text.replace("value = 1.8\n", 'value = "?"\n').replace(
        'standing = "F"\n\n[parameter.low', 'standing = "?"\n\n[parameter.low'
    )
    with pytest.raises(UnsetParameter) as refused:
        scene.does(evaluation.evaluate, at=LATER)
    assert refused.value.parameter == "limit.multiplier"
    assert round_.state is RoundState.OPENED


def test_evaluating_an_announced_round_takes_it_back_and_clears_the_draft(scene: Scene) -> None:
    round_ = scene.announced()
    scene.does(sessions.run, at=LATER)
    assert scene.session.scalar(select(func.count(Pick.id)))
    scene.does(evaluation.evaluate, at=LATER)
    assert round_.state is RoundState.EVALUATED and round_.publicity_ends is None
    assert scene.session.scalar(select(func.count(Pick.id))) == 0


def test_decisions_are_seen_by_the_agency_first_and_by_all_once_announced(site: Site) -> None:
    with site.scene() as scene:
        scene.evaluated()
    hidden = ("/regions", "/decisions.csv", "/table.csv", "/result.json", "/draws.json", "/awards.xlsx")
    for who in ("", "c1", "h1"):
        assert "0.5000" not in site.get("/lots/1", who).get_data(as_text=True)
        assert [site.get(url, who).status_code for url in hidden] == [404] * len(hidden)
    assert site.get("/mine", "c1").status_code == 404
    for who in ("officer", "supervisor"):
        assert "0.5000" in site.get("/lots/1", who).get_data(as_text=True)
    with site.scene() as scene:
        scene.does(announcing.announce, at=LATER)
    for who in ("", "c1", "h1"):
        assert "0.5000" in site.get("/lots/1", who).get_data(as_text=True)


def test_no_price_stands_in_the_audit_of_a_round_before_its_opening(scene: Scene) -> None:
    scene.publish()
    scene.bid_all()
    scene.session.flush()
    entries = scene.session.info["audit_pending"]
    told = " ".join(str(entry.facts) for entry in entries)
    assert "0.5000" not in told and "1.0500" not in told


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_exported_table_gives_the_command_line_the_same_result(site: Site, tmp_path: Path, form: str) -> None:
    with site.scene() as scene:
        scene.publish("batch-10")
        scene.bid(1, {1: ("0.5000", "0.2900"), 2: "1.0000"})
        scene.bid(2, {1: ("0.8000", "0.1200"), 2: "1.1000"})
        scene.bid(3, {1: "1.4000", 2: "1.0000"})
        scene.bid(4, {1: "1.5000"})
        scene.does(opening.open_bids, at=OPENED)
        scene.does(evaluation.evaluate, at=OPENED)
        scene.revive(LATER, {3: True})
    files = {name: tmp_path / name for name in (f"table.{form}", "rules.toml", "draws.json", "result.json")}
    for name, path in files.items():
        answer = site.get(f"/{name}", "officer")
        assert answer.status_code == 200, name
        path.write_bytes(answer.get_data())
    arguments = [
        "evaluate", str(files[f"table.{form}"]), "--rules", str(files["rules.toml"]), "--regions", "3",
        "--draws", str(files["draws.json"]),
    ]  # fmt: skip
    done = CliRunner().invoke(award, arguments)
    assert done.exit_code == 0, done.output
    shown = json.loads(files["result.json"].read_text("utf-8"))
    assert json.loads(done.stdout) == shown
    with site.scene() as scene:
        stored = latest(scene, 1)
        winners = {one["company"]: one["award_unit_price"] for one in shown["varieties"][0]["winners"]}
        won = {one.company.name: one for one in stored.values() if one.outcome is Outcome.WON}
        assert {name: Decimal(price) for name, price in winners.items()} == {
            name: one.winning_price for name, one in won.items()
        }


def test_every_act_is_in_the_chain(site: Site) -> None:
    with site.scene() as scene:
        scene.awarded()
    with site.scene() as scene:
        tags = set(scene.session.scalars(select(AuditEntry.tag)))
        assert list(verify(scene.session)) == []
    assert {
        Tag.ROUND_CREATED, Tag.ROUND_PUBLISHED, Tag.ROUND_OPENED, Tag.ROUND_EVALUATED, Tag.ROUND_ANNOUNCED,
        Tag.ROUND_DRAFTED, Tag.ROUND_AWARDED,
    } <= tags  # fmt: skip


def test_a_national_round_is_evaluated_and_stored_whole(session: Session) -> None:
    regions = [f"{320000 + number}" for number in range(31)]
    scene = populate(session, lots=65, companies=28, regions=regions)
    round_ = scene.publish("batch-11")
    prices = {
        lot: {
            1 + (lot * 5 + place) % 28: f"{Decimal('0.3') + Decimal(place * (lot % 7 + 3)) / 100:.4f}"
            for place in range(14)
        }
        for lot in scene.lots
    }
    open_directly(scene, prices)
    round_.box.state, round_.state = BoxState.OPENED, RoundState.OPENED
    session.flush()
    scene.does(evaluation.evaluate, at=LATER)
    session.flush()
    assert session.scalar(select(func.count(Decision.id))) == 65 * 14
