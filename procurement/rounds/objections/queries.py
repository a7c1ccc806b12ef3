"""Objections as readers may see them: the agency and supervisors all, objectors their own, the concerned a part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.auth.actor import Actor
from kernel.errors import Issue, NotFound
from kernel.files import queries as files
from kernel.files.models import StoredFile
from kernel.identity import record_id
from kernel.parties.models import Organisation
from procurement.bids.models import Bid, OpenedLine
from procurement.demand.models import Lot, Report
from procurement.rounds.flow import RoundState
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.objections.flow import (
    CORRECTS,
    OPEN,
    Finding,
    Ground,
    ObjectionState,
    Standing,
    receives,
)  # fmt: skip
from procurement.rounds.objections.models import Objection
from procurement.rounds.queries import results
from procurement.rounds.queries.rounds import is_inside

EVIDENCE, REPLY, COMMENT = "objection", "objection_reply", "objection_comment"
"""What files belong to: the objection itself, its reply, what the company concerned said."""


def _may_read(actor: Actor) -> ColumnElement[bool]:
    if is_inside(actor):
        return true()
    return Objection.organisation_id == actor.organisation_id if actor.organisation_id is not None else false()


def _is_about(actor: Actor) -> ColumnElement[bool]:
    if actor.organisation_id is None or actor.runs_platform:
        return false()
    return (Objection.company_id == actor.organisation_id) & (Objection.state != ObjectionState.WITHDRAWN)


def visible(actor: Actor) -> Select[Objection]:
    """Return the objections whose text the actor may read."""
    return select(Objection).where(_may_read(actor))


def known(actor: Actor) -> Select[Objection]:
    """Return the objections the actor knows of: those he may read, and those about his company."""
    return select(Objection).where(or_(_may_read(actor), _is_about(actor)))


def held(session: Session, objection_id: int, actor: Actor) -> Objection:
    """Return an objection the actor knows of with its row locked, or NotFound."""
    query = known(actor).where(Objection.id == objection_id).with_for_update(of=Objection)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(objection=objection_id)
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """An objection with who reads it: somebody inside, its own objector, or the company it is about."""

    objection: Objection
    inside: bool
    own: bool
    concerned: bool

    @property
    def whole(self) -> bool:
        """Say whether the reader sees the confidential part and the evidence."""
        return self.inside or self.own

    @property
    def hears(self) -> bool:
        """Say whether the reader sees the reply: the agency its draft, the objector once it is out."""
        return self.inside or (self.own and self.objection.state is ObjectionState.REPLIED)

    @property
    def sees_comments(self) -> bool:
        """Say whether the reader sees what the company concerned said: the company itself and those inside."""
        return self.inside or self.concerned


def one(session: Session, objection_id: int, actor: Actor) -> Seen:
    """Return an objection as the actor sees it, or NotFound."""
    query = known(actor).where(Objection.id == objection_id).options(*_LOADED, selectinload(Objection.comments))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(objection=objection_id)
    return seen(found, actor)


def seen(found: Objection, actor: Actor) -> Seen:
    """Say how much of an objection the actor sees."""
    inside = is_inside(actor)
    own = not inside and found.organisation_id == actor.organisation_id
    about = not actor.runs_platform and found.company_id is not None and found.company_id == actor.organisation_id
    return Seen(found, inside, own, about)


_LOADED = (
    joinedload(Objection.lot).joinedload(Lot.variety), joinedload(Objection.company),
    joinedload(Objection.organisation), joinedload(Objection.round), joinedload(Objection.evaluation),
)  # fmt: skip


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list page from the parts of its address."""
    return {"round_id": record_id(parts.get("round", "")), "state": parts.get("state", ""),
            "text": parts.get("q", "").strip()[:80]}  # fmt: skip


def listing(actor: Actor, *, round_id: int | None = None, state: str = "", text: str = "") -> Select[Objection]:
    """Return the query of the list page, oldest first: of one round, in one state or open, by receipt or company."""
    query = known(actor).options(*_LOADED).join(Round, Round.id == Objection.round_id)
    query = query.outerjoin(Organisation, Organisation.id == Objection.company_id)
    if round_id is not None:
        query = query.where(Objection.round_id == round_id)
    if state == "open":
        query = query.where(Objection.state.in_(OPEN))
    elif state in {each.value for each in ObjectionState}:
        query = query.where(Objection.state == ObjectionState(state))
    if text:
        held = (Objection.receipt, Organisation.name, Round.title)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in held)))
    return query.order_by(Objection.filed_at, Objection.id)


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """Count the objections the actor knows of by state, and the open ones together."""
    query = known(actor).with_only_columns(Objection.state, func.count()).group_by(Objection.state)
    found = {row[0].value: row[1] for row in session.execute(query)}
    return {"open": sum(found.get(state.value, 0) for state in OPEN), **found}


def waiting(session: Session, actor: Actor) -> Sequence[Objection]:
    """Return the open objections, those due first."""
    query = visible(actor).where(Objection.state.in_(OPEN)).options(*_LOADED)
    return session.scalars(query.order_by(Objection.due_at.nulls_last(), Objection.filed_at)).all()


@dataclass(frozen=True, slots=True)
class Counted:
    """What everybody may know of a round's objections on one ground."""

    ground: Ground
    filed: int
    open: int
    withdrawn: int
    findings: Mapping[Finding, int]


