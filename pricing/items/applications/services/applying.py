"""Rounds are opened; hospitals write applications, submit and withdraw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import after_lock, beijing, today
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, Issue
from kernel.files import queries as files
from kernel.parties.models import Organisation, Region
from kernel.policy import levels
from pricing.items.applications import rules
from pricing.items.applications.flow import APPLICATION_FLOW, ApplicationAction, ApplicationState
from pricing.items.applications.models import ItemApplication, ItemRound
from pricing.items.applications.queries import about, rounds
from pricing.items.applications.queries.about import PARENT
from pricing.items.applications.services.acts import Attachment, keep, locked, moved, own, tell_bureaus
from pricing.tags import Tag

FIELDS = (
    "name", "connotation", "excluded", "unit", "output", "composition", "category_code", "effect", "cost", "price",
    "urgent", "urgency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round as an officer opens it, with the numbers that hold in it and the document that says them."""

    region_code: str
    title: str
    opens_at: datetime | None
    closes_at: datetime | None
    publicity_workdays: int | None
    least_experts: int | None
    midterm_months: int | None
    source: str


MOST = {"publicity_workdays": 60, "least_experts": 30, "midterm_months": 36}


def open_round(session: Session, *, new: NewRound, actor: Actor, at: datetime) -> ItemRound:
    """Open a round of applications for a province; its numbers are those of the province's document."""
    if actor.user_id is None or not actor.may(P.NEW_ITEM_REVIEW):
        raise Forbidden
    wrong = {name: Issue("needed") for name in ("title", "source") if not getattr(new, name)}
    for name, most in MOST.items():
        if not 0 < (getattr(new, name) or 0) <= most:
            wrong[name] = Issue("new-item-number", facts={"most": most})
    if new.region_code not in {each.code for each in rounds.provinces(session, actor)}:
        wrong["region_code"] = Issue("unknown-choice", value=new.region_code)
    if new.opens_at is None:
        wrong["opens_at"] = Issue("needed")
    if new.closes_at is None or new.closes_at <= max(new.opens_at or at, at):
        wrong["closes_at"] = Issue("new-item-round-days")
    if not wrong and rounds.titled(session, new.region_code, new.title) is not None:
        wrong["title"] = Issue("new-item-round-known", value=new.title)
    if wrong or new.opens_at is None:
        raise Invalid(wrong)
    made = ItemRound(**asdict(new), year=beijing(new.opens_at).year, made_by_id=actor.user_id, made_at=at)
    session.add(made)
    session.flush()  # the event names the id
    facts = {name: getattr(new, name) for name in ("title", "opens_at", "closes_at", "source", *MOST)}
    record(session, Tag.NEW_ITEM_ROUND_OPENED, made, actor, at, facts)
    return made


def save(
    session: Session, *, application_id: int | None, draft: rules.Draft, given: Sequence[Attachment] = (), actor: Actor,
    at: datetime,
) -> ItemApplication:  # fmt: skip
    """Write an application down, as far as it is; what known items are like it is found anew."""
    hospital = session.get_one(Organisation, own(actor))
    if wrong := rules.faults(draft, complete=False):
        raise Invalid(wrong)
    if application_id is None:
        (found,) = _begun(session, hospital, [draft], actor, at)
    else:
        found = locked(session, application_id, actor, at)
    APPLICATION_FLOW.after(found.state, ApplicationAction.SAVE)
    _write(found, draft, about.known(session, today(at)))
    known = len(files.of_parent(session, PARENT, found.id))
    digests = keep(session, PARENT, found.id, given, actor, at, known)
    return moved(session, found, ApplicationAction.SAVE, Tag.NEW_ITEM_SAVED, actor, at, {"files": len(digests)})


def save_many(
    session: Session, *, drafts: Sequence[rules.Draft], source: Mapping[str, Any], actor: Actor, at: datetime
) -> int:
    """Begin the applications of a workbook; return how many."""
    hospital = session.get_one(Organisation, own(actor))
    if wrong := [fault for draft in drafts if (fault := rules.faults(draft, complete=False))]:
        raise Invalid(wrong[0])
    made = _begun(session, hospital, drafts, actor, at)
    known = about.known(session, today(at))
    for found, draft in zip(made, drafts, strict=True):
        _write(found, draft, known)
    if made:
        record(session, Tag.NEW_ITEM_IMPORTED, made[0], actor, at, {**source, "rows": len(made)})
    return len(made)


def _begun(
    session: Session, hospital: Organisation, drafts: Sequence[rules.Draft], actor: Actor, at: datetime
) -> list[ItemApplication]:
    if not hospital.region_code or actor.user_id is None:
        raise DomainError("new-item-no-region")
    made = [
        ItemApplication(
            hospital_id=hospital.id, hospital=hospital, region_code=hospital.region_code, name=draft.name,
            state=ApplicationState.DRAFT, made_by_id=actor.user_id, made_at=at, moved_at=at,
        )
        for draft in drafts
    ]  # fmt: skip
    session.add_all(made)
    session.flush()  # files and events name the ids
    return made


def _write(found: ItemApplication, draft: rules.Draft, known: Sequence[rules.Known]) -> None:
    for field in FIELDS:
        setattr(found, field, getattr(draft, field))
    found.likes = [
        {
            "item": one.known.id, "code": one.known.code, "name": one.known.name, "connotation": one.known.connotation,
            "by_name": one.name, "by_connotation": one.connotation,
        }
        for one in rules.alike(draft.name, draft.connotation, known)
    ]  # fmt: skip


def draft_of(found: ItemApplication) -> rules.Draft:
    """Return what an application says."""
    return rules.Draft(**{field: getattr(found, field) for field in FIELDS})


def submit(session: Session, *, application_id: int, actor: Actor, at: datetime) -> ItemApplication:
    """Hand an application in, to the second before the round closes; emergencies and returned ones any time."""
    own(actor)
    found = locked(session, application_id, actor, at)
    APPLICATION_FLOW.after(found.state, ApplicationAction.SUBMIT)
    if wrong := rules.faults(draft_of(found), complete=True):
        raise Invalid(wrong)
    province = session.scalars(
        select(Region).where(Region.code == levels(found.region_code)[0]).with_for_update()
    ).one()
    now = after_lock(session)
    round_ = found.round_ or rounds.now_open(session, province.code, now, urgent=found.urgent)  # returned: in time once
    if round_ is None:
        raise Conflict("new-item-no-round" if not found.urgent else "new-item-never-a-round")
    found.round_id, found.round_, found.submitted_at, found.note = round_.id, round_, now, ""
    found.number = found.number or _number(session, province.code, beijing(now).year)
    moved(session, found, ApplicationAction.SUBMIT, Tag.NEW_ITEM_SUBMITTED, actor, at, {"number": found.number})
    tell_bureaus(session, found, "new-item-submitted", at)
    return found


def _number(session: Session, province: str, year: int) -> str:
    """Return the next number of a year, behind the province's lock."""
    head = f"XZ-{province[:2]}-{year}-"
    count = select(func.count(ItemApplication.id)).where(ItemApplication.number.startswith(head))
    return f"{head}{(session.scalar(count) or 0) + 1:04}"


def withdraw(session: Session, *, application_id: int, actor: Actor, at: datetime) -> ItemApplication:
    """Take an application back, as long as it is not in trial."""
    own(actor)
    found = locked(session, application_id, actor, at)
    was = found.number
    moved(session, found, ApplicationAction.WITHDRAW, Tag.NEW_ITEM_WITHDRAWN, actor, at)
    if was:
        tell_bureaus(session, found, "new-item-withdrawn", at)
    return found
