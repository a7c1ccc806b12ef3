"""Compute a run: gather, score, figure, keep it with all that went in. A correction makes a new version.

Hospitals are taken some at a time. Those whose inputs and score are what they were in the version before are not
figured again: their lines are copied inside the database, which gives what figuring them would have given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.columns import canonical
from kernel.db import batches, roomy
from kernel.errors import Conflict, Invalid, Issue
from kernel.policy import Parameters
from kernel.rulebooks import queries as sets
from kernel.rulebooks.flow import SetState
from kernel.sets import learn
from procurement.retention.figuring.rules import figures, k_of
from procurement.retention.flow import RUN_FLOW, Indicator, RunAction, RunState
from procurement.retention.models.inputs import RuleVersion
from procurement.retention.models.runs import RetentionRun, RunLine, RunShare
from procurement.retention.queries import fiscal, runs
from procurement.retention.queries.earlier import Earlier, earlier
from procurement.retention.queries.gathering import gathered
from procurement.retention.queries.ground import Ground, ground
from procurement.retention.queries.indicators import Values, values
from procurement.retention.scoring.rules import points, total, weights
from procurement.retention.services import keeping
from procurement.retention.services.keeping import Part, Pointing
from procurement.retention.sets.rules import read
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.tags import Tag

TOGETHER = 100
"""Hospitals that are in memory at once."""


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
    previous = runs.last(session, round_id, year, area_code)
    replaced = _after(session, previous, reason)
    found = ground(session, round_=round_, year=year, area_code=area_code)
    before = earlier(session, previous, rules)
    run = _begun(session, round_, found, area_code, rules, before, reason, actor, at)
    if previous is not None:
        previous.state = replaced
    with roomy(session):
        _fill(session, run, found, before, rules)
    learn(session, RunLine.__table__, RunShare.__table__)
    told = {"round": round_.code, "year": year, "area": area_code, "number": run.number, "rules": rules.name,
            "reason": reason, "retained": run.retained, "digest": run.digest}  # fmt: skip
    record(session, Tag.RETENTION_COMPUTED, run, actor, at, told)
    return run


def _approved(session: Session, rules_id: int) -> RuleVersion:
    found = sets.one(session, RuleVersion, rules_id)
    if found.state is not SetState.APPROVED:
        raise Conflict("retention-rules-unapproved", title=found.name)
    return found


def _after(session: Session, previous: RetentionRun | None, reason: str) -> RunState:
    """Return the state of the version before once it is out of force; whoever does so says why."""
    if previous is None:
        return RunState.REPLACED
    state = RUN_FLOW.after(previous.state, RunAction.REPLACE)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    runs.must_be_settled(session, previous)
    return state


def _begun(
    session: Session, round_: Round, found: Ground, area_code: str, rules: RuleVersion, before: Earlier, reason: str,
    actor: Actor, at: datetime,
) -> RetentionRun:  # fmt: skip
    run = RetentionRun(
        round_id=round_.id, year=found.year, area_code=area_code, number=before.number + 1, previous_id=before.run_id,
        rules_id=rules.id, reason=reason.strip(), starts=found.starts, ends=found.ends, digest="", lines_count=0,
        made_by_id=actor.user_id, made_at=at, state=RunState.DRAFT,
    )  # fmt: skip
    session.add(run)
    session.flush()  # its lines name its id
    return run


def _fill(session: Session, run: RetentionRun, found: Ground, before: Earlier, rules: RuleVersion) -> None:
    """Write all parts of a run and add them up.

    The hash is over all that went in: the same inputs give the same hash, and the same figures to the last byte.
    """
    held, told = read(rules.values), hashlib.sha256(canonical(rules.values).encode())
    parts, same = list[Part](), list[int]()
    for some in batches(found.regions, TOGETHER):
        fresh = []
        for part in _parts(session, found, some, before, held):
            told.update(part.digest.encode())
            parts.append(part)
            sums = before.same(part.hospital_id, part.digest, part.score)
            if sums is None:
                _figure(part, held)
                fresh.append(part)
            else:
                part.sums = sums
                same.append(part.hospital_id)
        keeping.lines(session, run, fresh, before.answers(session, [part.hospital_id for part in fresh]))
        for part in parts[-len(some) :]:
            part.let_go()
    keeping.copied(session, run, before, same)
    keeping.points(session, run, parts)
    keeping.shares(session, run, parts)
    run.digest = told.hexdigest()


def _parts(
    session: Session, found: Ground, hospitals: Sequence[int], before: Earlier, held: Parameters
) -> Iterator[Part]:  # fmt: skip
    """Gather and score hospitals."""
    lines = gathered(session, found, hospitals)
    if held.value("fiscal_year") == "split":
        fiscal.split(session, found, lines)
    known = values(session, found, lines)
    for hospital, each in lines.items():
        pointed = _pointed(hospital, known[hospital], before, held)
        score, scored = total(one.points for one in pointed.values())
        told = keeping.digest(known[hospital], each.values())
        yield Part(hospital, pointed, score, scored, told, len(each), list(each.values()))


def _figure(part: Part, held: Parameters) -> None:
    part.figures = list(figures(part.lines, k_of(part.score, held), held))
    part.sums = keeping.added(part.figures)


def _pointed(hospital: int, known: Values, before: Earlier, held: Parameters) -> dict[Indicator, Pointing]:
    """Return the points of every indicator: the ledger's, or those people gave to the version before."""
    found = {}
    for indicator in weights(held):
        kept = before.points.get((hospital, indicator))
        found[indicator] = (
            Pointing(known[indicator], points(indicator, known[indicator], held))
            if kept is None
            else Pointing(kept.value, kept.points, kept.source, kept.reason)
        )
    return found
