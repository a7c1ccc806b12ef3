"""A correction figures only the hospitals whose inputs changed, and gives what a whole run of the same inputs gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from procurement.retention.flow import DisputeState, Exempting, LineState, Term
from procurement.retention.models.runs import LineDispute, RetentionRun, RunLine, RunShare
from procurement.retention.queries.changes import changes
from procurement.retention.services import answering, assessing
from tests.procurement.orders.market import NOW

from .scene import Scene, other

OWN = {"id", "run_id"}


def rows(session: Session, run: RetentionRun, model: Any = RunLine) -> dict[tuple[int, int], dict[str, Any]]:
    """Return all that is written of a run but its ids, by hospital and lot."""
    columns = [column for column in model.__table__.c if column.name not in OWN]
    found = session.execute(select(*columns).where(model.run_id == run.id)).mappings()
    return {(row["hospital_id"], row.get("lot_id", 0)): dict(row) for row in found}


def whole(session: Session, scene: Scene, run: RetentionRun) -> RetentionRun:
    """Compute again with nothing to take over."""
    session.execute(update(RunShare).where(RunShare.run_id == run.id).values(digest=""))
    return scene.compute(session, "复算")


def test_a_correction_gives_what_a_whole_run_gives(session: Session, scene: Scene) -> None:
    scene.scored(session, scene.compute(session))
    other(session, scene, 700)
    corrected = scene.compute(session, "更正")
    written, shares = rows(session, corrected), rows(session, corrected, RunShare)
    again = whole(session, scene, corrected)
    assert (rows(session, again), rows(session, again, RunShare)) == (written, shares)
    assert again.digest == corrected.digest and again.retained == corrected.retained > 0


def test_a_hospital_of_which_nothing_changed_is_copied_and_not_figured(session: Session, scene: Scene) -> None:
    h1, h2 = (scene.market.organisations[name] for name in ("h1", "h2"))
    first = scene.scored(session, scene.compute(session))
    session.execute(update(RunLine).where(RunLine.run_id == first.id).values(budget=Decimal("1.23")))  # a mark
    other(session, scene, 700)
    second = scene.compute(session, "更正")
    marked = {hospital for (hospital, _lot), row in rows(session, second).items() if row["budget"] == Decimal("1.23")}
    assert marked == {h2}
    found = changes(session, second)
    assert {one.line.hospital_id for one in found} == {h1}
    assert changes(session, second, most=1) == found[:1]
    assert changes(session, second, hospital_id=h1) == found
    assert changes(session, second, hospital_id=h1 + 1) == []


def test_another_rule_set_figures_everybody_again(session: Session, scene: Scene) -> None:
    first = scene.scored(session, scene.compute(session))
    session.execute(update(RunLine).where(RunLine.run_id == first.id).values(budget=Decimal("1.23")))
    session.execute(update(RetentionRun).where(RetentionRun.id == first.id).values(rules_id=scene.rules + 1))
    session.expire_all()
    second = scene.compute(session, "换规则")
    assert all(row["budget"] != Decimal("1.23") for row in rows(session, second).values())
    assert len(changes(session, second)) == 0  # the terms are the same, only the mark is gone


def test_an_exemption_of_this_version_and_of_the_next_count_the_same(session: Session, scene: Scene) -> None:
    first = scene.scored(session, scene.compute(session))
    query = select(RunLine).where(RunLine.run_id == first.id, ~RunLine.completed).order_by(RunLine.id)
    line = session.scalars(query).first()
    assert line is not None
    key = line.hospital_id, line.lot_id
    assessing.exempt(
        session, line_id=line.id, cause=Exempting.SHORTAGE, reason="停产", actor=scene.market.actors["agency"], at=NOW
    )
    session.flush()
    before = rows(session, first)[key]
    after = rows(session, scene.compute(session, "再算"))[key]
    assert before["exempt"] and after["exempt"] and before["k"] == after["k"]


def test_a_granted_dispute_opens_its_line_though_nothing_was_corrected(session: Session, scene: Scene) -> None:
    run, actors = scene.sent(session), scene.market.actors
    line = session.scalars(
        select(RunLine).where(RunLine.run_id == run.id, RunLine.lot_id == scene.lots["a"]).order_by(RunLine.id)
    ).first()
    assert line is not None
    key = line.hospital_id, line.lot_id
    who = {scene.market.organisations[name]: f"{name}-finance" for name in ("h1", "h2")}[line.hospital_id]
    made = answering.dispute(
        session, line_id=line.id, term=Term.N, text="已退货", evidence=[], actor=actors[who], at=NOW
    )
    answering.confirm(session, run_id=run.id, line_ids=None, actor=actors[who], at=NOW)
    answering.decide(session, dispute_id=made.id, granted=True, answer="更正", actor=actors["agency"], at=NOW)
    session.flush()
    found = rows(session, scene.compute(session, "复核"))
    states = {lot: row["state"] for (hospital, lot), row in found.items() if hospital == key[0]}
    assert states == {scene.lots["a"]: LineState.OPEN, scene.lots["b"]: LineState.CONFIRMED}
    assert session.get_one(LineDispute, made.id).state is DisputeState.GRANTED
