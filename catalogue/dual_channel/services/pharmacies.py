"""What is known of a pharmacy for its entry conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.dual_channel.models.places import PharmacyProfile
from catalogue.dual_channel.queries import places as queries
from catalogue.tags import Tag
from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, NotFound
from kernel.parties.codes import OrganisationKind

Origin = Mapping[str, Any]
TYPED: Origin = {}


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """A pharmacy's profile as entered; `chain` is the name of its group."""

    licence: str = ""
    chain: str = ""
    last_penalty: date | None = None
    traceability: bool = False
    stock_upload: bool = False


def save_profile(
    session: Session, *, organisation_id: int, draft: ProfileDraft, version: int | None = None, actor: Actor,
    at: datetime, origin: Origin = TYPED,
) -> PharmacyProfile:  # fmt: skip
    """Enter or change a pharmacy's profile."""
    organisation = queries.place(session, organisation_id)
    if organisation.kind is not OrganisationKind.PHARMACY:
        raise NotFound(organisation=organisation_id)
    profile = queries.profile(session, organisation_id)
    if version is not None and version != (profile.version if profile else 0):
        raise Conflict("changed-meanwhile")
    before = profile.snapshot() if profile else {}
    if profile is None:
        profile = PharmacyProfile(organisation_id=organisation_id, organisation=organisation)
        session.add(profile)
    for name, value in asdict(draft).items():
        setattr(profile, name, value)
    if not before or diff(before, profile.snapshot()):
        changes = diff(before, profile.snapshot()) if before else asdict(draft)
        record(session, Tag.DUAL_PHARMACY_SAVED, profile, actor, at, {**origin, "name": organisation.name, **changes})
    return profile
