"""Compute a run: gather, score, figure, keep it with all that went in. A correction makes a new version."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.columns import canonical
from kernel.db import insert_rows
from kernel.errors import Conflict, Invalid, Issue
from kernel.policy import Parameters
from procurement.retention.figuring.rules import Figures, figures
from procurement.retention.flow import RUN_FLOW, Indicator, LineState, RunAction, RunState, Scored, SetState
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.models.runs import Points, RetentionRun, RunLine, RunShare
from procurement.retention.queries import runs
from procurement.retention.queries.gathering import Gathered, Given, Key, gathered
from procurement.retention.queries.indicators import Values, values
from procurement.retention.rules import ZERO, Line
from procurement.retention.scoring.rules import points, total, weights
from procurement.retention.sets import queries as sets
from procurement.retention.sets.rules import read
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds

SUMS = ("budget", "spend", "base", "retained")


@dataclass(frozen=True, slots=True)
class Pointing:
    """One indicator's points of a hospital."""

    value: Decimal | None
    points: Decimal | None
    source: Scored = Scored.LEDGER
    reason: str = ""


Pointed = dict[int, dict[Indicator, Pointing]]


def compute(
    session: Session, *, round_id: int, year: int, area_code: str, rules_id: int, reason: str = "", actor: Actor,
    at: datetime,
) -> RetentionRun:  # fmt: skip
    """Compute what an area's hospitals retain of a round's agreement year, in one transaction.

    Raises UnsetParameter and Missing with the names of what nobody has filled in. The version before is replaced; what
    its hospitals confirmed stays confirmed where nothing changed.
    """
    round_ = rounds.one(session, round_id, actor)
    rules = _approved(session, rules_id)
    held = read(rules.values)
    previous = runs.last(session, round_id, year, area_code)
    if previous is not None:
        _replace(previous, reason)
        runs.must_be_settled(session, previous)
    found = gathered(session, round_=round_, year=year, area_code=area_code)
    pointed = _pointed(session, values(session, found), previous, held)
    scores = {hospital: total(one.points for one in each.values()) for hospital, each in pointed.items()}
    results = dict(zip(found.lines, _results(found, {key: score for key, (score, _all) in scores.items()}, held),
                       strict=True))  # fmt: skip
    run = _keep(session, round_, year, area_code, rules, previous, reason, found, results, actor, at)
    _points(session, run, pointed)
    _lines(session, run, found, results, scores, _answers(session, previous, found, results, scores))
    _shares(session, run, found, results, scores)
    told = {"round": round_.code, "year": year, "area": area_code, "number": run.number, "rules": rules.name,
            "reason": reason, "retained": run.retained, "digest": run.digest}  # fmt: skip
    record(session, Tag.RETENTION_COMPUTED, run, actor, at, told)
    return run


def _approved(session: Session, rules_id: int) -> RuleVersion:
    found = sets.one(session, rules_id)
    if found.state is not SetState.APPROVED:
        raise Conflict("retention-rules-unapproved", title=found.name)
    return found


def _replace(previous: RetentionRun, reason: str) -> None:
    """Take the version before out of force; whoever does so says why."""
    state = RUN_FLOW.after(previous.state, RunAction.REPLACE)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    previous.state = state


def _pointed(session: Session, known: Mapping[int, Values], previous: RetentionRun | None, held: Parameters) -> Pointed:
    """Return the points of every indicator: the ledger's, or those people gave to the version before."""
    given = runs.given_points(session, previous) if previous is not None else {}
    wanted = weights(held)
    found: Pointed = defaultdict(dict)
    for hospital, figures_ in known.items():
        for indicator in wanted:
            kept = given.get((hospital, indicator))
            value = figures_[indicator]
            found[hospital][indicator] = (
                Pointing(kept.value, kept.points, kept.source, kept.reason)
                if kept is not None
                else Pointing(value, points(indicator, value, held))
            )
    return found


def line_of(key: Key, given: Given, score: Decimal) -> Line:
    """Return what the rule asks for."""
    return Line(
        str(key[0]), str(key[1]), given.q0, given.p0, given.qc, given.pw, given.n, given.r, given.s, score,
        given.completed, given.exempt, given.passed, given.drg, given.r_last, given.s_last,
    )  # fmt: skip


def _results(found: Gathered, scores: Mapping[int, Decimal], held: Parameters) -> list[Figures]:
    lines = (line_of(key, given, scores[key[0]]) for key, given in found.lines.items())
    return list(figures(lines, held))


def _keep(
    session: Session, round_: Round, year: int, area_code: str, rules: RuleVersion, previous: RetentionRun | None,
    reason: str, found: Gathered, results: Mapping[Key, Figures], actor: Actor, at: datetime,
) -> RetentionRun:  # fmt: skip
    run = RetentionRun(
        round_id=round_.id, year=year, area_code=area_code, number=previous.number + 1 if previous else 1,
        previous_id=previous.id if previous else None, rules_id=rules.id, reason=reason.strip(), starts=found.starts,
        ends=found.ends, digest=_digest(rules, found), lines_count=len(found.lines), made_by_id=actor.user_id,
        made_at=at, state=RunState.DRAFT, **_of_area(results),
    )  # fmt: skip
    session.add(run)
    session.flush()  # its lines name its id
    return run


