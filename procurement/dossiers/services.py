"""What is done with a document: filed, renewed, taken back, checked, sent back; and reminders of last days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import P, Role
from kernel.clock import today
from kernel.db import insert_rows
from kernel.errors import Conflict, DomainError, Invalid, Issue, NotFound
from kernel.files.services import keep
from kernel.notices.services import notify
from kernel.parties.codes import OrganisationKind
from procurement.dossiers import queries, rules
from procurement.dossiers.flow import (
    COMPANY_ONLY,
    CURRENT,
    DOCUMENT_FLOW,
    PRODUCT_ONLY,
    BackReason,
    DocumentAction,
    DocumentKind,
    DocumentState,
)
from procurement.dossiers.models import CompanyDocument, DocumentLook, DocumentReminder
from procurement.tags import Tag

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A document as entered; no last day is unlimited."""

    kind: DocumentKind
    number: str
    issuer: str = ""
    since: date | None = None
    until: date | None = None
    product_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes


def file(
    session: Session, *, draft: DocumentDraft, uploads: Sequence[Upload], actor: Actor, at: datetime
) -> CompanyDocument:
    """Put a document into the company's files; the agency looks at it afterwards."""
    actor.must(P.DOSSIER_FILE)
    if actor.organisation_kind is not OrganisationKind.COMPANY:
        raise DomainError("dossier-not-company")
    made = _put(session, draft, uploads, actor, at)
    made.series = made.id
    facts = {"kind": made.kind, "number": made.number, "until": made.until}
    record(session, Tag.DOCUMENT_FILED, made, actor, at, facts)
    return made


def take_over(
    session: Session, *, drafts: Sequence[tuple[int, DocumentDraft]], user_id: int, actor: Actor, at: datetime
) -> int:
    """Take documents of many companies over from another register, where they were looked at; return how many.

    Each draft stands behind its company; `user_id` is whoever answers for the register. They come without scans.
    """
    if not drafts:
        return 0
    count = len(drafts)
    said = ("kind", "number", "issuer", "note", "since", "until", "product_id")
    columns: dict[str, Sequence[Any]] = {name: [getattr(draft, name) for _company, draft in drafts] for name in said}
    columns |= {"company_id": [company for company, _draft in drafts], "state": [DocumentState.CHECKED] * count,
                "filed_at": [at] * count, "filed_by_id": [user_id] * count, "version": [1] * count}  # fmt: skip
    insert_rows(session, CompanyDocument.__table__, columns=columns)
    ids = session.scalars(select(CompanyDocument.id).where(CompanyDocument.series.is_(None))).all()
    session.execute(update(CompanyDocument).where(CompanyDocument.series.is_(None)).values(series=CompanyDocument.id))
    looks = {"document_id": ids, "verdict": [DocumentState.CHECKED] * count, "text": [""] * count, "at": [at] * count,
             "by_id": [user_id] * count}  # fmt: skip
    insert_rows(session, DocumentLook.__table__, columns=looks)
    first = session.get_one(CompanyDocument, ids[0])
    record(session, Tag.DOCUMENT_FILED, first, actor, at, {"rows": count})
    return count


def renew(
    session: Session, *, document_id: int, draft: DocumentDraft, uploads: Sequence[Upload], actor: Actor, at: datetime
) -> CompanyDocument:
    """Put a new version in an older one's place. The older one counts until the new one's first day, and is kept."""
    actor.must(P.DOSSIER_FILE)
    old = _own(session, document_id, actor)
    after = DOCUMENT_FLOW.after(old.state, DocumentAction.SUPERSEDE)
    if (draft.kind, draft.product_id) != (old.kind, old.product_id):
        raise Conflict("document-of-another-kind")
    made = _put(session, draft, uploads, actor, at)
    made.series, made.replaces_id = old.series, old.id
    before, old.state = old.state, after
    old.followed_from = rules.EARLIEST if before is DocumentState.SENT_BACK else made.since or rules.EARLIEST
    facts = {"kind": made.kind, "number": made.number, "until": made.until, "before": old.number}
    record(session, Tag.DOCUMENT_RENEWED, made, actor, at, facts)
    return made


def take_back(session: Session, *, document_id: int, actor: Actor, at: datetime) -> CompanyDocument:
    """Take a document back that was filed by mistake; the version before it stands again, to be looked at anew."""
    actor.must(P.DOSSIER_FILE)
    document = _own(session, document_id, actor)
    document.state = DOCUMENT_FLOW.after(document.state, DocumentAction.TAKE_BACK)
    if document.replaces_id is not None:
        old = _own(session, document.replaces_id, actor)
        _restore(session, old)
    record(session, Tag.DOCUMENT_TAKEN_BACK, document, actor, at, {"kind": document.kind, "number": document.number})
    return document


def _restore(session: Session, old: CompanyDocument) -> None:
    """Let an older version stand again; one that had been sent back stays so."""
    old.state, old.followed_from = DOCUMENT_FLOW.after(old.state, DocumentAction.RESTORE), None
    looks = queries.looks(session, [old]).get(old.id, [])
    if looks and looks[-1].verdict is DocumentState.SENT_BACK:
        old.state = DOCUMENT_FLOW.after(old.state, DocumentAction.SEND_BACK)


def check(
    session: Session, *, document_id: int, text: str = "", version: int | None = None, actor: Actor, at: datetime
) -> CompanyDocument:
    """Say that a document is in order; a second look at it is somebody else's."""
    document = _looked_at(session, document_id, version, DocumentAction.CHECK, actor)
    _look(session, document, DocumentState.CHECKED, None, text, actor, at)
    record(session, Tag.DOCUMENT_CHECKED, document, actor, at, {"kind": document.kind, "number": document.number})
    return document


