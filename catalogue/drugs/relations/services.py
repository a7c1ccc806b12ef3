"""Say who owns a company, check it, look for relations, and confirm or reject what was found. Nothing is automatic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.models import RelatedGroup
from catalogue.drugs.queries import companies
from catalogue.drugs.relations import queries
from catalogue.drugs.relations.flow import (
    PROFILE_FLOW,
    PROPOSAL_FLOW,
    ProfileAction,
    ProfileState,
    ProposalAction,
    ProposalState,
)
from catalogue.drugs.relations.models import CompanyProfile, RelationProposal, Shareholder, ShareLine
from catalogue.drugs.rules.relations import Found, find
from catalogue.drugs.services.companies import OrganisationDraft, add_member, change_company, create_group
from catalogue.drugs.services.varieties import must_be_current
from catalogue.tags import Tag
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P, Role
from kernel.clock import today
from kernel.errors import Conflict, DomainError, Invalid, Issue, NotFound
from kernel.notices.services import notify
from kernel.parties.codes import OrganisationKind

MOST_HOLDERS = 50


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What a company says about itself; holders are (name, credit code or empty, share)."""

    legal_person: str
    address: str
    controller: str = ""
    authorisation_holder: str = ""
    holders: Sequence[tuple[str, str, Decimal]] = ()


def file_profile(
    session: Session, *, draft: ProfileDraft, version: int | None = None, actor: Actor, at: datetime
) -> CompanyProfile:
    """State who represents, controls and owns the company; the agency checks it."""
    actor.must(P.DOSSIER_FILE)
    if actor.organisation_kind is not OrganisationKind.COMPANY or actor.organisation_id is None:
        raise DomainError("profile-not-company")
    _must_be_whole(draft)
    row = queries.held_profile(session, actor.organisation_id)
    if row is None:
        row = CompanyProfile(company_id=actor.organisation_id, state=ProfileState.FILED)
        session.add(row)
    else:
        must_be_current(version, row.version)
        row.state = PROFILE_FLOW.after(row.state, ProfileAction.FILE)
    row.legal_person, row.controller, row.address = draft.legal_person, draft.controller, draft.address
    row.authorisation_holder, row.filed_at, row.filed_by_id = draft.authorisation_holder, at, actor.user_id or 0
    row.looked_at, row.looked_by_id, row.looked_note = None, None, ""
    row.shareholders = [Shareholder(name=name, code=code, share=share) for name, code, share in draft.holders]
    session.flush()  # the event names the row
    facts = {"legal_person": row.legal_person, "controller": row.controller, "address": row.address}
    record(session, Tag.PROFILE_FILED, row, actor, at, {**facts, "holders": [name for name, _c, _s in draft.holders]})
    return row


def _must_be_whole(draft: ProfileDraft) -> None:
    wrong = {name: Issue("field-missing", facts={"field": name}) for name in ("legal_person", "address")
             if not getattr(draft, name).strip()}  # fmt: skip
    shares = [share for _name, _code, share in draft.holders]
    if len(shares) > MOST_HOLDERS:
        wrong["holders"] = Issue("too-many-holders", facts={"most": MOST_HOLDERS})
    elif any(not 0 < share <= 1 for share in shares):
        wrong["holders"] = Issue("bad-share")
    elif sum(shares, Decimal(0)) > 1:
        wrong["holders"] = Issue("shares-above-whole", facts={"sum": sum(shares, Decimal(0)) * 100})
    elif len({name for name, _c, _s in draft.holders}) != len(draft.holders):
        wrong["holders"] = Issue("holder-twice")
    if wrong:
        raise Invalid(wrong)


def confirm_profile(
    session: Session, *, company_id: int, version: int | None = None, actor: Actor, at: datetime
) -> CompanyProfile:
    """Say that a statement is right; legal person and address go into the catalogue."""
    row = _looked_at(session, company_id, version, ProfileAction.CONFIRM, "", actor, at)
    company = companies.one(session, company_id)
    draft = OrganisationDraft(
        name=company.name, code=company.code, short_name=company.short_name, region_code=company.region_code or "",
        grade=company.grade, address=row.address, legal_person=row.legal_person, contact=company.contact,
        phone=company.phone,
    )  # fmt: skip
    change_company(session, company_id=company_id, draft=draft, actor=actor, at=at)
    record(session, Tag.PROFILE_CONFIRMED, row, actor, at, {})
    look(session, actor=actor, at=at)
    return row


def send_back_profile(
    session: Session, *, company_id: int, note: str, version: int | None = None, actor: Actor, at: datetime
) -> CompanyProfile:
    """Send a statement back, saying what has to be mended; nothing is found from it until then."""
    if not note.strip():
        raise Invalid({"note": Issue("field-missing", facts={"field": "note"})})
    row = _looked_at(session, company_id, version, ProfileAction.SEND_BACK, note.strip(), actor, at)
    record(session, Tag.PROFILE_SENT_BACK, row, actor, at, {"note": row.looked_note})
    notify(
        session, code="profile-sent-back", facts={"note": row.looked_note}, at=at, url="/catalogue/profile",
        organisations=[company_id], roles=[Role.MANUFACTURER],
    )  # fmt: skip
    return row


