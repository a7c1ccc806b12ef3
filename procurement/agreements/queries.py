"""Agreements as their parties may see them: a hospital its own, a company its own, the agency all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from catalogue.drugs.models import GenericName, Specification, Variety
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.identity import record_id
from kernel.paging import Page, windowed
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from procurement.agreements.models import Agreement
from procurement.bids.joints.flow import JointState
from procurement.bids.joints.models import Joint, JointMember
from procurement.bids.joints.queries import standing
from procurement.demand.models import Lot
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round

SORTS = {"agreed": Agreement.agreed, "price": Agreement.price, "starts": Agreement.starts}


def visible(actor: Actor) -> Select[Agreement]:
    """Return the agreements the actor is a party to, or all for those who run or oversee the platform.

    Who bid jointly is a party to what its lead agreed.
    """
    query = select(Agreement)
    if actor.runs_platform:
        return query
    if actor.buys:
        return query.where(Agreement.hospital_id == actor.organisation_id)
    if actor.organisation_kind is OrganisationKind.COMPANY:
        return query.where(or_(Agreement.company_id == actor.organisation_id, _jointly(actor)))
    return query.where(false())


def _jointly(actor: Actor) -> ColumnElement[bool]:
    """Say whether an agreement follows from a joint bid of which the actor's company is a member."""
    return exists().where(
        Award.id == Agreement.award_id, Round.id == Award.round_id, Joint.box_id == Round.box_id,
        Joint.lot_id == Award.lot_id, Joint.lead_id == Award.company_id, Joint.state == JointState.AGREED,
        JointMember.joint_id == Joint.id, JointMember.company_id == actor.organisation_id,
    )  # fmt: skip


def joints(session: Session, actor: Actor) -> dict[tuple[int, int], Joint]:
    """Return, by lot and lead, the joints whose awards the actor's agreements come from."""
    return standing(session, *(round_.box_id for round_ in rounds_with(session, actor)))


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list page from the parts of its address."""
    return {
        "round_id": record_id(parts.get("round", "")), "text": parts.get("q", "").strip()[:80],
        "sort": parts.get("sort", ""),
    }  # fmt: skip


def _narrowed(actor: Actor, round_id: int | None, text: str) -> Select[Agreement]:
    query = visible(actor)
    if round_id is not None:
        query = query.where(Agreement.award_id.in_(select(Award.id).where(Award.round_id == round_id)))
    if text:
        named = select(Organisation.id).where(Organisation.name.contains(text, autoescape=True))
        drugs = select(Specification.id).join(Specification.variety).join(Variety.generic_name)
        drugs = drugs.where(GenericName.name.contains(text, autoescape=True))
        held = [Agreement.hospital_id.in_(named), Agreement.company_id.in_(named)]
        query = query.where(or_(*held, Agreement.specification_id.in_(drugs)))
    return query


def listing(actor: Actor, *, round_id: int | None = None, text: str = "", sort: str = "") -> Select[Agreement]:
    """Return the query of the list page: of one round, or whose drug, hospital or company holds the text.

    A party's and a round's are in the order of lots and hospitals; all of them are too many to sort, the latest first.
    """
    hospital = aliased(Organisation)
    query = (
        _narrowed(actor, round_id, text)
        .join(Award, Award.id == Agreement.award_id)
        .join(Lot, Lot.id == Award.lot_id)
        .join(hospital, hospital.id == Agreement.hospital_id)
        .options(
            joinedload(Agreement.hospital), joinedload(Agreement.company),
            joinedload(Agreement.specification).joinedload(Specification.variety),
            joinedload(Agreement.award).joinedload(Award.lot),
        )
    )  # fmt: skip
    column = SORTS.get(sort.lstrip("-"))
    order = [] if column is None else [column.desc() if sort.startswith("-") else column.asc()]
    if round_id is None and actor.runs_platform:
        return query.order_by(*order, Agreement.id.desc())
    return query.order_by(*order, Award.round_id.desc(), Lot.number, hospital.name, Agreement.id)


def page(session: Session, actor: Actor, number: int, asked: Mapping[str, Any]) -> Page:
    """Return one page of the list; a very long one is counted no further than it can be turned over."""
    return windowed(session, listing(actor, **asked), number=number)


def one(session: Session, agreement_id: int, actor: Actor) -> Agreement:
    """Return an agreement, or NotFound."""
    found = session.scalars(visible(actor).where(Agreement.id == agreement_id)).one_or_none()
    if found is None:
        raise NotFound(agreement=agreement_id)
    return found


def visible_of(session: Session, agreement: Agreement, actor: Actor) -> Sequence[Agreement]:
    """Return the agreements of the same hospital and lot that the actor may see, over the years."""
    lot = select(Award.lot_id).where(Award.id == agreement.award_id).scalar_subquery()
    query = (
        visible(actor)
        .join(Award, Award.id == Agreement.award_id)
        .where(Award.lot_id == lot, Agreement.hospital_id == agreement.hospital_id)
        .options(joinedload(Agreement.company), joinedload(Agreement.specification))
    )
    return session.scalars(query.order_by(Agreement.starts, Agreement.id)).all()


def made(session: Session, round_id: int, *, year: int) -> Sequence[Agreement]:
    """Return a round's agreements of one agreement year, by id."""
    query = select(Agreement).join(Award, Award.id == Agreement.award_id)
    query = query.where(Award.round_id == round_id, Agreement.year == year)
    return session.scalars(query.order_by(Agreement.id)).all()


def of_round(session: Session, round_id: int) -> int:
    """Count a round's agreements."""
    query = select(func.count(Agreement.id)).join(Award, Award.id == Agreement.award_id)
    return session.scalar(query.where(Award.round_id == round_id)) or 0


def rounds_with(session: Session, actor: Actor) -> Sequence[Round]:
    """Return the rounds that the actor's agreements come from; each is asked for one agreement, not for all."""
    mine = visible(actor).join(Award, Award.id == Agreement.award_id).where(Award.round_id == Round.id)
    query = select(Round).where(mine.with_only_columns(Agreement.id).exists())
    return session.scalars(query.order_by(Round.id.desc())).unique().all()
