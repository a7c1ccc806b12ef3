"""Cases as far as the reader may see them: a company its own once they are sent, the bureau and its overseers all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from catalogue.drugs.models import Product, Specification
from catalogue.search.queries import matching_ids
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.auth.scopes import sees_all
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.files import queries as stored
from kernel.files.models import StoredFile
from kernel.parties.models import Region
from pricing.governance.cases.flow import (
    BUREAU,
    CLOSED,
    COMPANY,
    DATED,
    HIDDEN,
    INTERNAL,
    PUBLIC,
    CaseReason,
    CaseState,
)
from pricing.governance.cases.models import CaseLine, CaseStep, PriceCase
from pricing.governance.cases.rules import ESCALATED, SOON

KIND = "price_case"
WAITS, OPEN, EVERY = "waits", "open", "all"
_LINES = selectinload(PriceCase.lines).selectinload(CaseLine.product)
_WHOLE = (
    _LINES.joinedload(Product.specification).joinedload(Specification.variety), selectinload(PriceCase.company),
    selectinload(PriceCase.region), selectinload(PriceCase.organisation),
)  # fmt: skip


class Stale(Conflict):
    """Somebody else acted in the case since it was opened; what was written is not lost, it is shown beside."""

    code = "case-changed"


def visible(actor: Actor) -> Select[PriceCase]:
    """Return the cases the actor may see."""
    query = select(PriceCase).options(*_WHOLE)
    if sees_all(actor):
        return query
    return query.where(PriceCase.company_id == actor.organisation_id, PriceCase.state.not_in(HIDDEN))


def one(session: Session, case_id: int, actor: Actor) -> PriceCase:
    """Return a case, or NotFound."""
    found = session.scalars(visible(actor).where(PriceCase.id == case_id)).one_or_none()
    if found is None:
        raise NotFound(case=case_id)
    return found


def held(session: Session, case_id: int, actor: Actor) -> PriceCase:
    """Return a case with its row locked, read anew, or NotFound."""
    query = visible(actor).where(PriceCase.id == case_id).with_for_update(of=PriceCase)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(case=case_id)
    return found


def handled(session: Session, case_id: int, actor: Actor) -> PriceCase:
    """Return a case of the actor's bureau with its row locked; what another bureau keeps is only read."""
    found = held(session, case_id, actor)
    if actor.user_id is None or actor.organisation_id != found.organisation_id or not actor.may(P.CASE_WRITE):
        raise Forbidden
    return found


def owned(session: Session, case_id: int, actor: Actor) -> PriceCase:
    """Return a case of the actor's company with its row locked."""
    found = held(session, case_id, actor)
    if actor.user_id is None or actor.organisation_id != found.company_id or not actor.may(P.CASE_ANSWER):
        raise Forbidden
    return found


def steps(session: Session, found: PriceCase, actor: Actor) -> Sequence[CaseStep]:
    """Return the steps of a case that the reader may see, the first one first."""
    query = select(CaseStep).where(CaseStep.case_id == found.id).order_by(CaseStep.id)
    return session.scalars(query if sees_all(actor) else query.where(CaseStep.action.not_in(INTERNAL))).all()


def as_seen(session: Session, case_id: int, actor: Actor, seen: int | None) -> None:
    """Lock a case, and raise Stale where its last step is another than the reader saw; 0: there was none yet."""
    found = held(session, case_id, actor)
    known = steps(session, found, actor)
    if seen is not None and seen != (known[-1].id if known else 0):
        raise Stale(case=case_id)


def files(session: Session, found: PriceCase) -> Sequence[StoredFile]:
    """Return the attachments of a case; both sides see them."""
    return stored.of_parent(session, KIND, found.id)


def in_state(states: Sequence[CaseState], at: datetime) -> Any:
    """Say in SQL whether a case is in one of the states that the clock shows."""
    late = and_(PriceCase.state == CaseState.ASKED, PriceCase.due_at <= at)
    kept: list[Any] = [PriceCase.state.in_([one for one in states if one not in (CaseState.ASKED, CaseState.OVERDUE)])]
    if CaseState.OVERDUE in states:
        kept.append(late)
    if CaseState.ASKED in states:
        kept.append(and_(PriceCase.state == CaseState.ASKED, PriceCase.due_at > at))
    return or_(*kept)


def waiting_states(actor: Actor) -> tuple[CaseState, ...]:
    """Return in which states a case waits for the reader's side."""
    return COMPANY if actor.supplies else BUREAU if actor.may(P.CASE_WRITE) else ()


def asked(parts: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address; what is open comes first."""
    state, reason = parts.get("state", ""), parts.get("reason", "")
    open_ = tuple(one for one in CaseState if one not in CLOSED)
    states = {WAITS: waiting_states(actor), EVERY: tuple(CaseState)}.get(state, open_)
    return {
        "states": (CaseState(state),) if state in set(CaseState) else states,
        "reason": CaseReason(reason) if reason in set(CaseReason) else None,
        "text": parts.get("q", "").strip()[:80], "region_code": parts.get("region", "").strip()[:12],
    }  # fmt: skip


def listing(
    actor: Actor, at: datetime, *, states: Sequence[CaseState], reason: CaseReason | None = None, text: str = "",
    region_code: str = "",
) -> Select[PriceCase]:  # fmt: skip
    """Return the query of the list: what is in its state longest first."""
    query = visible(actor).where(in_state(states, at))
    if reason is not None:
        query = query.where(PriceCase.reason == reason)
    if region_code:
        query = query.where(PriceCase.region_code == region_code)
    if text:
        ids = matching_ids(text, kind="product")
        of = select(CaseLine.case_id)
        query = query.where(false() if ids is None else PriceCase.id.in_(of.where(CaseLine.product_id.in_(ids))))
    return query.order_by(PriceCase.moved_at, PriceCase.id)


def tally(session: Session, actor: Actor, at: datetime) -> dict[CaseState, int]:
    """Count the reader's cases by the state that the clock shows."""
    ids = visible(actor).with_only_columns(PriceCase.id)
    late = func.coalesce(PriceCase.due_at <= at, false())
    query = select(PriceCase.state, late, func.count()).where(PriceCase.id.in_(ids)).group_by(PriceCase.state, late)
    found: dict[CaseState, int] = {}
    for state, over, count in session.execute(query):
        shown = CaseState.OVERDUE if state is CaseState.ASKED and over else state
        found[shown] = found.get(shown, 0) + count
    return found


def regions(session: Session) -> list[tuple[str, str]]:
    """Return the regions that have cases, as the filter's choices."""
    known = select(PriceCase.region_code).distinct()
    query = select(Region.code, Region.name).where(Region.code.in_(known)).order_by(Region.code)
    return [(code, name) for code, name in session.execute(query)]


def due(at: datetime) -> Select[PriceCase]:
    """Return cases whose deadline is near or over and of which not everything was told, locked."""
    query = select(PriceCase).options(_LINES, selectinload(PriceCase.region)).where(
        PriceCase.state.in_(DATED), PriceCase.due_at <= at + SOON, PriceCase.told < ESCALATED
    )  # fmt: skip
    return query.order_by(PriceCase.id).with_for_update(of=PriceCase, skip_locked=True)


def exposed() -> Select[PriceCase]:
    """Return what everybody may read of: companies that did not keep their commitment, the latest first."""
    query = select(PriceCase).options(*_WHOLE).where(PriceCase.state.in_(PUBLIC))
    return query.order_by(PriceCase.exposed_at.desc(), PriceCase.id.desc())
