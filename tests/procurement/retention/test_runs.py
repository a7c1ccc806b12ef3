"""Runs from what goes into them to what the hospitals said."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import Conflict, DomainError, Invalid, NotFound, UnsetParameter
from kernel.parties.models import Region
from kernel.rulebooks import queries as sets
from procurement.retention.flow import (
    DisputeState,
    Exempting,
    Indicator,
    LineState,
    RunState,
    Scored,
    Term,
)
from procurement.retention.models.inputs import PoolShare, RuleVersion
from procurement.retention.models.runs import LineDispute, RetentionRun, RunLine, RunShare
from procurement.retention.queries import lines, runs, shares
from procurement.retention.queries.changes import changes
from procurement.retention.queries.ground import Missing
from procurement.retention.services import answering, assessing, computing, paying
from procurement.retention.services.answering import Evidence
from tests.procurement.orders.market import NOW

from .scene import Scene, other

PAPER = Evidence("入库单.pdf", b"%PDF-1.4\n%%EOF\n")


def line(session: Session, scene: Scene, run: RetentionRun, hospital: str = "h1", lot: str = "a") -> RunLine:
    where = RunLine.run_id == run.id, RunLine.lot_id == scene.lots[lot]
    query = select(RunLine).where(*where, RunLine.hospital_id == scene.market.organisations[hospital])
    return session.scalars(query.execution_options(populate_existing=True)).one()


def test_a_run_takes_every_number_from_its_source(session: Session, scene: Scene) -> None:
    other(session, scene, 300)
    one = line(session, scene, scene.compute(session))
    assert (one.q0, one.qc, one.used, one.n, one.r, one.s) == tuple(
        map(Decimal, ("25000", "20000", "20000", "300", "0.6", "0.9"))
    )
    assert (one.p0, one.pw, one.won) == (Decimal("0.6"), Decimal("0.1234"), Decimal("2468.00"))
    assert one.budget == Decimal("8100.00")  # 25 000 × 0.6 × 0.6 × 0.9
    assert one.spend == Decimal("1494.72")  # (20 000 × 0.1234 + 300) × 0.54
    assert one.completed and not line(session, scene, one.run, "h2").completed


def test_the_stored_figures_are_those_of_the_pure_rule(session: Session, scene: Scene) -> None:
    other(session, scene, 12_345, "h2", "b")
    run = scene.scored(session, scene.compute(session))
    held = lines.parameters(run)
    for each in session.scalars(select(RunLine).where(RunLine.run_id == run.id)):
        pure = lines.working(each, held)
        assert (each.budget, each.spend, each.base, each.k, each.retained) == (
            pure.budget, pure.spend, pure.base, pure.k, pure.retained
        )  # fmt: skip
        assert 0 <= each.retained <= each.base / 2


def test_the_parts_add_up_to_the_area(session: Session, scene: Scene) -> None:
    run = scene.scored(session, scene.compute(session))
    session.flush()
    for name in ("budget", "spend", "base", "retained", "earlier"):
        rows = session.scalars(select(RunLine).where(RunLine.run_id == run.id)).all()
        shares = session.scalars(select(RunShare).where(RunShare.run_id == run.id)).all()
        assert getattr(run, name) == sum(getattr(one, name) for one in rows) == sum(getattr(s, name) for s in shares)


def test_the_same_inputs_give_the_same_hash_and_figures(session: Session, scene: Scene) -> None:
    first = scene.compute(session)
    second = scene.compute(session, "复算")
    assert first.digest == second.digest and (first.number, second.number) == (1, 2)
    assert first.state is RunState.REPLACED and changes(session, second) == []
    session.flush()
    assert _written(session, first) == _written(session, second)


def _written(session: Session, run: RetentionRun) -> list[tuple[object, ...]]:
    """Return all that was written of a run's lines but whose they are."""
    kept = [column for column in RunLine.__table__.columns if column.name not in ("id", "run_id", "state")]
    rows = session.execute(select(*kept).where(RunLine.run_id == run.id).order_by(RunLine.hospital_id, RunLine.lot_id))
    return [tuple(map(str, row)) for row in rows]


def test_what_nobody_brought_in_is_named_at_once(session: Session, scene: Scene) -> None:
    session.delete(session.scalars(select(PoolShare)).one())
    with pytest.raises(Missing) as refused:
        scene.compute(session)
    assert refused.value.facts["areas"] == "320100" and refused.value.facts["lots"] == "—"


def test_a_parameter_that_nobody_knows_stops_the_run_by_its_name(session: Session, scene: Scene) -> None:
    yibin = next(one for one in sets.usable(session, RuleVersion) if one.code == "sichuan-yibin")
    with pytest.raises(UnsetParameter) as refused:
        scene.compute(session, rules=yibin.id)
    assert refused.value.parameter == "score.weights"


