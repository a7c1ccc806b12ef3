"""Propose, publicise and designate hospitals and pharmacies; a second person decides. Suspend, restore, withdraw."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.dual_channel.flow import DESIGNATION_FLOW, DesignationState
from catalogue.dual_channel.flow import DesignationAction as Action
from catalogue.dual_channel.models.places import Designation
from catalogue.dual_channel.queries import places as queries
from catalogue.dual_channel.queries import regions
from catalogue.dual_channel.rules.conditions import conditions, must_be_second, unmet
from catalogue.tags import Tag
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.errors import Conflict, DomainError
from kernel.notices.services import notify
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from kernel.periods import months_after
from kernel.workdays import add_workdays
from kernel.working import Step


def propose(session: Session, *, organisation_id: int, actor: Actor, at: datetime) -> Designation:
    """Propose a hospital or pharmacy; what entry conditions say of it now is kept, met or not."""
    organisation = queries.place(session, organisation_id)
    rules = regions.governed(session, organisation.id)
    row = queries.of_organisation(session, organisation.id)
    if row is None:
        row = Designation(organisation_id=organisation.id, organisation=organisation, state=DesignationState.PROPOSED)
        session.add(row)
    else:
        row.state = DESIGNATION_FLOW.after(row.state, Action.PROPOSE)
    row.proposed_by, row.proposed_name, row.proposed_at = actor.user_id, actor.name, at
    row.publicity_ends = row.designated_on = row.review_due = row.ended_on = None
    row.reason, row.tested = "", _plain(tests(session, organisation, at))
    session.flush()  # the event and the address name the id
    facts = {"name": organisation.name, "region_code": rules.region_code}
    record(session, Tag.DUAL_PLACE_PROPOSED, row, actor, at, facts)
    return row


def publicise(
    session: Session, *, designation_id: int, version: int | None = None, actor: Actor, at: datetime
) -> Designation:
    """Make a proposal public for as many working days as the region says."""
    row = _held(session, designation_id, version, actor)
    after = DESIGNATION_FLOW.after(row.state, Action.PUBLICISE)
    days = regions.parameters(session, row.organisation.region_code).value("publicity.workdays")
    row.tested = _plain(_met(session, row.organisation, at))
    row.state, row.publicity_ends = after, add_workdays(today(at), days)
    facts = {"name": row.organisation.name, "publicity_ends": row.publicity_ends}
    record(session, Tag.DUAL_PLACE_PUBLICISED, row, actor, at, facts)
    return row


def designate(
    session: Session, *, designation_id: int, version: int | None = None, actor: Actor, at: datetime
) -> Designation:
    """Designate after the publicity, by somebody else than who proposed; the conditions have to hold once more."""
    row = _held(session, designation_id, version, actor)
    after = DESIGNATION_FLOW.after(row.state, Action.DESIGNATE)
    must_be_second(row.proposed_by, actor.user_id, name=actor.name)
    day = today(at)
    if row.publicity_ends is None or day < row.publicity_ends:
        raise Conflict("dual-publicity-runs", day=row.publicity_ends)
    row.tested = _plain(_met(session, row.organisation, at))
    row.state, row.designated_on, row.designated_name = after, day, actor.name
    row.review_due = months_after(day, _months(session, row.organisation))
    _tell(session, row, "dual-designated", at, day=day)
    facts = {"name": row.organisation.name, "review_due": row.review_due}
    record(session, Tag.DUAL_PLACE_DESIGNATED, row, actor, at, facts)
    return row


def suspend(
    session: Session, *, designation_id: int, reason: str, version: int | None = None, actor: Actor, at: datetime
) -> Designation:
    """Suspend a designation: nothing is dispensed there until it is restored."""
    row = end(session, _held(session, designation_id, version, actor), Action.SUSPEND, reason, at)
    record(session, Tag.DUAL_PLACE_SUSPENDED, row, actor, at, {"name": row.organisation.name, "reason": row.reason})
    return row


def withdraw(
    session: Session, *, designation_id: int, reason: str, version: int | None = None, actor: Actor, at: datetime
) -> Designation:
    """Withdraw a designation or a proposal; it can be proposed anew."""
    row = end(session, _held(session, designation_id, version, actor), Action.WITHDRAW, reason, at)
    record(session, Tag.DUAL_PLACE_WITHDRAWN, row, actor, at, {"name": row.organisation.name, "reason": row.reason})
    return row


def restore(
    session: Session, *, designation_id: int, version: int | None = None, actor: Actor, at: datetime
) -> Designation:
    """Let a suspended place dispense again, once the conditions hold; its next review is due a year on."""
    row = _held(session, designation_id, version, actor)
    row.state = DESIGNATION_FLOW.after(row.state, Action.RESTORE)
    row.tested = _plain(_met(session, row.organisation, at))
    row.ended_on, row.reason = None, ""
    row.review_due = months_after(today(at), _months(session, row.organisation))
    record(session, Tag.DUAL_PLACE_RESTORED, row, actor, at, {"name": row.organisation.name})
    return row


def end(session: Session, row: Designation, action: Action, reason: str, at: datetime) -> Designation:
    """Suspend or withdraw with a reason, and tell the place; whoever calls records the event."""
    after = DESIGNATION_FLOW.after(row.state, action)
    if not reason.strip():
        raise DomainError("dual-reason-missing")
    row.state, row.reason, row.ended_on = after, reason.strip()[:500], today(at)
    _tell(session, row, f"dual-{after}", at, reason=row.reason)
    return row


def tests(session: Session, organisation: Organisation, at: datetime) -> tuple[Step, ...]:
    """Test the entry conditions of a pharmacy; hospitals have none."""
    if organisation.kind is not OrganisationKind.PHARMACY:
        return ()
    parameters = regions.parameters(session, organisation.region_code)
    return conditions(queries.facts(session, organisation), parameters, today(at))


def _met(session: Session, organisation: Organisation, at: datetime) -> tuple[Step, ...]:
    steps = tests(session, organisation, at)
    if missing := unmet(steps):
        raise DomainError("dual-conditions-unmet", name=organisation.name, conditions=missing)
    return steps


def _months(session: Session, organisation: Organisation) -> int:
    return int(regions.parameters(session, organisation.region_code).value("review.months"))


def _plain(steps: tuple[Step, ...]) -> list[dict[str, object]]:
    return [step.as_dict() for step in steps]


def _held(session: Session, designation_id: int, version: int | None, actor: Actor) -> Designation:
    row = queries.one(session, designation_id, actor)
    if version is not None and version != row.version:
        raise Conflict("changed-meanwhile")
    return row


def _tell(session: Session, row: Designation, code: str, at: datetime, **facts: object) -> None:
    notify(
        session, code=code, facts={"name": row.organisation.name, **facts}, organisations=(row.organisation_id,),
        roles=(Role.PHARMACY, Role.PHARMACIST), url=f"/catalogue/dual-channel/places/{row.id}", at=at,
    )  # fmt: skip
