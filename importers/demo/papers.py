"""Company files of a whole province: licences and certificates of every maker, some near their end, some past it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from importers.demo.dossiers import ISSUERS
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.models import Organisation
from procurement.dossiers.flow import DocumentKind
from procurement.dossiers.models import CompanyDocument
from procurement.dossiers.services import DocumentDraft

YEARS = timedelta(days=365 * 5)
LASTING, ENDING = (DocumentKind.BUSINESS_LICENCE,), (DocumentKind.PRODUCTION_LICENCE, DocumentKind.GMP)


def drafts(session: Session, *, seed: int, day: date) -> list[tuple[int, DocumentDraft]]:
    """Invent the papers of every company that has none yet, each behind its company."""
    chance = random.Random(seed + 11)  # noqa: S311 - invented papers, and the same at every build
    filed = select(CompanyDocument.company_id)
    query = select(Organisation.id).where(Organisation.kind == Kind.COMPANY, Organisation.id.not_in(filed))
    companies = session.scalars(query.order_by(Organisation.id)).all()
    return [(company, draft) for company in companies for draft in _papers(chance, day)]


def _papers(chance: random.Random, day: date) -> Iterator[DocumentDraft]:
    """One company's papers; of a hundred that end, two did so already and a few will within the quarter."""
    until = day + timedelta(days=chance.randint(-36, 1_780))
    for kind in LASTING:
        yield DocumentDraft(kind, f"江{chance.randrange(10**7, 10**8)}", ISSUERS[kind])
    for kind in ENDING:
        yield DocumentDraft(kind, f"江{chance.randrange(10**7, 10**8)}", ISSUERS[kind], until - YEARS, until)
