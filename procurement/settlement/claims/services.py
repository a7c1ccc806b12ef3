"""A company claims its invoices of last month from the fund; the hospital approves the claim or returns it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import compress

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.clock import after_lock, today
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.notices.services import notify
from kernel.parties.codes import BUYERS
from kernel.parties.models import Organisation
from kernel.periods import month_of
from kernel.sets import among, forget
from procurement.settlement.claims import queries
from procurement.settlement.flow import CLAIM_FLOW, ClaimAction, ClaimState, InvoiceState
from procurement.settlement.models.claims import Claim
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.queries import invoices as invoice_queries
from procurement.settlement.rules import ZERO, fitting, may_claim, policy, review_by
from procurement.settlement.services.invoicing import PAYERS, must_sell
from procurement.settlement.services.matching import must_pay
from procurement.tags import Tag

BATCH = 500
WATCHERS = (Role.AGENCY_OFFICER, Role.AGENCY_REVIEWER)
NUMBER = "JS{month:%Y%m}-{seller:06d}-{count:03d}"


def file(session: Session, *, hospital_id: int, invoice_ids: Collection[int], actor: Actor, at: datetime) -> Claim:
    """Claim matched invoices of a hospital, issued by the end of last month, from the fund; each can be claimed once.

    The seller's open credit notes are netted: those of these invoices, then older ones as far as they go.
    """
    seller_id = must_sell(actor)
    if not invoice_ids:
        raise Invalid({"": Issue("nothing-ticked")})
    hospital = session.get(Organisation, hospital_id)
    if hospital is None or hospital.kind not in BUYERS:
        raise NotFound(hospital=hospital_id)
    _queue_up(session, seller_id)
    found = invoice_queries.held(session, invoice_ids, actor)
    now = after_lock(session)
    month = must_be_open(hospital.region_code or "", now)
    claim = _claim(session, actor, hospital, month, now)
    session.add(claim)
    session.flush()
    _take(session, claim, [one.id for one in found])
    notes = _netted(session, claim, found)
    claim.gross, claim.credited = (sum((one.amount for one in each), ZERO) for each in (found, notes))
    claim.amount = claim.gross - claim.credited
    facts = {"number": claim.number, "invoices": len(found), "amount": claim.amount, "month": claim.month}
    record(session, Tag.CLAIM_FILED, claim, actor, at, facts)
    _tell(session, claim, "claim-filed", claim.hospital_id, at, PAYERS, seller=actor.organisation_name)
    return claim


def must_be_open(region_code: str, now: datetime) -> date:
    """Return the month (its first day) whose invoices can be claimed now, or refuse: the day is over."""
    day, until = today(now), int(policy(region_code).value("claim.until_day"))
    if not may_claim(day, until):
        raise Conflict("claim-over", day=until, next=month_of(day, 1).isoformat())
    return month_of(day, -1)


def _queue_up(session: Session, seller_id: int) -> None:
    """Let a seller's claims wait for each other: their numbers count."""
    own = select(Organisation.id).where(Organisation.id == seller_id)
    session.execute(own.with_for_update(key_share=True)).all()


def _claim(session: Session, actor: Actor, hospital: Organisation, month: date, now: datetime) -> Claim:
    mine = select(func.count(Claim.id)).where(Claim.seller_id == actor.organisation_id, Claim.month == month)
    count = session.scalar(mine) or 0
    return Claim(
        number=NUMBER.format(month=month, seller=actor.organisation_id, count=count + 1),
        seller_id=actor.organisation_id, hospital_id=hospital.id, month=month, state=ClaimState.FILED, gross=ZERO,
        credited=ZERO, amount=ZERO, filed_at=now, filed_by_id=actor.user_id,
        due_at=review_by(now, hospital.region_code or ""),
    )  # fmt: skip


def _take(session: Session, claim: Claim, ids: Sequence[int]) -> None:
    """Take invoices into the claim, all of them or none: one that anything else took meanwhile is not taken again."""
    free = (
        Invoice.seller_id == claim.seller_id, Invoice.hospital_id == claim.hospital_id,
        Invoice.state == InvoiceState.MATCHED, Invoice.claim_id.is_(None), Invoice.payment_id.is_(None),
        Invoice.issued_on < month_of(claim.month, 1), Invoice.corrects_id.is_(None),
    )  # fmt: skip
    if _point(session, ids, claim.id, *free) != len(ids):
        wrong = select(Invoice).where(Invoice.id.in_(ids), Invoice.claim_id.is_distinct_from(claim.id))
        titles = [one.title for one in session.scalars(wrong.order_by(Invoice.id).limit(20))]
        raise Conflict("invoices-not-claimable", numbers=titles)


def _point(session: Session, ids: Sequence[int], claim_id: int | None, *where: ColumnElement[bool]) -> int:
    """Point invoices to a claim, or to none, where the conditions hold; return how many did."""
    session.flush()
    statement = update(Invoice).where(among(Invoice.id, ids), *where)
    statement = statement.values(claim_id=claim_id, version=Invoice.version + 1)
    done = session.connection().execute(statement).rowcount
    forget(session, Invoice, set(ids), ["claim_id", "version"])
    return done


def _netted(session: Session, claim: Claim, found: Sequence[Invoice]) -> list[Invoice]:
    """Take the seller's open credit notes into the claim, as far as they go; of other invoices those of the month."""
    ids = {one.id for one in found}
    query = invoice_queries.open_credits(claim.seller_id, claim.hospital_id, ids)
    notes = [
        one
        for one in invoice_queries.locked(session, query)
        if one.corrects_id in ids or one.issued_on < month_of(claim.month, 1)
    ]
    gross = sum((one.amount for one in found), ZERO)
    taken = list(compress(notes, fitting(gross, [one.amount for one in notes])))
    if _point(session, [one.id for one in taken], claim.id, Invoice.claim_id.is_(None)) != len(taken):
        raise Conflict("changed-meanwhile")
    return taken


