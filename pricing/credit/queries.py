"""Letters, facts and cases as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Forbidden, NotFound
from kernel.identity import record_id
from kernel.paging import Page
from kernel.parties.codes import SUPPLIERS, OrganisationState
from kernel.parties.models import Organisation
from kernel.sets import among
from pricing.credit.flow import LetterState, Matter
from pricing.credit.models import CommitmentLetter, CreditCase, CreditFact
from pricing.credit.rules import CaseSum, Told, case_sum

FIRST_YEAR = 2020
"""The year in which the credit evaluation began (医保发〔2020〕34号)."""


def company_of(session: Session, actor: Actor) -> Organisation:
    """Return the actor's company, or Forbidden where he works for none."""
    if not actor.supplies or actor.organisation_id is None:
        raise Forbidden
    return session.get_one(Organisation, actor.organisation_id)


def letter_of(session: Session, company_id: int, year: int) -> CommitmentLetter | None:
    """Return a company's letter of a year; None where it never signed one."""
    query = select(CommitmentLetter).where(CommitmentLetter.company_id == company_id, CommitmentLetter.year == year)
    return session.scalars(query.options(joinedload(CommitmentLetter.signed_by))).one_or_none()


def signed(session: Session, company_ids: Collection[int], day: date) -> frozenset[int]:
    """Return the companies whose letter of a day's year binds them; without it nobody bids or lists."""
    query = select(CommitmentLetter.company_id).where(
        among(CommitmentLetter.company_id, sorted(company_ids)), CommitmentLetter.year == day.year,
        CommitmentLetter.state == LetterState.SIGNED,
    )  # fmt: skip
    return frozenset(session.scalars(query))


def letters(
    actor: Actor, *, year: int, text: str = "", signed: bool | None = None
) -> Select[Organisation, CommitmentLetter]:
    """Return active companies with their letter of a year, those without one first; a company sees itself."""
    own = and_(CommitmentLetter.company_id == Organisation.id, CommitmentLetter.year == year)
    query = (
        select(Organisation, CommitmentLetter)
        .outerjoin(CommitmentLetter, own)
        .where(Organisation.kind.in_(SUPPLIERS), Organisation.state == OrganisationState.ACTIVE)
        .options(joinedload(CommitmentLetter.signed_by))
    )
    if not actor.runs_platform:
        query = query.where(Organisation.id == actor.organisation_id)
    if text:
        held = (column.contains(text, autoescape=True) for column in (Organisation.name, Organisation.code))
        query = query.where(or_(*held))
    binds = CommitmentLetter.state == LetterState.SIGNED
    if signed is not None:
        query = query.where(binds if signed else or_(CommitmentLetter.id.is_(None), ~binds))
    return query.order_by(CommitmentLetter.signed_at.is_not(None), Organisation.name, Organisation.id)


def letters_page(session: Session, actor: Actor, asked: Mapping[str, Any], number: int, size: int = 50) -> Page:
    """Return a page of companies with their letters."""
    query = letters(actor, **asked)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    rows = session.execute(query.limit(size).offset((number - 1) * size)).all()
    return Page([(row[0], row[1]) for row in rows], total, number, size)


def tally(session: Session, year: int) -> int:
    """Count the letters of a year that bind."""
    binds = (CommitmentLetter.year == year) & (CommitmentLetter.state == LetterState.SIGNED)
    return session.scalar(select(func.count(CommitmentLetter.id)).where(binds)) or 0


def unsigned(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count, for the side bar, the letter that the actor's company has not signed this year."""
    if not actor.supplies or actor.organisation_id is None:
        return 0, False
    signed = letter_of(session, actor.organisation_id, today(at).year)
    return (0 if signed is not None and signed.state is LetterState.SIGNED else 1), False


def visible(actor: Actor) -> Select[CreditFact]:
    """Return the facts the actor may see: all for those who run or oversee the platform, a company its own."""
    query = select(CreditFact)
    return query if actor.runs_platform else query.where(CreditFact.company_id == actor.organisation_id)


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list of facts from the parts of its address."""
    matter = parts.get("matter", "")
    return {"text": parts.get("q", "").strip()[:80], "matter": Matter(matter) if matter in set(Matter) else None}


def asked_letters(parts: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Return the filter of the list of letters; without a year, or with one of no sense, this year's."""
    this, year = today(at).year, record_id(parts.get("year", ""))
    return {
        "text": parts.get("q", "").strip()[:80], "year": year if year and FIRST_YEAR <= year <= this else this,
        "signed": {"yes": True, "no": False}.get(parts.get("signed", "")),
    }  # fmt: skip


def facts(actor: Actor, *, text: str = "", matter: Matter | None = None) -> Select[CreditFact]:
    """Return the query of the list of facts, newest first."""
    query = visible(actor).join(Organisation, Organisation.id == CreditFact.company_id)
    query = query.options(
        joinedload(CreditFact.company), joinedload(CreditFact.reported_from), joinedload(CreditFact.region),
        joinedload(CreditFact.case), joinedload(CreditFact.via),
    )  # fmt: skip
    if text:
        held = (column.contains(text, autoescape=True) for column in (Organisation.name, CreditFact.note))
        query = query.where(or_(*held))
    if matter is not None:
        query = query.where(CreditFact.matter == matter)
    return query.order_by(CreditFact.reported_at.desc(), CreditFact.id.desc())


def one(session: Session, fact_id: int, actor: Actor) -> CreditFact:
    """Return a fact, or NotFound."""
    found = session.scalars(visible(actor).where(CreditFact.id == fact_id)).one_or_none()
    if found is None:
        raise NotFound(fact=fact_id)
    return found


def facts_of(
    session: Session, keys: Collection[tuple[str, str, Matter]]
) -> dict[tuple[str, str, Matter], CreditFact]:  # fmt: skip
    """Return facts by what makes them the same: kind and id of their subject, and matter."""
    query = select(CreditFact).where(
        among(CreditFact.subject_kind, sorted({key[0] for key in keys})),
        among(CreditFact.subject_id, sorted({key[1] for key in keys})),
    )
    found = {(one.subject_kind, one.subject_id, one.matter): one for one in session.scalars(query)}
    return {key: found[key] for key in keys if key in found}


def cases_of(session: Session, keys: Collection[tuple[int, Matter, str]]) -> dict[tuple[int, Matter, str], int]:
    """Return the ids of cases by company, matter and number."""
    query = select(CreditCase.id, CreditCase.company_id, CreditCase.matter, CreditCase.number).where(
        among(CreditCase.company_id, sorted({key[0] for key in keys})),
        among(CreditCase.number, sorted({key[2] for key in keys})),
    )
    return {(company, matter, number): id_ for id_, company, matter, number in session.execute(query)}


def case(session: Session, case_id: int, *, lock: bool = False) -> CreditCase:
    """Return a case with its facts, or NotFound; `lock` keeps others from rating it meanwhile."""
    query = select(CreditCase).where(CreditCase.id == case_id)
    query = query.options(joinedload(CreditCase.company, innerjoin=True), selectinload(CreditCase.facts))
    found = session.scalars(query.with_for_update(of=CreditCase) if lock else query).one_or_none()
    if found is None:
        raise NotFound(case=case_id)
    return found


def sum_of(facts: Collection[CreditFact]) -> CaseSum:
    """Add up what facts of a case say."""
    return case_sum([
        Told(one.origin, one.amount, one.single, one.staff, one.national_round, one.effective_on, one.shortage)
        for one in facts
    ])  # fmt: skip