def public(session: Session, round_: Round) -> list[Counted]:
    """Count a round's objections by ground, state and finding, for everybody."""
    query = (
        select(Objection.ground, Objection.state, Objection.finding, func.count())
        .where(Objection.round_id == round_.id)
        .group_by(Objection.ground, Objection.state, Objection.finding)
    )
    rows: dict[Ground, list[tuple[ObjectionState, Finding | None, int]]] = {}
    for ground, state, found, count in session.execute(query):
        rows.setdefault(ground, []).append((state, found, count))
    return [_counted(ground, rows[ground]) for ground in Ground if ground in rows]


def _counted(ground: Ground, rows: Iterable[tuple[ObjectionState, Finding | None, int]]) -> Counted:
    kept = list(rows)
    findings: dict[Finding, int] = {}
    for state, finding, count in kept:
        if state is ObjectionState.REPLIED and finding is not None:  # a drafted finding is nobody's business yet
            findings[finding] = findings.get(finding, 0) + count
    return Counted(
        ground, sum(count for *_, count in kept), sum(count for state, _f, count in kept if state in OPEN),
        sum(count for state, _f, count in kept if state is ObjectionState.WITHDRAWN), findings,
    )  # fmt: skip


def numbers(session: Session, round_: Round) -> tuple[int, int]:
    """Count a round's open objections, and all of them."""
    query = select(Objection.state, func.count()).where(Objection.round_id == round_.id).group_by(Objection.state)
    found = [(state, count) for state, count in session.execute(query)]
    return sum(count for state, count in found if state in OPEN), sum(count for _state, count in found)


def is_open_for(round_: Round, now: datetime) -> bool:
    """Say whether objections to a round are received at an instant."""
    return receives(round_.state is RoundState.ANNOUNCED, round_.publicity_ends, now)


def standing_of(session: Session, round_: Round, actor: Actor) -> Standing:
    """Say as what the actor's organisation objects: as a bidder, a hospital of the round, or one of the public."""
    bid = select(OpenedLine.id).join(Bid).where(Bid.box_id == round_.box_id, Bid.company_id == actor.organisation_id)
    if session.scalar(bid.limit(1)) is not None:
        return Standing.BIDDER
    if actor.buys:
        report = select(Report.id).where(
            Report.call_id == round_.call_id, Report.hospital_id == actor.organisation_id
        )  # fmt: skip
        if session.scalar(report.limit(1)) is not None:
            return Standing.HOSPITAL
    return Standing.PUBLIC


def decided(session: Session, evaluation: Evaluation) -> dict[tuple[int, int], tuple[str, str]]:
    """Return the lots' names and companies' names by (lot number, company), for the form."""
    found = results.decisions(session, evaluation)
    return {(one.lot.number, one.company_id): (one.lot.variety.name, one.company.name) for one in found}


def is_decided_about(session: Session, evaluation: Evaluation, company_id: int, lot_id: int | None) -> bool:
    """Say whether the evaluation decided about a company, in a lot where one is named."""
    query = select(Decision.id).where(Decision.evaluation_id == evaluation.id, Decision.company_id == company_id)
    if lot_id is not None:
        query = query.where(Decision.lot_id == lot_id)
    return session.scalar(query.limit(1)) is not None


def bars(session: Session, round_: Round, evaluation: Evaluation) -> list[Issue]:
    """List what keeps a round from its award: open objections, and upheld ones without a newer evaluation."""
    query = (
        select(Objection)
        .where(Objection.round_id == round_.id)
        .where(Objection.state.in_(OPEN) | Objection.finding.in_(CORRECTS))
        .options(*_LOADED)
        .order_by(Objection.id)
    )
    found = []
    for each in session.scalars(query):
        facts: dict[str, object] = {"receipt": each.receipt, "lot": each.lot.number if each.lot else "",
                 "variety": each.lot.variety.name if each.lot else ""}  # fmt: skip
        if each.state in OPEN:
            found.append(Issue("objection-open" if each.lot else "round-objection-open", facts=facts))
        elif each.state is ObjectionState.REPLIED and evaluation.number <= each.evaluation.number:
            found.append(Issue("correction-missing" if each.lot else "round-correction-missing", facts=facts))
    return found


def objectors(session: Session, round_: Round) -> set[int]:
    """Return the organisations that objected to a round, withdrawn objections left out."""
    query = select(Objection.organisation_id).where(
        Objection.round_id == round_.id, Objection.state != ObjectionState.WITHDRAWN
    )
    return set(session.scalars(query))


def kept(session: Session, shown: Seen) -> dict[str, Sequence[StoredFile]]:
    """Return the files the reader may open: evidence, of the reply once it is out, and by comment."""
    found: dict[str, Sequence[StoredFile]] = {}
    if shown.whole:
        found[EVIDENCE] = files.of_parent(session, EVIDENCE, shown.objection.id)
    if shown.hears:
        found[REPLY] = files.of_parent(session, REPLY, shown.objection.id)
    if shown.sees_comments:
        comments = files.of_parents(session, COMMENT, [each.id for each in shown.objection.comments])
        found |= {f"{COMMENT}-{key}": rows for key, rows in comments.items()}
    return found


def file_of(session: Session, shown: Seen, file_id: int) -> StoredFile:
    """Return one of the files the reader may open, or NotFound."""
    found = [each for rows in kept(session, shown).values() for each in rows if each.id == file_id]
    if not found:
        raise NotFound(file=file_id)
    return found[0]
