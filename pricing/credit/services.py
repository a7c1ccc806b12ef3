"""Sign and withdraw the year's commitment letter; report facts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, DomainError, Forbidden
from kernel.parties.codes import SUPPLIERS
from kernel.parties.models import Organisation
from pricing.credit import queries
from pricing.credit.flow import LETTER_FLOW, LetterAction, LetterState, Matter
from pricing.credit.models import CommitmentLetter, CreditFact
from pricing.credit.rules import digest, letter
from pricing.tags import Tag


def sign(session: Session, *, shown: str, actor: Actor, at: datetime) -> CommitmentLetter:
    """Sign this year's letter for the actor's company. `shown` is the digest of the text that the signer read."""
    company, year = queries.company_of(session, actor), today(at).year
    text = digest(letter(name=company.name, code=company.code, year=year))
    if text != shown:
        raise Conflict("commitment-text-differs")
    if actor.user_id is None:
        raise Forbidden
    signed = queries.letter_of(session, company.id, year)
    if signed is None:
        signed = CommitmentLetter(company_id=company.id, year=year, state=LetterState.SIGNED)
        session.add(signed)
    else:
        signed.state = LETTER_FLOW.after(signed.state, LetterAction.SIGN)
    signed.signed_by_id, signed.signed_at, signed.digest, signed.withdrawn_at = actor.user_id, at, text, None
    session.flush()  # the event names the letter by its id
    record(session, Tag.COMMITMENT_SIGNED, signed, actor, at, {"year": year, "digest": text})
    return signed


def withdraw(session: Session, *, actor: Actor, at: datetime) -> CommitmentLetter:
    """Withdraw this year's letter of the actor's company."""
    company, year = queries.company_of(session, actor), today(at).year
    signed = queries.letter_of(session, company.id, year)
    if signed is None:
        raise Conflict("commitment-not-signed", year=year)
    signed.state = LETTER_FLOW.after(signed.state, LetterAction.WITHDRAW)
    signed.withdrawn_at = at
    record(session, Tag.COMMITMENT_WITHDRAWN, signed, actor, at, {"year": year})
    return signed


def report_fact(
    session: Session, *, company_id: int, matter: Matter, subject_kind: str, subject_id: int | str, region_code: str,
    happened_on: date, note: str, actor: Actor, at: datetime, amount: Decimal | None = None,
) -> CreditFact:  # fmt: skip
    """Report what a company did, yuan where money is in it. The same subject and matter again gives the same fact.

    `subject_kind` and `subject_id` name the record by its table and id, as the audit trail does.
    """
    company = session.get(Organisation, company_id)
    if company is None or company.kind not in SUPPLIERS:
        raise DomainError("credit-no-company", company=company_id)
    if happened_on > today(at) or not note.strip() or (amount is not None and amount < 0):
        raise DomainError("credit-bad-fact", day=happened_on)
    values = {
        "company_id": company_id, "matter": matter, "subject_kind": subject_kind, "subject_id": str(subject_id),
        "region_code": region_code, "amount": amount, "happened_on": happened_on, "note": note.strip(),
        "reported_by_id": actor.user_id, "reported_from_id": actor.organisation_id, "reported_at": at,
    }  # fmt: skip
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    once = insert(CreditFact).values(values).on_conflict_do_nothing().returning(CreditFact.id)
    made = session.scalar(once)
    same = (CreditFact.subject_kind == subject_kind) & (CreditFact.subject_id == str(subject_id))
    fact = session.scalars(select(CreditFact).where(same, CreditFact.matter == matter)).one()
    if made is not None:
        told = {"company": company.name, "matter": matter, "subject": f"{subject_kind}/{subject_id}", "amount": amount}
        record(session, Tag.CREDIT_FACT_REPORTED, fact, actor, at, told)
    return fact
