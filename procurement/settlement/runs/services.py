"""The agency pays approved claims from the fund: one person prepares a run, another one pays it, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import beijing, today
from kernel.errors import Conflict, Invalid, Issue
from kernel.notices.services import notify
from kernel.parties.models import Organisation
from kernel.periods import month_of
from procurement.settlement.claims import queries as claim_queries
from procurement.settlement.claims.services import net_again
from procurement.settlement.flow import CLAIM_FLOW, RUN_FLOW, Channel, ClaimAction, ClaimState, InvoiceKind, RunAction
from procurement.settlement.flow import RunState as S
from procurement.settlement.fund import services as fund
from procurement.settlement.fund.services import must_run_fund
from procurement.settlement.models.claims import Claim, Run
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.queries import invoices as invoice_queries
from procurement.settlement.rules import ZERO
from procurement.settlement.runs import queries
from procurement.settlement.services.invoicing import PAYERS
from procurement.settlement.services.paying import Bundle, settle, transfer_faults
from procurement.tags import Tag

NUMBER = "ZF{day:%Y%m%d}-{count:02d}"


def prepare(session: Session, *, claim_ids: Collection[int], actor: Actor, at: datetime) -> Run:
    """Put approved claims into a run; what their invoices were credited since is netted first.

    A claim over goods that went back without a credit note is refused by number: it waits for the note.
    """
    must_run_fund(actor)
    if not claim_ids:
        raise Invalid({"": Issue("nothing-ticked")})
    own = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    session.execute(own.with_for_update(key_share=True)).all()  # runs are numbered one after the other
    claims = claim_queries.held(session, claim_ids, actor)
    for one in claims:
        if one.state is not ClaimState.APPROVED or one.run_id is not None:
            raise Conflict("claim-not-free", number=one.number)
    blocked = set(claim_queries.sent_back(session, [one.id for one in claims]))
    if blocked:
        raise Conflict("claims-sent-back", numbers=[one.number for one in claims if one.id in blocked][:20])
    net_again(session, claims)
    run = _run(session, claims, actor, at)
    for one in claims:
        one.run_id = run.id
    facts = {"number": run.number, "claims": run.count, "amount": run.amount}
    record(session, Tag.RUN_PREPARED, run, actor, at, facts)
    return run


def _run(session: Session, claims: Sequence[Claim], actor: Actor, at: datetime) -> Run:
    day = beijing(at)
    earlier = select(func.count(Run.id)).where(Run.number.startswith(f"ZF{day:%Y%m%d}-"))
    run = Run(
        number=NUMBER.format(day=day, count=(session.scalar(earlier) or 0) + 1), month=month_of(today(at)),
        state=S.PREPARED, count=len(claims), amount=sum((one.amount for one in claims), ZERO), prepared_at=at,
        prepared_by_id=actor.user_id,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def cancel(session: Session, *, fund_run_id: int, actor: Actor, at: datetime) -> Run:
    """Give a run up before it is paid; its claims are free for another one."""
    must_run_fund(actor)
    run = queries.held(session, fund_run_id, actor)
    run.state = RUN_FLOW.after(run.state, RunAction.CANCEL)
    run.decided_at, run.decided_by_id = at, actor.user_id
    for claim in _claims(session, run):
        claim.run_id = None
    record(session, Tag.RUN_CANCELLED, run, actor, at, {"number": run.number, "claims": run.count})
    return run


def pay(session: Session, *, fund_run_id: int, reference: str, paid_on: date, actor: Actor, at: datetime) -> Run:
    """A second person pays a run: its claims are paid, all of them or none, and taken off what hospitals are due."""
    must_run_fund(actor)
    wrong = transfer_faults(reference, paid_on, today(at))
    if wrong:
        raise Invalid(wrong)
    run = queries.held(session, fund_run_id, actor)
    state = RUN_FLOW.after(run.state, RunAction.PAY)
    must_be_another(actor, run.prepared_by_id)
    claims = _claims(session, run)
    bundles = _bundles(session, run, claims, reference.strip())
    run.state, run.reference, run.paid_on = state, reference.strip(), paid_on
    run.decided_at, run.decided_by_id = at, actor.user_id
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("payment-reference-used") from error
    made = settle(session, bundles, channel=Channel.FUND, paid_on=paid_on, actor=actor, at=at)
    for claim in claims:
        claim.state = CLAIM_FLOW.after(claim.state, ClaimAction.PAY)
    fund.enter(session, fund.direct(claims), actor=actor, at=at)
    facts = {"number": run.number, "claims": run.count, "amount": run.amount, "reference": run.reference}
    record(session, Tag.RUN_PAID, run, actor, at, facts)
    _tell(session, run, made, at)
    return run


def _claims(session: Session, run: Run) -> list[Claim]:
    query = select(Claim).where(Claim.run_id == run.id).order_by(Claim.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _bundles(session: Session, run: Run, claims: Sequence[Claim], reference: str) -> list[Bundle]:
    """Return what is paid by claim, its invoices locked; refuse where it is no longer what was prepared."""
    mine = select(Invoice).where(Invoice.claim_id.in_(select(Claim.id).where(Claim.run_id == run.id)))
    by_claim: dict[int | None, list[Invoice]] = defaultdict(list)
    for invoice in invoice_queries.locked(session, mine.order_by(Invoice.id)):
        by_claim[invoice.claim_id].append(invoice)
    made = []
    for claim in claims:
        rows = by_claim[claim.id]
        bills = tuple(one for one in rows if one.kind is InvoiceKind.INVOICE)
        notes = tuple(one for one in rows if one.kind is InvoiceKind.CREDIT)
        made.append(Bundle(bills, notes, f"{reference}/{claim.number}", claim))
    as_prepared = [one.amount for one in made] == [claim.amount for claim in claims]
    credited_since = session.scalars(queries.open_notes(run).limit(1)).first()
    if not as_prepared or credited_since or claim_queries.sent_back(session, [one.id for one in claims]):
        raise Conflict("run-outdated", number=run.number)
    return made


def _tell(session: Session, run: Run, made: Sequence[Payment], at: datetime) -> None:
    facts = {"run": run.number, "reference": run.reference or ""}
    url = "/procurement/settlement/claims?state=paid"
    sellers, hospitals = {one.seller_id for one in made}, {one.hospital_id for one in made}
    notify(session, code="claims-paid", facts=facts, organisations=sellers, url=url, at=at)
    notify(session, code="claims-paid", facts=facts, organisations=hospitals, roles=PAYERS, url=url, at=at)
