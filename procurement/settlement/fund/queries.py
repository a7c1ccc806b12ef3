"""Fund accounts as the hospital and the agency see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.columns import Amount
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from kernel.sets import among
from procurement.agreements.models import Agreement
from procurement.orders.rules import worth
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.settlement.flow import FundEntryKind
from procurement.settlement.models.claims import FundAccount, FundEntry
from procurement.settlement.rules import ZERO

SAID = (FundEntryKind.DUE, FundEntryKind.PREPAID)
"""What people enter, and can take back; the others follow from runs and set-offs."""
MOST = 200
"""So many of the latest entries can be chosen from; an account gets a few each month."""
SORTS = {"due": FundAccount.due, "direct": FundAccount.direct, "prepaid": FundAccount.prepaid}


def visible(actor: Actor) -> Select[FundAccount]:
    """Return the fund accounts the actor may see: the hospital's own, or all for those who run the platform."""
    return scopes.own(actor, select(FundAccount), buyer=FundAccount.hospital_id)


def one(session: Session, hospital_id: int, actor: Actor) -> FundAccount:
    """Return a hospital's account, or NotFound."""
    query = visible(actor).where(FundAccount.hospital_id == hospital_id).options(joinedload(FundAccount.hospital))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(hospital=hospital_id)
    return found


def listing(actor: Actor, text: str = "", sort: str = "") -> Select[FundAccount]:
    """Return the query of the list page: of hospitals whose name holds the text."""
    query = visible(actor).join(Organisation, Organisation.id == FundAccount.hospital_id)
    query = query.options(joinedload(FundAccount.hospital))
    if text:
        query = query.where(Organisation.name.contains(text, autoescape=True))
    column = SORTS.get(sort.lstrip("-"))
    order = [] if column is None else [column.desc() if sort.startswith("-") else column.asc()]
    return query.order_by(*order, FundAccount.hospital_id)


@dataclass(frozen=True, slots=True)
class Totals:
    """All accounts the reader sees together, in yuan."""

    due: Decimal
    direct: Decimal
    prepaid: Decimal
    set_off: Decimal

    @property
    def balance(self) -> Decimal:
        """Return what the fund still owes."""
        return self.due - self.direct - self.set_off

    @property
    def open(self) -> Decimal:
        """Return what of the prepayments is still to be set off."""
        return self.prepaid - self.set_off


def totals(session: Session, actor: Actor) -> Totals:
    """Add the accounts up."""
    table = FundAccount.__table__.c
    names = ("due", "direct", "prepaid", "set_off")
    query = visible(actor).with_only_columns(*(func.sum(table[name], type_=Amount()) for name in names))
    return Totals(*(value or ZERO for value in session.execute(query).one()))


def entries(account: FundAccount) -> Select[FundEntry]:
    """Return what changed an account, the latest first."""
    query = select(FundEntry).where(FundEntry.hospital_id == account.hospital_id)
    return query.options(joinedload(FundEntry.round)).order_by(FundEntry.id.desc())


def entered(actor: Actor) -> Select[FundEntry]:
    """Return all entries of the accounts the actor sees, for the workbook."""
    mine = visible(actor).with_only_columns(FundAccount.hospital_id)
    query = select(FundEntry).where(FundEntry.hospital_id.in_(mine))
    return query.options(joinedload(FundEntry.round), joinedload(FundEntry.hospital)).order_by(FundEntry.id)


def mutable(session: Session, account: FundAccount) -> Sequence[FundEntry]:
    """Return the entries of an account that can be taken back, the latest first."""
    query = select(FundEntry).where(FundEntry.hospital_id == account.hospital_id, FundEntry.undone_at.is_(None))
    query = query.where(FundEntry.kind.in_(SAID)).options(joinedload(FundEntry.round))
    return session.scalars(query.order_by(FundEntry.id.desc()).limit(MOST)).all()


def held(session: Session, entry_id: int, actor: Actor) -> FundEntry:
    """Return an entry of an account the actor sees with its row locked, read anew, or NotFound."""
    mine = visible(actor).with_only_columns(FundAccount.hospital_id)
    query = select(FundEntry).where(FundEntry.id == entry_id, FundEntry.hospital_id.in_(mine)).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(entry=entry_id)
    return found


def of_keys(session: Session, keys: Collection[str]) -> Mapping[str, FundEntry]:
    """Return entries that count by what may stand once only."""
    query = select(FundEntry).where(among(FundEntry.key, keys), FundEntry.undone_at.is_(None))
    return {each.key: each for each in session.scalars(query)}


def hospitals(session: Session) -> Sequence[Organisation]:
    """Return the hospitals that the fund settles with, by name."""
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.HOSPITAL, Organisation.state == OrganisationState.ACTIVE
    )
    return session.scalars(query.order_by(Organisation.name, Organisation.id)).all()


def rounds(session: Session) -> Sequence[Round]:
    """Return the rounds that were awarded, the latest first."""
    query = select(Round).where(Round.awarded_at.is_not(None))
    return session.scalars(query.order_by(Round.awarded_at.desc(), Round.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a hospital agreed to buy in the first year of a round: its worth in yuan, and the first day."""

    worth: Decimal
    starts: date | None


def agreed(session: Session, round_id: int, hospital_id: int) -> Agreed:
    """Return what the budget of a round rests on: agreed volumes at winning prices."""
    query = (
        select(Agreement.agreed, Agreement.price, Agreement.starts)
        .join(Award, Award.id == Agreement.award_id)
        .where(Award.round_id == round_id, Agreement.hospital_id == hospital_id, Agreement.year == 1)
    )
    rows = session.execute(query).all()
    total = sum((worth(price, quantity) for quantity, price, _starts in rows), ZERO)
    return Agreed(total, min((starts for _quantity, _price, starts in rows), default=None))
