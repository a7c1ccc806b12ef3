"""Write a run's lines, points and shares: as whole columns, and copied inside the database where nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import case, insert, literal, select
from sqlalchemy.orm import Session

from kernel.columns import canonical
from kernel.db import insert_rows
from kernel.money import from_whole, to_whole
from kernel.sets import among
from procurement.retention.figuring.rules import F, Figures, N
from procurement.retention.flow import Indicator, LineState, Scored
from procurement.retention.models.runs import Points, RetentionRun, RunLine, RunShare
from procurement.retention.queries.earlier import ANSWERED, INPUTS, SUMS, Answer, Earlier, inputs
from procurement.retention.queries.gathering import Given
from procurement.retention.queries.indicators import Values


@dataclass(frozen=True, slots=True)
class Pointing:
    """One indicator's points of a hospital."""

    value: Decimal | None
    points: Decimal | None
    source: Scored = Scored.LEDGER
    reason: str = ""


@dataclass(slots=True)
class Part:
    """One hospital in a run; `sums` in fen, `lines` and `figures` only until they are written."""

    hospital_id: int
    pointed: Mapping[Indicator, Pointing]
    score: Decimal
    scored: bool
    digest: str
    lines_count: int
    lines: Sequence[Given] = ()
    figures: Sequence[Figures] = ()
    sums: dict[str, int] = field(default_factory=dict)

    @property
    def keys(self) -> list[tuple[int, int]]:
        """Return hospital and lot of the lines."""
        return [(self.hospital_id, one.lot_id) for one in self.lines]

    def let_go(self) -> None:
        """Forget what is written."""
        self.lines = self.figures = ()


def digest(known: Values, lines: Iterable[Given]) -> str:
    """Hash all that goes into a hospital's figures."""
    return hashlib.sha256(canonical([known, [(one.lot_id, *inputs(one)) for one in lines]]).encode()).hexdigest()


def added(figures: Iterable[Figures]) -> dict[str, int]:
    """Add up what a hospital's lines come to, in fen; where bases set each other off it never owes anything."""
    columns = dict(zip(Figures._fields, map(sum, zip(*figures, strict=True)), strict=False))
    sums = {name: columns.get(name, 0) for name in SUMS}
    return {**sums, "retained": max(0, sums["retained"])}


def lines(session: Session, run: RetentionRun, parts: Sequence[Part], said: Mapping[tuple[int, int], Answer]) -> None:
    """Write the lines of hospitals that were figured; an answer stays with a line in which nothing changed."""
    keys = list(chain.from_iterable(part.keys for part in parts))
    if not keys:
        return
    givens = list(chain.from_iterable(part.lines for part in parts))
    done = list(chain.from_iterable(part.figures for part in parts))
    scores = [score for part in parts for score in [to_whole(part.score, F)] * len(part.lines)]
    columns: dict[str, Sequence[Any]] = {
        "run_id": [run.id] * len(keys),
        "hospital_id": [hospital for hospital, _lot in keys],
        "lot_id": [lot for _hospital, lot in keys],
        "score": scores,
        "state": [
            _answer(said.get(key), given, score, one)
            for key, given, score, one in zip(keys, givens, scores, done, strict=True)
        ],
    }
    columns |= {name: list(map(attrgetter(name), givens)) for name in INPUTS}
    columns |= dict(zip(Figures._fields, zip(*done, strict=True), strict=True))
    insert_rows(session, RunLine.__table__, columns=columns, whole=True)


def _answer(said: Answer | None, given: Given, score: int, done: Figures) -> LineState:
    same = said is not None and said[1] == (*inputs(given), score, done.retained)
    return said[0] if said is not None and same else LineState.OPEN


def copied(session: Session, run: RetentionRun, before: Earlier, hospitals: Collection[int]) -> None:
    """Copy the lines of hospitals of which nothing changed; a granted dispute opens its line again."""
    if not hospitals:
        return
    stays = RunLine.state.in_(ANSWERED) & ~among(RunLine.id, before.granted)
    state = case((stays, RunLine.state), else_=LineState.OPEN)
    names = ("hospital_id", "lot_id", "score", *INPUTS, *Figures._fields)
    query = select(literal(run.id), state, *(getattr(RunLine, name) for name in names))
    query = query.where(RunLine.run_id == before.run_id, among(RunLine.hospital_id, hospitals))
    session.execute(insert(RunLine).from_select(["run_id", "state", *names], query.order_by(RunLine.id)))


def points(session: Session, run: RetentionRun, parts: Sequence[Part]) -> None:
    """Write the points of every hospital."""
    rows = [(part.hospital_id, indicator, one) for part in parts for indicator, one in part.pointed.items()]
    columns: dict[str, Sequence[Any]] = {
        "run_id": [run.id] * len(rows),
        "hospital_id": [hospital for hospital, _indicator, _one in rows],
        "indicator": [indicator for _hospital, indicator, _one in rows],
    }
    for name in ("value", "points", "source", "reason"):
        columns[name] = [getattr(one, name) for _hospital, _indicator, one in rows]
    if rows:
        insert_rows(session, Points.__table__, columns=columns)


def shares(session: Session, run: RetentionRun, parts: Sequence[Part]) -> None:
    """Write what each hospital retains, and what all of them do."""
    columns: dict[str, Sequence[Any]] = {"run_id": [run.id] * len(parts), "distribution": [""] * len(parts)}
    for name in ("hospital_id", "lines_count", "scored", "digest"):
        columns[name] = [getattr(part, name) for part in parts]
    columns["score"] = [to_whole(part.score, F) for part in parts]
    columns |= {name: [part.sums[name] for part in parts] for name in SUMS}
    insert_rows(session, RunShare.__table__, columns=columns, whole=True)
    run.lines_count = sum(part.lines_count for part in parts)
    for name in SUMS:
        setattr(run, name, from_whole(sum(part.sums[name] for part in parts), N))
