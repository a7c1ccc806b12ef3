"""Companies submit applications, mend returned ones, withdraw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, Issue, NotFound
from kernel.files.services import keep
from pricing.applications.flow import APPLICATION_FLOW, OPEN, ApplicationAction, ApplicationState
from pricing.applications.models import ListingApplication
from pricing.applications.queries import applications as queries
from pricing.applications.queries.faults import faults_of
from pricing.applications.queries.knowing import known
from pricing.applications.rules import Draft, Known, checks, failed
from pricing.tags import Tag

MOST_FILES = 10


def submit(session: Session, *, draft: Draft, actor: Actor, at: datetime) -> ListingApplication:
    """Submit one application. Raises Invalid with every mistake."""
    wrong, beside = faults_of(session, drafts=[draft], actor=actor, at=at)
    if wrong[0]:
        raise Invalid(wrong[0])
    return _write(session, [(draft, beside[0])], actor, at)[0]


def submit_many(session: Session, *, drafts: Sequence[Draft], actor: Actor, at: datetime) -> list[ListingApplication]:
    """Submit what a workbook holds, all or none."""
    wrong, beside = faults_of(session, drafts=drafts, actor=actor, at=at)
    if any(wrong):
        raise Conflict("changed-meanwhile")
    return _write(session, list(zip(drafts, beside, strict=True)), actor, at)


def _write(
    session: Session, pairs: Sequence[tuple[Draft, Known]], actor: Actor, at: datetime
) -> list[ListingApplication]:
    if actor.user_id is None or actor.organisation_id is None:
        raise Forbidden
    made = []
    for draft, beside in pairs:
        one = ListingApplication(
            company_id=actor.organisation_id, state=ApplicationState.SUBMITTED, submitted_by_id=actor.user_id,
            submitted_at=at, **asdict(draft), **_checked(draft, beside),
        )  # fmt: skip
        made.append(one)
    session.add_all(made)
    session.flush()  # the audit events name them
    for one in made:
        facts = {"purpose": one.purpose, "price": one.price, "before": one.before, "failed": one.failed}
        record(session, Tag.LISTING_APPLICATION_SUBMITTED, one, actor, at, facts)
    return made


def _checked(draft: Draft, beside: Known) -> dict[str, Any]:
    steps = checks(draft, beside)
    return {"before": beside.stands, "checks": [step.as_dict() for step in steps], "failed": failed(steps)}


def look_again(session: Session, found: Sequence[ListingApplication], at: datetime) -> None:
    """Check applications anew, as prices stand now."""
    drafts = [queries.draft(one) for one in found]
    for one, draft, beside in zip(found, drafts, known(session, drafts, at) if drafts else [], strict=True):
        for name, value in _checked(draft, beside).items():
            setattr(one, name, value)


def mend(
    session: Session, *, application_id: int, draft: Draft, version: int, actor: Actor, at: datetime
) -> ListingApplication:
    """Submit a returned application anew, about the same product, region, kind and purpose."""
    found = _own(session, application_id, actor)
    state = APPLICATION_FLOW.after(found.state, ApplicationAction.SUBMIT)
    if found.version != version:
        raise Conflict("changed-meanwhile")
    if draft.key != (found.product_id, found.region_code, found.kind) or draft.purpose is not found.purpose:
        raise DomainError("application-another")
    wrong, beside = faults_of(session, drafts=[draft], actor=actor, at=at, own=found.id)
    if wrong[0]:
        raise Invalid(wrong[0])
    before = found.price
    for name, value in {**asdict(draft), **_checked(draft, beside[0])}.items():
        setattr(found, name, value)
    found.state, found.submitted_at, found.back, found.checked_by_id, found.checked_at = state, at, None, None, None
    found.submitted_by_id = actor.user_id or found.submitted_by_id
    facts = {"price": found.price, "before": before, "failed": found.failed}
    record(session, Tag.LISTING_APPLICATION_SUBMITTED, found, actor, at, facts)
    return found


def withdraw(session: Session, *, application_id: int, actor: Actor, at: datetime) -> ListingApplication:
    """Take an application back before it is approved."""
    found = _own(session, application_id, actor)
    found.state = APPLICATION_FLOW.after(found.state, ApplicationAction.WITHDRAW)
    record(session, Tag.LISTING_APPLICATION_WITHDRAWN, found, actor, at, {})
    return found


def attach(
    session: Session, *, application_id: int, files: Sequence[tuple[str, bytes]], actor: Actor, at: datetime
) -> None:
    """Keep documents with an application that is not decided."""
    found = _own(session, application_id, actor)
    if found.state not in (*OPEN, ApplicationState.RETURNED):
        raise Conflict("wrong-state", state=found.state, action=ApplicationAction.SUBMIT)
    if len(queries.files(session, found)) + len(files) > MOST_FILES:
        raise Invalid({"file": Issue("application-files", facts={"most": MOST_FILES})})
    for name, content in files:
        keep(session, parent_kind=queries.KIND, parent_id=found.id, name=name, content=content, actor=actor, at=at)
    record(session, Tag.LISTING_APPLICATION_FILES, found, actor, at, {"count": len(files)})


def _own(session: Session, application_id: int, actor: Actor) -> ListingApplication:
    found = queries.held(session, [application_id], actor)
    if not found or found[0].company_id != actor.organisation_id:
        raise NotFound(application=application_id)
    return found[0]
