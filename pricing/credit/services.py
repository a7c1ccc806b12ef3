"""Sign and withdraw the year's commitment letter; report facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, DomainError, Forbidden
from kernel.parties.codes import SUPPLIERS
from kernel.parties.models import Organisation
from kernel.sets import among, put
from pricing.credit import queries
from pricing.credit.flow import LETTER_FLOW, LetterAction, LetterState, Matter, Source
from pricing.credit.models import CommitmentLetter, CreditCase, CreditFact
from pricing.credit.rules import as_written, digest, letter
from pricing.tags import Tag

HANDED_OVER = {"listing": "挂网记录", "shortage": "短缺报告", "price_case": "函询约谈"}
"""What a case is called that was handed over without a number, by its subject."""


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


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact as it is reported; the same subject and matter again is the same fact. Yuan where money is in it.

    `subject_kind` and `subject_id` name the record by its table and id, as the audit trail does. Without a case number
    the subject is its own case; without a day of effect the conduct counts from the day it happened.
    """

    company_id: int
    matter: Matter
    subject_kind: str
    subject_id: str
    region_code: str
    happened_on: date
    note: str
    amount: Decimal | None = None
    case_number: str = ""
    source: Source = Source.BREACH
    origin: str = ""
    document: str = ""
    effective_on: date | None = None
    single: Decimal | None = None
    staff: bool = False
    national_round: bool = False
    shortage: bool = False
    via_id: int | None = None

    @property
    def case(self) -> tuple[int, Matter, str]:
        """Return what makes facts of several sources one case; one handed over without a number is called by itself."""
        own = f"{HANDED_OVER.get(self.subject_kind, self.subject_kind)}{self.subject_id}号"
        return self.company_id, self.matter, as_written(self.case_number) or own

    @property
    def key(self) -> tuple[str, str, Matter]:
        """Return what makes it the same fact."""
        return self.subject_kind, self.subject_id, self.matter


def report_fact(
    session: Session, *, company_id: int, matter: Matter, subject_kind: str, subject_id: int | str, region_code: str,
    happened_on: date, note: str, actor: Actor, at: datetime, amount: Decimal | None = None,
    source: Source = Source.BREACH, shortage: bool = False,
) -> CreditFact:  # fmt: skip
    """Report what a company did. The same subject and matter again gives the same fact."""
    one = NewFact(
        company_id, matter, subject_kind, str(subject_id), region_code, happened_on, note, amount, source=source,
        shortage=shortage,
    )  # fmt: skip
    return report_facts(session, rows=[one], actor=actor, at=at)[0]


def report_facts(session: Session, *, rows: Sequence[NewFact], actor: Actor, at: datetime) -> list[CreditFact]:
    """Report facts, each into its case; what is known already stays as it is."""
    companies = _companies(session, rows)
    for one in rows:
        _must_be_sound(one, at)
    cases = [
        {"company_id": company, "matter": matter, "number": number}
        for company, matter, number in sorted({row.case for row in rows})
    ]
    put(session, CreditCase.__table__, key=("company_id", "matter", "number"), rows=cases)
    known = set(queries.facts_of(session, [row.key for row in rows]))
    ids = queries.cases_of(session, [row.case for row in rows])
    values = [_values(row, ids[row.case], actor, at) for row in sorted(rows, key=lambda row: row.key)]
    put(session, CreditFact.__table__, key=("subject_kind", "subject_id", "matter"), rows=values)
    found = queries.facts_of(session, [row.key for row in rows])
    for row in rows:
        fact = found[row.key]
        if row.key not in known and fact.reported_at == at:
            told = {
                "company": companies[row.company_id], "matter": row.matter, "amount": row.amount,
                "subject": f"{row.subject_kind}/{row.subject_id}", "case": row.case[2],
            }  # fmt: skip
            record(session, Tag.CREDIT_FACT_REPORTED, fact, actor, at, told)
    return [found[row.key] for row in rows]


def _companies(session: Session, rows: Sequence[NewFact]) -> dict[int, str]:
    ids = {row.company_id for row in rows} | {row.via_id for row in rows if row.via_id}
    query = select(Organisation.id, Organisation.name).where(
        among(Organisation.id, sorted(ids)), Organisation.kind.in_(SUPPLIERS)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    if missing := sorted(ids - set(found)):
        raise DomainError("credit-no-company", company=missing[0])
    return found


def _must_be_sound(one: NewFact, at: datetime) -> None:
    """Refuse a fact of tomorrow, without words, or with amounts that can't be."""
    wrong = one.amount is not None and one.amount < 0
    part = one.single is not None and (one.amount is None or not 0 <= one.single <= one.amount)
    if one.happened_on > today(at) or not one.note.strip() or wrong or part:
        raise DomainError("credit-bad-fact", day=one.happened_on)


def _values(one: NewFact, case_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    same = ("company_id", "matter", "subject_kind", "subject_id", "region_code", "amount", "happened_on", "source",
            "document", "single", "staff", "national_round", "shortage",
            "via_id")  # fmt: skip
    return {name: getattr(one, name) for name in same} | {
        "note": one.note.strip(), "case_id": case_id, "origin": one.origin or actor.organisation_name,
        "effective_on": one.effective_on or one.happened_on, "reported_by_id": actor.user_id,
        "reported_from_id": actor.organisation_id, "reported_at": at,
    }  # fmt: skip
