"""The only code that writes fund accounts and their entries: dues, direct payments, prepayments, set-off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import today
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from kernel.money import places
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from kernel.periods import month_of
from kernel.sets import forget, put
from procurement.rounds.models.rounds import Round
from procurement.settlement.flow import FundEntryKind
from procurement.settlement.fund import queries
from procurement.settlement.models.claims import Claim, FundAccount, FundEntry
from procurement.settlement.rules import EARLIEST, LARGEST, ZERO, least_prepayment, prepay_share, set_off
from procurement.tags import Tag

COLUMNS = {
    FundEntryKind.DUE: "due", FundEntryKind.DIRECT: "direct", FundEntryKind.PREPAID: "prepaid",
    FundEntryKind.SET_OFF: "set_off",
}  # fmt: skip
TAGS = {
    FundEntryKind.DUE: Tag.FUND_DUE_SAID, FundEntryKind.PREPAID: Tag.FUND_PREPAID,
    FundEntryKind.SET_OFF: Tag.FUND_SET_OFF,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """What the fund owes a hospital for a month (its first day), in yuan."""

    hospital_id: int
    month: date
    amount: Decimal
    note: str = ""

    @property
    def key(self) -> str:
        """Name what stands once: a month's due of a hospital."""
        return f"due-{self.hospital_id}-{self.month:%Y%m}"


def must_run_fund(actor: Actor) -> None:
    """Refuse who does not work for those who run the fund's payments."""
    if actor.organisation_kind is not OrganisationKind.AGENCY:
        raise Forbidden


def say_due(session: Session, *, dues: Sequence[Due], actor: Actor, at: datetime) -> list[FundEntry]:
    """Enter what hospitals are due for a month, each month once."""
    must_run_fund(actor)
    wrong = {}
    for one in dues:
        if not 0 < one.amount < LARGEST or places(one.amount) > 2:
            wrong["amount"] = Issue("amount-not-positive", value=str(one.amount))
        if not EARLIEST <= one.month <= month_of(today(at)):
            wrong["month"] = Issue("month-not-come", value=f"{one.month:%Y-%m}")
    if wrong:
        raise Invalid(wrong)
    _must_be_hospitals(session, {one.hospital_id for one in dues})
    rows = [
        FundEntry(hospital_id=one.hospital_id, kind=FundEntryKind.DUE, key=one.key, month=month_of(one.month),
                  amount=one.amount, note=one.note.strip())
        for one in dues
    ]  # fmt: skip
    return enter(session, rows, actor=actor, at=at)


def prepay(
    session: Session, *, hospital_id: int, round_id: int, budget: Decimal, amount: Decimal, note: str, actor: Actor,
    at: datetime,
) -> FundEntry:  # fmt: skip
    """Record what a hospital was prepaid of a round's budget, once; less than the region's share is refused."""
    must_run_fund(actor)
    hospital = _must_be_hospitals(session, {hospital_id})[0]
    if session.get(Round, round_id) is None:
        raise NotFound(round=round_id)
    wrong = _prepayment_faults(hospital.region_code or "", budget, amount)
    if wrong:
        raise Invalid(wrong)
    made = FundEntry(
        hospital_id=hospital_id, kind=FundEntryKind.PREPAID, key=f"prepaid-{hospital_id}-{round_id}",
        month=month_of(today(at)), amount=amount, budget=budget, round_id=round_id, note=note.strip(),
    )  # fmt: skip
    return enter(session, [made], actor=actor, at=at)[0]


def _prepayment_faults(region_code: str, budget: Decimal, amount: Decimal) -> dict[str, Issue]:
    wrong = {}
    for name, value in (("budget", budget), ("amount", amount)):
        if not 0 < value < LARGEST or places(value) > 2:
            wrong[name] = Issue("amount-not-positive", value=str(value))
    if wrong:
        return wrong
    share = prepay_share(region_code)
    least = least_prepayment(budget, share)
    if amount < least:
        facts: dict[str, object] = {"least": f"{least:,.2f}", "share": f"{share * 100:f}".rstrip("0").rstrip(".")}
        wrong["amount"] = Issue("prepayment-too-small", value=str(amount), facts=facts)
    if amount > budget:
        wrong["amount"] = Issue("prepayment-too-large", value=str(amount), facts={"budget": f"{budget:,.2f}"})
    return wrong


