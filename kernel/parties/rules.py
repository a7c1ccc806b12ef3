"""Who may decide on an organisation, pure: whoever filed it may not review it (maker ≠ checker)."""

from __future__ import annotations

from kernel.auth.permissions import Role
from kernel.errors import DomainError
from kernel.parties.codes import OrganisationKind as Kind

PUBLIC_KINDS = (Kind.COMPANY, Kind.DISTRIBUTOR, Kind.HOSPITAL, Kind.PHARMACY)
FIRST_ROLES: dict[Kind, tuple[Role, ...]] = {
    Kind.COMPANY: (Role.MANUFACTURER, Role.ORGANISATION_ADMIN),
    Kind.DISTRIBUTOR: (Role.DISTRIBUTOR, Role.ORGANISATION_ADMIN),
    Kind.HOSPITAL: (Role.PHARMACIST, Role.ORGANISATION_ADMIN),
    Kind.PHARMACY: (Role.PHARMACY, Role.ORGANISATION_ADMIN),
    Kind.AGENCY: (Role.ORGANISATION_ADMIN,),
    Kind.BUREAU: (Role.ORGANISATION_ADMIN,),
}


def kinds_open_to(roles: frozenset[Role]) -> tuple[Kind, ...]:
    """Return the kinds a person may file; agencies and bureaus are left to the system administrator."""
    return (*PUBLIC_KINDS, Kind.AGENCY, Kind.BUREAU) if Role.SYSTEM_ADMIN in roles else PUBLIC_KINDS


def must_be_checker(
    *, reviewer_id: int | None, reviewer_organisation: int | None, maker_id: int | None, subject: int
) -> None:
    """Refuse a decision on what one filed oneself, or on one's own organisation."""
    if reviewer_id is not None and reviewer_id == maker_id:
        raise DomainError("own-application")
    if reviewer_organisation == subject:
        raise DomainError("own-organisation")