def _looked_at(
    session: Session, company_id: int, version: int | None, action: ProfileAction, note: str, actor: Actor,
    at: datetime,
) -> CompanyProfile:  # fmt: skip
    actor.must(P.CATALOGUE_WRITE)
    row = queries.held_profile(session, company_id)
    if row is None:
        raise NotFound(company=company_id)
    must_be_current(version, row.version)
    row.state = PROFILE_FLOW.after(row.state, action)
    row.looked_at, row.looked_by_id, row.looked_note = at, actor.user_id, note
    return row


def say_share(session: Session, *, share: Decimal, source: str, actor: Actor, at: datetime) -> ShareLine:
    """Say from which share on a common holder is a ground, and which document has it; then look again."""
    actor.must(P.CATALOGUE_WRITE)
    wrong = {} if source.strip() else {"source": Issue("field-missing", facts={"field": "source"})}
    if not 0 < share <= 1:
        wrong["share"] = Issue("bad-share")
    if wrong:
        raise Invalid(wrong)
    row = ShareLine(share=share, source=source.strip(), said_at=at, said_by_id=actor.user_id)
    session.add(row)
    session.flush()  # the event names the id, and what is looked for goes by it
    record(session, Tag.SHARE_LINE_SAID, row, actor, at, {"share": share, "source": row.source})
    look(session, actor=actor, at=at)
    return row


def look(session: Session, *, actor: Actor, at: datetime) -> int:
    """Look for relations among all companies; return how many are proposed anew.

    What counts as one bidder already is not proposed, and what was rejected only when its grounds have changed.
    """
    session.flush()  # what was just said is looked at too
    found = find(queries.facts(session), share=queries.share_of(session))
    related = queries.together(session, today(at))
    open_ = {(one.first, one.second): one for one in found if (one.first, one.second) not in related}
    known = queries.all_by_pair(session)
    new = [_propose(session, known.get(pair), one, at) for pair, one in open_.items() if _is_new(known.get(pair), one)]
    for pair, row in known.items():
        if pair not in open_ and row.state is ProposalState.PROPOSED:
            row.state = PROPOSAL_FLOW.after(row.state, ProposalAction.LAPSE)
    session.flush()  # the events name the ids
    for row in new:
        grounds: dict[str, Any] = {"companies": [row.first.name, row.second.name], "digest": row.digest}
        record(session, Tag.RELATIONS_FOUND, row, actor, at, grounds)
    return len(new)


def _is_new(row: RelationProposal | None, found: Found) -> bool:
    """Say whether a pair has to be put before the agency: never before, with other grounds, or again."""
    return row is None or row.digest != found.digest or row.state is ProposalState.LAPSED


def _propose(session: Session, row: RelationProposal | None, found: Found, at: datetime) -> RelationProposal:
    if row is None:
        first, second = companies.one(session, found.first), companies.one(session, found.second)
        row = RelationProposal(first=first, second=second, state=ProposalState.PROPOSED)
        session.add(row)
    else:
        row.state = PROPOSAL_FLOW.after(row.state, ProposalAction.PROPOSE)
        row.decided_at, row.decided_by_id, row.reason, row.group_id = None, None, "", None
    row.grounds, row.digest, row.found_at = found.plain(), found.digest, at
    return row


def confirm(
    session: Session, *, proposal_id: int, reason: str, since: date, name: str = "", version: int | None = None,
    actor: Actor, at: datetime,
) -> RelatedGroup:  # fmt: skip
    """Let two companies count as one bidder from a day on: in the group that one of them is in, else in a new one."""
    row = _decided(session, proposal_id, ProposalAction.CONFIRM, reason, version, actor, at)
    groups = {one: _group_of(session, one, since) for one in (row.first_id, row.second_id)}
    group = next((each for each in groups.values() if each is not None), None)
    if group is None:
        title = name.strip() or f"{row.first.shown_name}、{row.second.shown_name}"
        group = create_group(session, name=title, reason=row.reason, actor=actor, at=at)
        session.flush()  # members name the group's id
    for company_id, own in groups.items():
        if own is not group:
            add_member(
                session, group_id=group.id, company_id=company_id, since=since, reason=row.reason, actor=actor, at=at
            )
    row.group_id = group.id
    record(session, Tag.RELATION_CONFIRMED, row, actor, at, {"group": group.name, "since": since, "reason": row.reason})
    return group


def _group_of(session: Session, company_id: int, day: date) -> RelatedGroup | None:
    found = companies.groups_of(session, company_id)
    return next((one.group for one in found if one.since <= day and (one.until is None or one.until > day)), None)


def reject(
    session: Session, *, proposal_id: int, reason: str, version: int | None = None, actor: Actor, at: datetime
) -> RelationProposal:
    """Say that two companies are not related, and why; they are proposed again only when the grounds change."""
    row = _decided(session, proposal_id, ProposalAction.REJECT, reason, version, actor, at)
    record(session, Tag.RELATION_REJECTED, row, actor, at, {"reason": row.reason, "digest": row.digest})
    return row


def _decided(
    session: Session, proposal_id: int, action: ProposalAction, reason: str, version: int | None, actor: Actor,
    at: datetime,
) -> RelationProposal:  # fmt: skip
    actor.must(P.CATALOGUE_WRITE)
    if not reason.strip():
        raise Invalid({"reason": Issue("field-missing", facts={"field": "reason"})})
    row = queries.held(session, proposal_id)
    after = PROPOSAL_FLOW.after(row.state, action)
    if version is not None and version != row.version:
        raise Conflict("changed-meanwhile")
    row.state, row.reason = after, reason.strip()
    row.decided_at, row.decided_by_id = at, actor.user_id
    return row
