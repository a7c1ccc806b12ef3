"""Objections to items in publicity: filed to the second, replied to one by one, each reply confirmed by another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import after_lock
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.notices.services import notify
from pricing.items.applications.flow import REPLY_FLOW, ApplicationState, ReplyAction, ReplyState
from pricing.items.applications.models import ItemApplication, ItemObjection
from pricing.items.applications.queries.applications import public, reviewer
from pricing.items.applications.services.acts import locked, must_say, tell_bureaus
from pricing.tags import Tag


def object_to(session: Session, *, application_id: int, text: str, actor: Actor, at: datetime) -> ItemObjection:
    """Object to an item in publicity, for an organisation that neither applied for it nor decides about it."""
    public(session, application_id)
    query = select(ItemApplication).where(ItemApplication.id == application_id).with_for_update(of=ItemApplication)
    found = session.scalars(query.execution_options(populate_existing=True)).one()
    if actor.organisation_id is None or actor.user_id is None or actor.runs_platform:
        raise Forbidden
    if found.hospital_id == actor.organisation_id:
        raise Forbidden("new-item-own")
    now = after_lock(session)
    if found.state is not ApplicationState.PUBLICITY or found.due_at is None or now >= found.due_at:
        raise Conflict("new-item-objections-closed", until=found.due_at)
    must_say({"text": text})
    made = ItemObjection(
        application_id=found.id, organisation_id=actor.organisation_id, filed_by_id=actor.user_id, filed_at=now,
        text=text.strip(),
    )  # fmt: skip
    session.add(made)
    session.flush()  # the event names the id
    record(session, Tag.NEW_ITEM_OBJECTED, made, actor, at, {"item": found.name})
    tell_bureaus(session, found, "new-item-objection", at)
    return made


def _held(session: Session, application_id: int, objection_id: int, actor: Actor, at: datetime) -> ItemObjection:
    """Return an objection of an application that the actor reviews, behind the application's lock."""
    found = locked(session, application_id, actor, at)
    reviewer(session, found, actor)
    held = session.get(ItemObjection, objection_id, populate_existing=True)
    if held is None or held.application_id != found.id:
        raise NotFound(objection=objection_id)
    return held


def reply(
    session: Session, *, application_id: int, objection_id: int, text: str, actor: Actor, at: datetime
) -> ItemObjection:
    """Draft the reply to an objection; it goes out when another person confirms it."""
    held = _held(session, application_id, objection_id, actor, at)
    must_say({"reply": text})
    held.state = ReplyState(REPLY_FLOW.after(held.state, ReplyAction.REPLY))
    held.reply, held.replied_by_id, held.replied_at = text.strip(), actor.user_id, at
    record(session, Tag.NEW_ITEM_REPLY_DRAFTED, held, actor, at, {"item": held.application.name, "reply": held.reply})
    return held


def send_back(session: Session, *, application_id: int, objection_id: int, actor: Actor, at: datetime) -> ItemObjection:
    """Send a drafted reply back, to be written anew."""
    held = _held(session, application_id, objection_id, actor, at)
    must_be_another(actor, held.replied_by_id)
    held.state = ReplyState(REPLY_FLOW.after(held.state, ReplyAction.SEND_BACK))
    record(session, Tag.NEW_ITEM_REPLY_RETURNED, held, actor, at, {"item": held.application.name})
    return held


def confirm(session: Session, *, application_id: int, objection_id: int, actor: Actor, at: datetime) -> ItemObjection:
    """Confirm a drafted reply: the objector gets it."""
    held = _held(session, application_id, objection_id, actor, at)
    must_be_another(actor, held.replied_by_id)
    held.state = ReplyState(REPLY_FLOW.after(held.state, ReplyAction.CONFIRM))
    held.confirmed_by_id, held.confirmed_at = actor.user_id, at
    record(session, Tag.NEW_ITEM_REPLIED, held, actor, at, {"item": held.application.name, "reply": held.reply})
    url = f"/pricing/new-items/announced/{application_id}"
    facts = {"item": held.application.name, "number": held.application.number or ""}
    notify(session, code="new-item-replied", facts=facts, at=at, users=[held.filed_by_id], url=url)
    return held
