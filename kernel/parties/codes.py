"""Codes of organisations, pure so that the actor can name them."""

from __future__ import annotations

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is; its people's roles follow from it."""

    COMPANY = "company"
    DISTRIBUTOR = "distributor"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    AGENCY = "agency"
    BUREAU = "bureau"
    OPERATOR = "operator"


BUYERS = (OrganisationKind.HOSPITAL, OrganisationKind.PHARMACY)
SUPPLIERS = (OrganisationKind.COMPANY, OrganisationKind.DISTRIBUTOR)


class Ownership(StrEnum):
    """Who owns a hospital. Where nobody has said, it counts as public."""

    PUBLIC = "public"
    PRIVATE = "private"


class OrganisationState(StrEnum):
    """Where an organisation stands in its review."""

    APPLIED = "applied"
    RETURNED = "returned"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class OrganisationAction(StrEnum):
    """What can happen to an organisation."""

    RETURN = "return"
    RESUBMIT = "resubmit"
    ACCEPT = "accept"
    SUSPEND = "suspend"
    RESTORE = "restore"