def test_a_run_is_sent_when_every_indicator_has_points(session: Session, scene: Scene) -> None:
    run = scene.compute(session)
    with pytest.raises(Conflict, match="retention-unscored"):
        paying.send(session, run_id=run.id, actor=scene.market.actors["agency"], at=NOW)
    scene.scored(session, run)
    assert paying.send(session, run_id=run.id, actor=scene.market.actors["agency"], at=NOW).state is RunState.SENT


@pytest.mark.parametrize(("points", "k"), [("59.99", "0"), ("60", "0.4"), ("79.99", "0.4"), ("80", "0.5")])
def test_the_ladder_is_cut_at_its_edges(session: Session, scene: Scene, points: str, k: str) -> None:
    run = scene.scored(session, scene.compute(session))
    hospital = scene.market.organisations["h1"]
    share = shares.one(session, run, hospital, scene.market.actors["agency"])
    row = shares.points(session, run, hospital)[Indicator.COMPLETION]
    rest = share.score - (row.points or 0)
    given = Decimal(points) - rest
    if not 0 <= given <= 30:
        given = Decimal(points) - rest + 15
        assessing.score(
            session, run_id=run.id, hospitals=[hospital], indicator=Indicator.ONLINE, points=Decimal(0),
            source=Scored.DESK, reason="未上线", actor=scene.market.actors["agency"], at=NOW,
        )  # fmt: skip
    assessing.score(
        session, run_id=run.id, hospitals=[hospital], indicator=Indicator.COMPLETION, points=given,
        source=Scored.ON_SITE, reason="现场核查", actor=scene.market.actors["agency"], at=NOW,
    )  # fmt: skip
    one = line(session, scene, run)
    assert (one.score, one.k) == (Decimal(points), Decimal(k))


def test_points_are_refused_above_the_weight_and_without_a_reason(session: Session, scene: Scene) -> None:
    run = scene.compute(session)
    with pytest.raises(Invalid) as refused:
        assessing.score(
            session, run_id=run.id, hospitals=None, indicator=Indicator.ONLINE, points=Decimal("15.01"),
            source=Scored.DESK, reason=" ", actor=scene.market.actors["agency"], at=NOW,
        )  # fmt: skip
    assert set(refused.value.fields) == {"points", "reason"}


def test_an_exemption_opens_the_gate_of_its_line_alone(session: Session, scene: Scene) -> None:
    run = scene.scored(session, scene.compute(session))
    one = line(session, scene, run, "h2")
    assert one.k == 0
    assessing.exempt(
        session, line_id=one.id, cause=Exempting.SHORTAGE, reason="企业停产三个月", actor=scene.market.actors["agency"],
        at=NOW,
    )  # fmt: skip
    assert line(session, scene, run, "h2").exempt and not line(session, scene, run, "h2", "b").exempt


def test_a_granted_dispute_asks_for_a_new_version_with_its_difference(session: Session, scene: Scene) -> None:
    run, actors = scene.sent(session), scene.market.actors
    one = line(session, scene, run)
    made = answering.dispute(
        session,
        line_id=one.id,
        term=Term.N,
        text="线下采购已退货",
        evidence=[PAPER],
        actor=actors["h1-finance"],
        at=NOW,
    )
    assert answering.confirm(session, run_id=run.id, line_ids=None, actor=actors["h1-finance"], at=NOW) == 1
    answering.confirm(session, run_id=run.id, line_ids=None, actor=actors["h2-finance"], at=NOW)
    with pytest.raises(Conflict, match="retention-disputes-open"):
        paying.publish(session, run_id=run.id, actor=actors["agency-second"], at=NOW)
    answering.decide(session, dispute_id=made.id, granted=True, answer="更正", actor=actors["agency"], at=NOW)
    with pytest.raises(Conflict, match="retention-to-correct"):
        paying.publish(session, run_id=run.id, actor=actors["agency-second"], at=NOW)
    other(session, scene, 500)
    again = scene.compute(session, "更正非中选用量")
    session.flush()
    found = changes(session, again)
    changed = {one.line.lot_id: [name for name, _old, _new in one.terms] for one in found}
    assert changed == {scene.lots["a"]: ["n", "score"], scene.lots["b"]: ["score"]}
    assert found[0].by < 0
    states = {(each.hospital_id, each.lot_id): each.state for each in session.scalars(lines.of_run(again)).unique()}
    h1, h2 = scene.market.organisations["h1"], scene.market.organisations["h2"]
    assert states[h1, scene.lots["a"]] is LineState.OPEN
    assert states[h2, scene.lots["a"]] is LineState.CONFIRMED
    assert session.get_one(LineDispute, made.id).state is DisputeState.GRANTED