def send_back(
    session: Session, *, document_id: int, reason: BackReason, text: str = "", version: int | None = None,
    actor: Actor, at: datetime,
) -> CompanyDocument:  # fmt: skip
    """Send a document back with a coded reason; it meets no requirement until it is renewed."""
    document = _looked_at(session, document_id, version, DocumentAction.SEND_BACK, actor)
    if reason is BackReason.ELSE and not text.strip():
        raise Invalid({"text": Issue("needed")})
    _look(session, document, DocumentState.SENT_BACK, reason, text, actor, at)
    facts = {"kind": document.kind, "number": document.number, "back_reason": reason}
    record(session, Tag.DOCUMENT_SENT_BACK, document, actor, at, facts)
    notify(
        session, code="document-sent-back", facts={"number": document.number}, at=at,
        url=f"/procurement/documents/{document.id}", organisations=[document.company_id], roles=[Role.MANUFACTURER],
    )  # fmt: skip
    return document


def remind(session: Session, *, at: datetime) -> int:
    """Tell companies once per step that a document's last day is near; return how many documents were told of."""
    day, steps = today(at), queries.policy().value("notice.days")
    near = CompanyDocument.until.between(day, day + timedelta(days=max(steps)))
    due = select(CompanyDocument).where(CompanyDocument.state.in_(CURRENT), near).order_by(CompanyDocument.id)
    found = session.scalars(due).all()
    known = select(DocumentReminder.document_id, DocumentReminder.days)
    known = known.where(DocumentReminder.document_id.in_([document.id for document in found]))
    told = {(row[0], row[1]) for row in session.execute(known)}
    count = 0
    for document in found:
        days = rules.step(document.until, day, steps)
        if days is None or any((document.id, each) in told for each in steps if each <= days):
            continue
        session.add(DocumentReminder(document_id=document.id, days=days, at=at))
        facts = {"number": document.number, "until": document.until}
        notify(
            session, code="document-ending", facts=facts, at=at, url=f"/procurement/documents/{document.id}",
            organisations=[document.company_id], roles=[Role.MANUFACTURER],
        )  # fmt: skip
        count += 1
    return count


def _own(session: Session, document_id: int, actor: Actor) -> CompanyDocument:
    """Return a locked document of the actor's own company, or NotFound."""
    found = queries.held(session, document_id, actor)
    if found.company_id != actor.organisation_id:
        raise NotFound(document=document_id)
    return found


def _put(
    session: Session, draft: DocumentDraft, uploads: Sequence[Upload], actor: Actor, at: datetime
) -> CompanyDocument:
    _must_be_whole(session, draft, uploads, actor)
    made = CompanyDocument(
        company_id=actor.organisation_id, kind=draft.kind, product_id=draft.product_id, number=draft.number,
        issuer=draft.issuer, note=draft.note, since=draft.since, until=draft.until, filed_at=at,
        filed_by_id=actor.user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()  # its files and the event name the id
    for upload in uploads:
        keep(
            session, parent_kind=CompanyDocument.__tablename__, parent_id=made.id, name=upload.name,
            content=upload.content, actor=actor, at=at,
        )  # fmt: skip
    return made


def _must_be_whole(session: Session, draft: DocumentDraft, uploads: Sequence[Upload], actor: Actor) -> None:
    """Refuse what can't be filed, every mistake at its field."""
    wrong = {}
    if not draft.number.strip():
        wrong["number"] = Issue("needed")
    if draft.since and draft.until and draft.until < draft.since:
        wrong["until"] = Issue("document-ends-before-it-begins", facts={"since": draft.since})
    if draft.kind in PRODUCT_ONLY and draft.product_id is None:
        wrong["product_id"] = Issue("document-needs-product", facts={"kind": draft.kind})
    if draft.kind in COMPANY_ONLY and draft.product_id is not None:
        wrong["product_id"] = Issue("document-is-the-companys", facts={"kind": draft.kind})
    if draft.product_id is not None:
        product = session.get(Product, draft.product_id)
        if product is None or product.company_id != actor.organisation_id:
            wrong["product_id"] = Issue("document-product-not-yours")
    if not uploads:
        wrong["file"] = Issue("file-missing")
    elif len(uploads) > MOST_FILES:
        wrong["file"] = Issue("too-many-files", facts={"most": MOST_FILES})
    if wrong:
        raise Invalid(wrong)


def _looked_at(
    session: Session, document_id: int, version: int | None, action: DocumentAction, actor: Actor
) -> CompanyDocument:
    """Lock a document and take it to the state that follows; a second look is not the first looker's."""
    actor.must(P.DOSSIER_CHECK)
    document = queries.held(session, document_id, actor)
    after = DOCUMENT_FLOW.after(document.state, action)
    if version is not None and version != document.version:
        raise Conflict("changed-meanwhile")
    if document.state is DocumentState.CHECKED:
        looks = queries.looks(session, [document])[document.id]
        if actor.user_id is None or looks[-1].by_id == actor.user_id:
            raise DomainError("same-person", name=actor.name)
    document.state = after
    return document


def _look(
    session: Session, document: CompanyDocument, verdict: DocumentState, reason: BackReason | None, text: str,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    look = DocumentLook(
        document_id=document.id, verdict=verdict, reason=reason, text=text.strip()[:1000], at=at, by_id=actor.user_id
    )
    session.add(look)
    session.flush()  # a checked document that is checked again changes by its look alone