def net_again(session: Session, claims: Sequence[Claim]) -> None:
    """Net locked claims against the credit notes that their invoices got since; older notes give way."""
    ids = {one.id: one for one in claims}
    own: dict[int, list[Invoice]] = {claim_id: [] for claim_id in ids}
    others: dict[int, list[Invoice]] = {claim_id: [] for claim_id in ids}
    for note in invoice_queries.locked(session, queries.notes_of(list(ids))):
        belongs = note.corrects.claim_id if note.corrects else None
        if belongs in ids:
            own[belongs].append(note)
        elif note.claim_id is not None:
            others[note.claim_id].append(note)
    for claim in claims:
        notes = own[claim.id] + others[claim.id]
        fits = fitting(claim.gross, [one.amount for one in notes])
        for note, taken in zip(notes, fits, strict=True):
            note.claim_id = claim.id if taken else None
        claim.credited = sum((one.amount for one in compress(notes, fits)), ZERO)
        claim.amount = claim.gross - claim.credited
    session.flush()


def approve(session: Session, *, claim_id: int, actor: Actor, at: datetime) -> Claim:
    """The hospital's finance approves a claim: the fund pays it on the hospital's behalf."""
    must_pay(actor)
    claim = queries.own(session, claim_id, actor, side="hospital_id")
    return _reviewed(session, claim, ClaimAction.APPROVE, Tag.CLAIM_APPROVED, actor, at)


def return_(session: Session, *, claim_id: int, reason: str, actor: Actor, at: datetime) -> Claim:
    """The hospital's finance returns a claim with a reason, before a run takes it; its invoices are free again."""
    must_pay(actor)
    claim = queries.own(session, claim_id, actor, side="hospital_id")
    CLAIM_FLOW.after(claim.state, ClaimAction.RETURN)
    if claim.run_id is not None:
        raise Conflict("claim-in-run", number=claim.number)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    claim.reason = reason.strip()
    _free(session, claim)
    return _reviewed(session, claim, ClaimAction.RETURN, Tag.CLAIM_RETURNED, actor, at)


def _reviewed(session: Session, claim: Claim, action: ClaimAction, tag: Tag, actor: Actor, at: datetime) -> Claim:
    now = after_lock(session)
    if claim.state is ClaimState.FILED and claim.due_at <= now:
        _tell_late(session, [claim], now)
    claim.state = CLAIM_FLOW.after(claim.state, action)
    claim.reviewed_at, claim.reviewed_by_id = now, actor.user_id
    record(session, tag, claim, actor, at, {"number": claim.number, "amount": claim.amount, "reason": claim.reason})
    code = "claim-approved" if action is ClaimAction.APPROVE else "claim-returned"
    facts = {"hospital": actor.organisation_name, "reason": claim.reason}
    _tell(session, claim, code, claim.seller_id, at, (), **facts)
    return claim


def withdraw(session: Session, *, claim_id: int, actor: Actor, at: datetime) -> Claim:
    """The seller takes a claim back before the hospital reviewed it; its invoices are free again."""
    claim = queries.own(session, claim_id, actor, side="seller_id")
    claim.state = CLAIM_FLOW.after(claim.state, ClaimAction.WITHDRAW)
    _free(session, claim)
    record(session, Tag.CLAIM_WITHDRAWN, claim, actor, at, {"number": claim.number})
    return claim


def _free(session: Session, claim: Claim) -> None:
    rows = session.scalars(select(Invoice.id).where(Invoice.claim_id == claim.id).order_by(Invoice.id)).all()
    _point(session, rows, None, Invoice.claim_id == claim.id, Invoice.payment_id.is_(None))


def tell_late(session: Session, *, at: datetime, most: int = BATCH) -> int:
    """Tell the agency and the hospital, once, of claims nobody reviewed in time; return how many. Nothing follows."""
    late = select(Claim).where(Claim.state == ClaimState.FILED, Claim.due_at <= at, Claim.told_at.is_(None))
    found = session.scalars(late.order_by(Claim.id).limit(most).with_for_update(skip_locked=True)).all()
    _tell_late(session, found, at)
    return len(found)


def _tell_late(session: Session, claims: Sequence[Claim], at: datetime) -> None:
    silent = [one for one in claims if one.told_at is None]
    if not silent:
        return
    for claim in silent:
        claim.told_at = at
        record(session, Tag.CLAIM_SILENT, claim, SYSTEM, at, {"number": claim.number, "due": claim.due_at})
    facts = {"count": len(silent), "numbers": [one.number for one in silent[:5]]}
    url = "/procurement/settlement/claims?state=late"
    notify(session, code="claims-silent", facts=facts, roles=WATCHERS, url=url, at=at)
    hospitals = {one.hospital_id for one in silent}
    notify(session, code="claims-to-review", facts={}, organisations=hospitals, roles=PAYERS, url=url, at=at)


def _tell(
    session: Session, claim: Claim, code: str, organisation_id: int, at: datetime, roles: Collection[Role], **more: str
) -> None:
    facts: dict[str, str | Decimal] = {"number": claim.number, "amount": claim.amount, **more}
    url = f"/procurement/settlement/claims/{claim.id}"
    notify(session, code=code, facts=facts, organisations=[organisation_id], roles=roles, url=url, at=at)