def _digest(rules: RuleVersion, found: Gathered) -> str:
    """Hash all that went in: the same inputs give the same hash, and the same figures to the last byte."""
    told = hashlib.sha256(canonical(rules.values).encode())
    for key, given in found.lines.items():
        told.update(canonical([key, asdict(given)]).encode())
    return told.hexdigest()


def added(results: Iterable[Any]) -> dict[str, Decimal]:
    """Add the figures of lines up."""
    sums = dict.fromkeys(SUMS, ZERO)
    for one in results:
        for name in SUMS:
            sums[name] += getattr(one, name)
    return sums


def of_hospital(results: Iterable[Any]) -> dict[str, Decimal]:
    """Add a hospital's lines up; where bases set each other off it never owes anything."""
    sums = added(results)
    return {**sums, "retained": max(ZERO, sums["retained"])}


def _points(session: Session, run: RetentionRun, pointed: Pointed) -> None:
    rows = [(hospital, indicator, one) for hospital, each in pointed.items() for indicator, one in each.items()]
    columns: dict[str, Sequence[Any]] = {
        "run_id": [run.id] * len(rows),
        "hospital_id": [hospital for hospital, _indicator, _one in rows],
        "indicator": [indicator for _hospital, indicator, _one in rows],
        "value": [one.value for _hospital, _indicator, one in rows],
        "points": [one.points for _hospital, _indicator, one in rows],
        "source": [one.source for _hospital, _indicator, one in rows],
        "reason": [one.reason for _hospital, _indicator, one in rows],
    }
    if rows:
        insert_rows(session, _table(Points), columns=columns)


INPUTS = ("q0", "p0", "qc", "pw", "n", "passed", "drg", "r", "s", "r_last", "s_last", "used", "won", "completed",
          "exempt")  # fmt: skip
COLUMN = {"passed": "n_passed", "drg": "n_drg"}


def _lines(
    session: Session, run: RetentionRun, found: Gathered, results: Mapping[Key, Figures],
    scores: Mapping[int, tuple[Decimal, bool]], answers: Mapping[Key, LineState],
) -> None:  # fmt: skip
    keys, givens, done = list(found.lines), list(found.lines.values()), list(results.values())
    columns: dict[str, Sequence[Any]] = {
        "run_id": [run.id] * len(keys),
        "hospital_id": [hospital for hospital, _lot in keys],
        "lot_id": [lot for _hospital, lot in keys],
        "score": [scores[hospital][0] for hospital, _lot in keys],
        "k": [one.k for one in done],
        "state": [answers.get(key, LineState.OPEN) for key in keys],
    }
    columns |= {COLUMN.get(name, name): [getattr(one, name) for one in givens] for name in INPUTS}
    columns |= {name: [getattr(one, name) for one in done] for name in SUMS}
    insert_rows(session, _table(RunLine), columns=columns)


def _answers(
    session: Session, previous: RetentionRun | None, found: Gathered, results: Mapping[Key, Figures],
    scores: Mapping[int, tuple[Decimal, bool]],
) -> dict[Key, LineState]:  # fmt: skip
    """Return what hospitals said to the version before, of the lines in which nothing changed."""
    if previous is None:
        return {}
    said = {}
    answered = (LineState.CONFIRMED, LineState.DECIDED)
    query = select(RunLine).where(RunLine.run_id == previous.id, RunLine.state.in_(answered))
    granted = runs.granted(session, previous)
    for line in session.scalars(query):
        key = line.hospital_id, line.lot_id
        if key in found.lines and line.id not in granted:
            same = all(getattr(line, COLUMN.get(name, name)) == getattr(found.lines[key], name) for name in INPUTS)
            if same and line.score == scores[key[0]][0] and line.retained == results[key].retained:
                said[key] = line.state
    return said


def by_hospital(results: Mapping[Key, Figures]) -> dict[int, list[Figures]]:
    """Return the figures of each hospital's lines."""
    found: dict[int, list[Figures]] = defaultdict(list)
    for (hospital, _lot), one in results.items():
        found[hospital].append(one)
    return found


def _of_area(results: Mapping[Key, Figures]) -> dict[str, Decimal]:
    parts = [of_hospital(each) for each in by_hospital(results).values()]
    return {name: sum((one[name] for one in parts), ZERO) for name in SUMS}


def _shares(
    session: Session, run: RetentionRun, found: Gathered, results: Mapping[Key, Figures],
    scores: Mapping[int, tuple[Decimal, bool]],
) -> None:  # fmt: skip
    for hospital, each in by_hospital(results).items():
        score, scored = scores[hospital]
        session.add(
            RunShare(
                run_id=run.id, hospital_id=hospital, lines_count=len(each), score=score, scored=scored,
                **of_hospital(each),
            )
        )  # fmt: skip
    session.flush()  # the page that follows reads them


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
