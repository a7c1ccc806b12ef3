"""People of the kernel's tests."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.parties.codes import OrganisationKind as Kind
from tests.factories import people


@pytest.fixture
def cast(database: Database) -> SimpleNamespace:
    """An operator with its three administrators, an agency, two hospitals with their people."""
    with database.transaction() as session:
        operator = people.organisation(session, Kind.OPERATOR, name="运营单位")
        agency = people.organisation(session, Kind.AGENCY, name="集采机构")
        ours = people.organisation(session, Kind.HOSPITAL, name="第一医院")
        theirs = people.organisation(session, Kind.HOSPITAL, name="第二医院")
        return SimpleNamespace(
            operator=operator, agency=agency, ours=ours, theirs=theirs,
            system=people.user(session, operator, Role.SYSTEM_ADMIN, login="system"),
            security=people.user(session, operator, Role.SECURITY_ADMIN, login="security"),
            audit=people.user(session, operator, Role.AUDIT_ADMIN, login="audit"),
            officer=people.user(session, agency, Role.AGENCY_OFFICER, login="officer"),
            reviewer=people.user(session, agency, Role.AGENCY_REVIEWER, login="reviewer"),
            boss=people.user(session, ours, Role.ORGANISATION_ADMIN, login="boss"),
            chen=people.user(session, ours, Role.PHARMACIST, login="chen"),
            stranger=people.user(session, theirs, Role.PHARMACIST, login="stranger"),
        )  # fmt: skip
