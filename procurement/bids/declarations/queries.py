"""Declarations as they may be seen: before the opening by the company they are of, and by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from procurement.bids.declarations.flow import DeclarationState
from procurement.bids.declarations.models import Declaration, DeclarationAct
from procurement.bids.flow import BoxState
from procurement.bids.models import Bid, Box, OpenedLine
from procurement.demand.models import Lot


def own(session: Session, box_id: int, actor: Actor) -> dict[int, Declaration]:
    """Return the declarations of the actor's own company, by lot."""
    return of_company(session, box_id, actor.organisation_id or 0)


def of_company(session: Session, box_id: int, company_id: int) -> dict[int, Declaration]:
    """Return a company's declarations, by lot, for what it does itself."""
    query = select(Declaration).where(Declaration.box_id == box_id, Declaration.company_id == company_id)
    return {one.lot_id: one for one in session.scalars(query)}


def acts(session: Session, box_id: int, actor: Actor) -> Sequence[DeclarationAct]:
    """Return what the actor's own company declared and took back, the newest first."""
    company_id = actor.organisation_id or 0
    query = select(DeclarationAct).where(DeclarationAct.box_id == box_id, DeclarationAct.company_id == company_id)
    return session.scalars(query.order_by(DeclarationAct.id.desc())).all()


def act_of(session: Session, act_id: int, actor: Actor) -> DeclarationAct | None:
    """Return an act of the actor's own company, or None."""
    company_id = actor.organisation_id or 0
    query = select(DeclarationAct).where(DeclarationAct.id == act_id, DeclarationAct.company_id == company_id)
    return session.scalars(query.options(joinedload(DeclarationAct.box))).one_or_none()


def _opened(box_id: int) -> Select[Declaration]:
    """Return the declarations that stand in a box, none before its opening."""
    return (
        select(Declaration)
        .join(Box, Box.id == Declaration.box_id)
        .where(Box.id == box_id, Box.state == BoxState.OPENED, Declaration.state == DeclarationState.DECLARED)
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration in the opening record, and whether a price stands beside it."""

    declaration: Declaration
    priced: bool

    @property
    def lacking(self) -> list[dict[str, object]]:
        """Return what was not met when it was made."""
        return [found for found in self.declaration.checked if found["why"] != "covered"]


def opened(session: Session, box_id: int) -> list[Declared]:
    """Return every declaration of an opened box, by lot and company; nothing before the opening."""
    same = (Bid.box_id == Declaration.box_id, Bid.lot_id == Declaration.lot_id)
    priced = exists().where(OpenedLine.bid_id == Bid.id, *same, Bid.company_id == Declaration.company_id)
    query = (
        _opened(box_id).add_columns(priced.label("priced")).join(Lot, Lot.id == Declaration.lot_id)
        .options(joinedload(Declaration.lot).joinedload(Lot.variety)).order_by(Lot.number, Declaration.company_id)
    )  # fmt: skip
    return [Declared(row[0], row[1]) for row in session.execute(query)]