def take_back(session: Session, *, entry_id: int, reason: str, actor: Actor, at: datetime) -> FundEntry:
    """Another person takes a due or a prepayment back, so that it can be entered rightly; what was set off stays."""
    must_run_fund(actor)
    entry = queries.held(session, entry_id, actor)
    if entry.kind not in queries.SAID or entry.undone_at is not None:
        raise Conflict("fund-entry-stays")
    must_be_another(actor, entry.made_by_id)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    entry.undone_at, entry.undone_by_id, entry.undone_for = at, actor.user_id, reason.strip()
    session.flush()
    _add(session, COLUMNS[entry.kind], {entry.hospital_id: -entry.amount})
    told = {"kind": entry.kind, "month": entry.month, "amount": entry.amount, "reason": entry.undone_for}
    record(session, Tag.FUND_ENTRY_UNDONE, entry, actor, at, told)
    return entry


def offset(session: Session, *, actor: Actor, at: datetime) -> list[FundEntry]:
    """Set open prepayments off against what hospitals are still due, as far as that goes; each account once a month."""
    must_run_fund(actor)
    month = month_of(today(at))
    query = select(FundAccount).where(FundAccount.prepaid > FundAccount.set_off).order_by(FundAccount.hospital_id)
    accounts = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    keys = {one.hospital_id: f"set-off-{one.hospital_id}-{month:%Y%m}" for one in accounts}
    done = queries.of_keys(session, keys.values())
    rows = [
        FundEntry(hospital_id=one.hospital_id, kind=FundEntryKind.SET_OFF, key=keys[one.hospital_id], month=month,
                  amount=set_off(one.balance, one.open))
        for one in accounts
        if set_off(one.balance, one.open) and keys[one.hospital_id] not in done
    ]  # fmt: skip
    if not rows:
        raise Conflict("nothing-to-set-off")
    return enter(session, rows, actor=actor, at=at)


def direct(claims: Sequence[Claim]) -> list[FundEntry]:
    """Return what paid claims take off what their hospitals are due, each once."""
    return [
        FundEntry(hospital_id=one.hospital_id, kind=FundEntryKind.DIRECT, key=f"direct-{one.id}", month=one.month,
                  amount=one.amount, note=one.number)
        for one in claims
        if one.amount
    ]  # fmt: skip


def enter(session: Session, rows: Sequence[FundEntry], *, actor: Actor, at: datetime) -> list[FundEntry]:
    """Write entries and add them to their accounts, opening those that are missing."""
    if not rows:
        return []
    for row in rows:
        row.made_at, row.made_by_id = at, actor.user_id
    session.add_all(rows)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("fund-entry-there") from error
    _open(session, {row.hospital_id for row in rows})
    more: dict[FundEntryKind, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        more[row.kind][row.hospital_id] += row.amount
    for kind, by_hospital in more.items():
        _add(session, COLUMNS[kind], by_hospital)
    for row in rows:
        if row.kind in TAGS:  # what a run pays is told by the run and its payments
            record(session, TAGS[row.kind], row, actor, at, {"month": row.month, "amount": row.amount})
    return list(rows)


def _open(session: Session, hospital_ids: set[int]) -> None:
    nothing = dict.fromkeys(COLUMNS.values(), ZERO)
    rows = [nothing | {"hospital_id": each} for each in sorted(hospital_ids)]
    put(session, FundAccount.__table__, key=("hospital_id",), rows=rows)


def _add(session: Session, column: str, by_hospital: dict[int, Decimal]) -> None:
    """Add to accounts in the order of their hospitals; what would set off more than is due or prepaid is refused."""
    table = FundAccount.__table__
    more = bindparam("more", type_=table.c.due.type)
    statement = update(table).where(table.c.hospital_id == bindparam("hospital"))
    if column == COLUMNS[FundEntryKind.SET_OFF]:
        due = table.c.due - table.c.direct - table.c.set_off
        statement = statement.where(table.c.set_off + more <= table.c.prepaid, due >= more)
    if column == COLUMNS[FundEntryKind.PREPAID]:
        statement = statement.where(table.c.prepaid + more >= table.c.set_off)
    rows = [{"hospital": each, "more": amount} for each, amount in sorted(by_hospital.items())]
    done = session.connection().execute(statement.values({column: table.c[column] + more}), rows)
    if done.rowcount != len(rows):
        raise Conflict("changed-meanwhile")
    forget(session, FundAccount)


def _must_be_hospitals(session: Session, ids: set[int]) -> list[Organisation]:
    query = select(Organisation).where(Organisation.id.in_(ids), Organisation.kind == OrganisationKind.HOSPITAL)
    found = list(session.scalars(query))
    if len(found) != len(ids):
        raise NotFound(hospitals=sorted(ids)[:20])
    return found
