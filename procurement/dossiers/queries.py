"""Documents as an actor may see them: a company its own, the agency and those who oversee it everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.parties.models import Organisation
from kernel.policy import Parameters, load
from procurement.demand.models import Lot
from procurement.dossiers import rules
from procurement.dossiers.flow import CURRENT, DocumentKind, DocumentState, Expiry
from procurement.dossiers.models import CompanyDocument, DocumentLook
from procurement.dossiers.rules import Document

SORTS = {
    "until": CompanyDocument.until, "filed": CompanyDocument.filed_at, "company": Organisation.name,
    "kind": CompanyDocument.kind,
}  # fmt: skip


def policy() -> Parameters:
    """Return when a document counts as near its end, and when its company is told."""
    return load(Path(__file__).with_name("policy.toml"))


def expiry(document: CompanyDocument, day: date) -> Expiry:
    """Say how near a document's last day is."""
    found = policy()
    return rules.expiry(document.until, day, near=found.value("expiry.near"), soon=found.value("expiry.soon"))


def visible(actor: Actor) -> Select[CompanyDocument]:
    """Return the documents an actor may read."""
    query = select(CompanyDocument)
    if not actor.may(P.DOSSIER_READ):
        return query.where(false())
    return query if actor.runs_platform else query.where(CompanyDocument.company_id == actor.organisation_id)


def one(session: Session, document_id: int, actor: Actor) -> CompanyDocument:
    """Return a document, or NotFound."""
    found = session.scalars(visible(actor).where(CompanyDocument.id == document_id)).one_or_none()
    if found is None:
        raise NotFound(document=document_id)
    return found


def held(session: Session, document_id: int, actor: Actor) -> CompanyDocument:
    """Return a document with its row locked, or NotFound."""
    query = visible(actor).where(CompanyDocument.id == document_id).with_for_update(of=CompanyDocument)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(document=document_id)
    return found


def current(session: Session, company_id: int | None) -> Sequence[CompanyDocument]:
    """Return a company's newest versions, the company's own first, then product by product."""
    query = select(CompanyDocument).where(
        CompanyDocument.company_id == company_id, CompanyDocument.state.in_(CURRENT)
    )  # fmt: skip
    found = session.scalars(query.order_by(CompanyDocument.product_id, CompanyDocument.kind, CompanyDocument.id)).all()
    order = list(DocumentKind)
    return sorted(found, key=lambda one: (one.product_id is not None, one.product_id or 0, order.index(one.kind)))


def checked(company_ids: Iterable[int], lot: Lot) -> Select[CompanyDocument]:
    """Return the checked documents of companies that concern a lot: their own, and those of their products in it."""
    specifications = [each.specification_id for each in lot.specifications]
    numbers = select(Product.approval_number).where(Product.specification_id.in_(specifications))
    concerned = or_(CompanyDocument.product_id.is_(None), Product.approval_number.in_(numbers))
    query = select(CompanyDocument).outerjoin(Product, Product.id == CompanyDocument.product_id)
    return query.where(
        CompanyDocument.company_id.in_(list(company_ids)), CompanyDocument.state == DocumentState.CHECKED, concerned
    )  # fmt: skip


def versions(session: Session, document: CompanyDocument) -> Sequence[CompanyDocument]:
    """Return all versions of a document, the newest first."""
    query = select(CompanyDocument).where(CompanyDocument.series == document.series)
    return session.scalars(query.order_by(CompanyDocument.id.desc())).all()


def looks(session: Session, documents: Iterable[CompanyDocument]) -> dict[int, list[DocumentLook]]:
    """Return what was said about documents, by document, the oldest first."""
    ids = [document.id for document in documents]
    found: dict[int, list[DocumentLook]] = {}
    for look in session.scalars(
        select(DocumentLook).where(DocumentLook.document_id.in_(ids)).order_by(DocumentLook.id)
    ):
        found.setdefault(look.document_id, []).append(look)
    return found


