"""The kernel's own lists as tables: users, organisations, the audit trail, notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, selectinload

from kernel.audit import queries as audit
from kernel.auth import queries as users
from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.auth.permissions import P
from kernel.columns import canonical
from kernel.downloads.registry import export
from kernel.downloads.tables import of_query
from kernel.errors import DomainError
from kernel.i18n import _, _l, label, listed
from kernel.identity import record_id
from kernel.notices import queries as notices
from kernel.parties import queries as parties
from kernel.periods import read_day
from kernel.problems import sentence
from kernel.sheets import Sheet

Asked = Mapping[str, str]


def user_sheet(session: Session, asked: Asked, actor: Actor, _at: datetime) -> Sheet:
    """Return the users that the actor looks after."""
    active = {"active": True, "inactive": False}.get(asked.get("state", ""))
    query = users.visible(actor, search=asked.get("q", ""), role=asked.get("role", ""), active=active)
    columns: dict[str, Any] = {
        _("Name of the person"): lambda user: user.name, _("Login"): lambda user: user.login,
        _("Organisation"): lambda user: user.organisation.shown_name, _("Roles"): _roles,
        _("Password"): lambda user: user.password_set_at,
        _("State"): lambda user: _("Active") if user.active else _("Closed"),
    }  # fmt: skip
    return of_query(session, _("Users"), query.options(selectinload(User.roles)), columns)


def _roles(user: User) -> str:
    return listed(label(role) for role in sorted(user.role_set))


def organisation_sheet(session: Session, asked: Asked, actor: Actor, _at: datetime) -> Sheet:
    """Return organisations with where their review stands."""
    filters = {name: asked.get(part, "") for name, part in (("search", "q"), ("kind", "kind"), ("state", "state"))}
    columns: dict[str, Any] = {
        _("Organisation"): lambda each: each.name, _("Unified social credit code"): lambda each: each.code,
        _("Kind"): lambda each: label(each.kind), _("Region"): lambda each: each.region_code,
        _("State"): lambda each: label(each.state), _("Entered"): lambda each: each.created_at,
    }  # fmt: skip
    return of_query(session, _("Organisations"), parties.found(actor, **filters), columns)


def audit_sheet(session: Session, asked: Asked, _actor: Actor, _at: datetime) -> Sheet:
    """Return what happened, with the links of the chains."""
    query = audit.entries(
        tag=asked.get("tag", ""), organisation=record_id(asked.get("organisation", "")),
        actor=record_id(asked.get("actor", "")), since=read_day(asked.get("since", "")),
        until=read_day(asked.get("until", "")),
    )  # fmt: skip
    columns: dict[str, Any] = {
        _("Beijing time"): lambda entry: entry.at, _("Event"): lambda entry: label(entry.tag),
        _("Code"): lambda entry: entry.tag.value, _("By"): lambda entry: entry.actor_name,
        _("Record"): lambda entry: f"{entry.subject_kind} {entry.subject_id}",
        _("Facts"): lambda entry: canonical(entry.facts)[:32_000], _("Chain"): lambda entry: entry.chain,
        _("Number"): lambda entry: entry.number, _("Digest"): lambda entry: entry.digest,
    }  # fmt: skip
    return of_query(session, _("Audit trail"), query, columns)


def notice_sheet(session: Session, _asked: Asked, actor: Actor, _at: datetime) -> Sheet:
    """Return the actor's own notices."""
    columns: dict[str, Any] = {
        _("Notice"): lambda each: sentence(DomainError(each.code, **each.facts)), _("Beijing time"): lambda e: e.at,
        _("Read"): lambda each: each.read_at,
    }  # fmt: skip
    return of_query(session, _("Notices"), notices.visible(actor), columns)


export("kernel.users", _l("Users"), P.USER_READ, user_sheet)
export("kernel.organisations", _l("Organisations"), P.ORGANISATION_REVIEW, organisation_sheet)
export("kernel.audit", _l("Audit trail"), P.AUDIT_READ, audit_sheet)
export("kernel.notices", _l("Notices"), P.SIGNED_IN, notice_sheet)
