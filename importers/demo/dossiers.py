"""Company files in the demo: certificates of some makers, one that ended, some that end, one sent back; owners."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from catalogue.drugs.relations import services as relations
from catalogue.drugs.relations.services import ProfileDraft
from importers.demo.stage import Stage
from kernel.auth.actor import Actor
from kernel.clock import today
from procurement.bids.declarations import queries as declared
from procurement.bids.declarations import services as declarations
from procurement.bids.queries import offer
from procurement.dossiers import queries, services
from procurement.dossiers.flow import BackReason, DocumentKind
from procurement.dossiers.services import DocumentDraft, Upload
from procurement.rounds.models.rounds import Round

PAPER = Upload("扫描件.pdf", b"%PDF-1.4\n% demo\n%%EOF\n")
ISSUERS = {
    DocumentKind.BUSINESS_LICENCE: "江州市市场监督管理局", DocumentKind.PRODUCTION_LICENCE: "江海省药品监督管理局",
    DocumentKind.GMP: "江海省药品监督管理局", DocumentKind.REGISTRATION: "国家药品监督管理局",
}  # fmt: skip
DAYS = {0: 25, 1: -12, 2: 80, 4: 400, 5: 5}  # days left of the production licence, by company


def build(stage: Stage) -> None:
    """File, check, send back, state owners, and look for relations."""
    chance = random.Random(11)  # noqa: S311 - invented numbers of its own, so that other parts stay as they are
    at = stage.day(-40)
    with stage.at(at) as session:
        for number, left in DAYS.items():
            actor = stage.company(stage.cast.companies[number].id)
            until = today(stage.now) + timedelta(days=left)
            _papers(session, actor, chance, until, at)
        session.flush()
        _looked_at(session, stage, at + timedelta(hours=3))
    _owners(stage)


def _papers(session: Session, actor: Actor, chance: random.Random, until: date, at: datetime) -> None:
    years = timedelta(days=365 * 5)
    papers = [
        (DocumentKind.BUSINESS_LICENCE, None, None), (DocumentKind.PRODUCTION_LICENCE, until - years, until),
        (DocumentKind.GMP, until - years, until + timedelta(days=200)), (DocumentKind.CREDIT_COMMITMENT, None, None),
    ]  # fmt: skip
    drafts = [
        DocumentDraft(kind, f"江{chance.randrange(10**7, 10**8)}", ISSUERS.get(kind, ""), since, last)
        for kind, since, last in papers
    ]
    for product in queries.own_products(session, actor.organisation_id)[:3]:
        issuer = ISSUERS[DocumentKind.REGISTRATION]
        drafts.append(
            DocumentDraft(
                DocumentKind.REGISTRATION, product.approval_number, issuer, until - years,
                until + timedelta(days=chance.randrange(100, 900)), product.id,
            )
        )  # fmt: skip
    for draft in drafts:
        services.file(session, draft=draft, uploads=[PAPER], actor=actor, at=at)


def _looked_at(session: Session, stage: Stage, at: datetime) -> None:
    """Check the first company's files, send one of the second's back, and leave the others waiting."""
    agency = stage.actor("agency")
    first, second = (queries.current(session, stage.cast.companies[number].id) for number in (0, 1))
    for one in first:
        services.check(session, document_id=one.id, actor=agency, at=at)
    services.send_back(
        session, document_id=second[0].id, reason=BackReason.ILLEGIBLE, text="第 1 页公章无法辨认，请重新扫描。",
        actor=agency, at=at,
    )  # fmt: skip


def _owners(stage: Stage) -> None:
    """Two makers state the same controller; nobody has said yet from which share on a common holder counts."""
    at = stage.day(-20)
    rows: Sequence[tuple[int, str, str, str]] = (
        (0, "沈明川", "江海控股集团有限公司", "江州市东湖路12号3号楼501室"),
        (4, "何瑞", "江海控股集团有限公司", "北塘市滨海大道8号"),
        (6, "原北方", "", "江州市东湖路12号3号楼501"),
    )
    with stage.at(at) as session:
        for number, person, controller, address in rows:
            holders = [(controller, "", Decimal("0.515"))] if controller else [(person, "", Decimal(1))]
            draft = ProfileDraft(person, address, controller, holders=holders)
            actor = stage.company(stage.cast.companies[number].id)
            relations.file_profile(session, draft=draft, actor=actor, at=at)
        relations.confirm_profile(
            session, company_id=stage.cast.companies[0].id, actor=stage.actor("agency"), at=at + timedelta(hours=1)
        )


def declare(stage: Stage, round_: Round, at: datetime) -> None:
    """Let a maker that has not bid declare for its lots without a price."""
    for company in reversed(stage.cast.companies):
        actor = stage.company(company.id)
        with stage.at(at) as session:
            box = session.get_one(Round, round_.id).box
            lots = [lot.id for lot in offer(session, box, company.id) if lot.own]
            known = declared.own(session, box.id, actor)
            if lots and not known:
                declarations.declare(session, box_id=box.id, lot_ids=lots[:2], actor=actor)
                return