def listing(actor: Actor, asked: Mapping[str, str], day: date) -> Select[CompanyDocument]:
    """Return the newest versions that a filter asks for; what waits for a look comes first, the oldest on top."""
    query = visible(actor).join(Organisation, Organisation.id == CompanyDocument.company_id)
    state = asked.get("state", "")
    known = [each for each in DocumentState if each.value == state]
    query = query.where(CompanyDocument.state.in_(known or CURRENT))
    if kind := [each for each in DocumentKind if each.value == asked.get("kind", "")]:
        query = query.where(CompanyDocument.kind == kind[0])
    if text := asked.get("q", "").strip():
        named, numbered = Organisation.name.contains(text, autoescape=True), CompanyDocument.number.contains(text)
        query = query.where(or_(named, numbered))
    if (band := _band(asked.get("ends", ""), day)) is not None:
        query = query.where(band)
    sort = asked.get("sort", "")
    column = SORTS.get(sort.lstrip("-"))
    if column is None:
        return query.order_by(
            CompanyDocument.state != DocumentState.FILED, CompanyDocument.filed_at, CompanyDocument.id
        )
    return query.order_by(column.desc() if sort.startswith("-") else column.asc(), CompanyDocument.id)


def _band(name: str, day: date) -> ColumnElement[bool] | None:
    """Return the condition of a filter by last day."""
    if name == Expiry.EXPIRED:
        return CompanyDocument.until < day
    if name in (Expiry.SOON, Expiry.NEAR):
        last = day + timedelta(days=policy().value(f"expiry.{name}"))
        return CompanyDocument.until.between(day, last)
    return CompanyDocument.until.is_(None) if name == Expiry.UNLIMITED else None


def waiting(session: Session, actor: Actor) -> int:
    """Count the documents that wait for the agency's look."""
    query = visible(actor).where(CompanyDocument.state == DocumentState.FILED)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def ending(session: Session, company_id: int | None, day: date) -> Sequence[CompanyDocument]:
    """Return a company's newest versions that have ended or end soon, or were sent back: the next end first."""
    last = day + timedelta(days=policy().value("expiry.near"))
    own = (CompanyDocument.company_id == company_id) & CompanyDocument.state.in_(CURRENT)
    troubled = or_(CompanyDocument.until <= last, CompanyDocument.state == DocumentState.SENT_BACK)
    query = select(CompanyDocument).where(own, troubled)
    return session.scalars(query.order_by(CompanyDocument.until, CompanyDocument.id)).all()


def own_products(session: Session, company_id: int | None) -> list[Product]:
    """Return a company's products, one an approval number."""
    query = select(Product).where(Product.company_id == company_id, Product.active)
    found: dict[str, Product] = {}
    for product in session.scalars(query.order_by(Product.registered_name, Product.approval_number, Product.id)):
        found.setdefault(product.approval_number, product)
    return list(found.values())


def standing(session: Session, company_ids: Iterable[int]) -> dict[int, list[Document]]:
    """Return the documents of companies as the rules read them, older versions up to the day they were followed."""
    table, wanted = CompanyDocument, list(company_ids)
    query = (
        select(table.company_id, table.id, table.kind, table.state, table.since, table.until, table.followed_from,
               Product.approval_number, table.number)
        .outerjoin(Product, Product.id == table.product_id)
        .where(table.company_id.in_(wanted), table.state != DocumentState.TAKEN_BACK)
        .order_by(table.id)
    )  # fmt: skip
    found: dict[int, list[Document]] = {company: [] for company in wanted}
    for company, id_, kind, state, since, until, followed, approval, number in session.execute(query):
        last = rules.last_day(until, followed) if state is DocumentState.SUPERSEDED else until
        if last is None or last >= (since or rules.EARLIEST):
            found[company].append(Document(id_, kind, state, since, last, approval or "", number))
    return found