def test_the_last_steps_need_their_hour_and_another_person(session: Session, scene: Scene) -> None:
    run, actors = scene.sent(session), scene.market.actors
    with pytest.raises(Conflict, match="retention-unanswered"):
        paying.publish(session, run_id=run.id, actor=actors["agency-second"], at=NOW)
    late = NOW + timedelta(days=12)
    with clock.travel(to=late):
        with pytest.raises(Conflict, match="retention-too-late"):
            answering.confirm(session, run_id=run.id, line_ids=None, actor=actors["h1-finance"], at=late)
        with pytest.raises(DomainError, match="same-person"):
            paying.publish(session, run_id=run.id, actor=actors["agency"], at=late)
        paying.publish(session, run_id=run.id, actor=actors["agency-second"], at=late)
        with pytest.raises(Conflict, match="retention-publicity"):
            paying.apply(session, run_id=run.id, document="拨付申请1号", actor=actors["agency"], at=late)
    end = late + timedelta(days=9)
    with clock.travel(to=end):
        paying.apply(session, run_id=run.id, document="拨付申请1号", actor=actors["agency"], at=end)
        with pytest.raises(DomainError, match="same-person"):
            paying.pay(session, run_id=run.id, reference="F1", paid_on=end.date(), actor=actors["agency"], at=end)
        paying.pay(session, run_id=run.id, reference="F1", paid_on=end.date(), actor=actors["agency-second"], at=end)
        with pytest.raises(Conflict, match="retention-unreported"):
            paying.close(session, run_id=run.id, actor=actors["agency"], at=end)
        for who in ("h1-finance", "h2-finance"):
            share = shares.one(session, run, actors[who].organisation_id or 0, actors[who])
            paying.report(
                session, run_id=run.id, distributed=share.retained, text="用于医务人员奖励", actor=actors[who], at=end
            )
        assert paying.close(session, run_id=run.id, actor=actors["agency"], at=end).state is RunState.CLOSED
        with pytest.raises(Conflict):
            scene.compute(session, "再算")


def test_no_hospital_is_asked_by_runs_of_two_areas(session: Session, scene: Scene) -> None:
    session.add(Region(code="320000", name="江海省", parent_code=None))
    session.flush()
    scene.sent(session)
    whole = computing.compute(
        session, round_id=scene.round_id, year=1, area_code="320000", rules_id=scene.rules,
        actor=scene.market.actors["agency"], at=NOW,
    )  # fmt: skip
    with pytest.raises(Conflict, match="retention-overlap"):
        paying.send(session, run_id=scene.scored(session, whole).id, actor=scene.market.actors["agency"], at=NOW)


def test_a_hospital_sees_its_own_lines_of_runs_that_were_sent(session: Session, scene: Scene) -> None:
    run, finance = scene.scored(session, scene.compute(session)), scene.market.actors["h1-finance"]
    with pytest.raises(NotFound):
        runs.one(session, run.id, finance)
    paying.send(session, run_id=run.id, actor=scene.market.actors["agency"], at=NOW)
    session.flush()
    assert runs.one(session, run.id, finance).id == run.id
    with pytest.raises(NotFound):
        lines.one(session, line(session, scene, run, "h2").id, finance)
    with pytest.raises(NotFound):
        answering.dispute(
            session, line_id=line(session, scene, run, "h2").id, term=Term.Q0, text="x", evidence=[], actor=finance,
            at=NOW,
        )  # fmt: skip


def test_the_forecast_goes_on_at_the_pace_of_the_year(session: Session, scene: Scene) -> None:
    other(session, scene, 100)
    run = scene.scored(session, scene.compute(session))
    session.flush()
    found = lines.forecast(session, run, scene.market.organisations["h1"], lines.parameters(run))
    assert found is not None and str(found.elapsed) == "0.167123"  # 61 of 365 days
    # a: (25 000 × 0.6 − 20 000 × 0.1234 − 100 ÷ 0.167123) × 0.54, half of it; of b nothing arrived
    assert found.retained == Decimal("3222.08")


def test_a_page_counts_what_was_said_and_finds_hospitals_by_name(session: Session, scene: Scene) -> None:
    run, agency = scene.compute(session), scene.market.actors["agency"]
    assert shares.said(session, run.id) == {}
    line = session.scalars(select(RunLine).where(RunLine.run_id == run.id).order_by(RunLine.id)).first()
    assert line is not None
    line.state = LineState.DISPUTED
    session.flush()
    assert shares.said(session, run.id) == {line.hospital_id: {LineState.DISPUTED: 1}}
    assert shares.said(session, run.id, [0]) == {}
    everybody = session.scalars(shares.listed(run, agency)).all()
    assert [one.retained for one in everybody] == sorted((one.retained for one in everybody), reverse=True)
    named = session.scalars(shares.listed(run, agency, everybody[0].hospital.name)).all()
    assert [one.id for one in named] == [everybody[0].id]
    assert session.scalars(shares.listed(run, agency, "%")).all() == []
    assert sum(count for _grade, count, _kept in shares.grades(session, run)) == len(everybody)


def test_who_reported_too_much_or_too_little_is_listed(session: Session, scene: Scene) -> None:
    run = scene.compute(session)
    first, share = shares.reporting(session, run, most=True, count=1)[0]
    assert (first.lot_id, str(share)) == (scene.lots["a"], "0.800000")
    assert {str(share) for _line, share in shares.reporting(session, run, most=False, count=3)} == {"0.000000"}
