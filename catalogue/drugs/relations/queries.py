"""Statements about owners, proposals of relations, and the facts they are found from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from catalogue.drugs.queries import companies
from catalogue.drugs.relations.flow import ProfileState, ProposalState
from catalogue.drugs.relations.models import CompanyProfile, RelationProposal, ShareLine
from catalogue.drugs.rules.relations import Facts, Holding
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from kernel.policy import Parameter, Parameters, load

SHARE = "holder.share"


def parameters(session: Session) -> Parameters:
    """Return the policy, with the share that the agency has said last."""
    policy = load(Path(__file__).with_name("policy.toml"))
    said = said_last(session)
    return policy.filled({SHARE: said.share}, said.source) if said else policy


def share_line(session: Session) -> Parameter:
    """Return from which share on a holder is a ground; unset until the agency says it."""
    return parameters(session)[SHARE]


def said_last(session: Session) -> ShareLine | None:
    """Return the share that was said last."""
    return session.scalars(select(ShareLine).order_by(ShareLine.id.desc()).limit(1)).one_or_none()


def profile(session: Session, company_id: int | None) -> CompanyProfile | None:
    """Return what a company says about its owners, None where it has said nothing."""
    return session.get(CompanyProfile, company_id) if company_id is not None else None


def visible_profile(session: Session, company_id: int, actor: Actor) -> CompanyProfile:
    """Return a company's statement to itself and to those who run the platform, or NotFound."""
    found = profile(session, company_id)
    if found is None or not (actor.runs_platform or company_id == actor.organisation_id):
        raise NotFound(company=company_id)
    return found


def held_profile(session: Session, company_id: int) -> CompanyProfile | None:
    """Return a company's statement with its row locked."""
    query = select(CompanyProfile).where(CompanyProfile.company_id == company_id)
    query = query.with_for_update(of=CompanyProfile).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def filed(session: Session) -> Sequence[CompanyProfile]:
    """Return the statements that wait for the agency, the oldest first."""
    query = select(CompanyProfile).where(CompanyProfile.state == ProfileState.FILED)
    return session.scalars(query.order_by(CompanyProfile.filed_at, CompanyProfile.company_id)).all()


def facts(session: Session) -> list[Facts]:
    """Return what is known of every active company: its own statement, else what stands in the catalogue."""
    profiles = {one.company_id: one for one in session.scalars(_profiles())}
    query = select(Organisation.id, Organisation.name, Organisation.legal_person, Organisation.address).where(
        Organisation.kind == OrganisationKind.COMPANY, Organisation.state == OrganisationState.ACTIVE
    )
    return [
        _facts(profiles[row.id], row.name) if row.id in profiles else Facts(*row[:3], address=row.address)
        for row in session.execute(query.order_by(Organisation.id))
    ]


def _profiles() -> Select[CompanyProfile]:
    usable = CompanyProfile.state != ProfileState.SENT_BACK
    return select(CompanyProfile).where(usable).options(selectinload(CompanyProfile.shareholders))


def _facts(said: CompanyProfile, name: str) -> Facts:
    holders = tuple(Holding(one.name, one.share) for one in said.shareholders)
    return Facts(said.company_id, name, said.legal_person, said.controller, said.address, holders)


def proposals(session: Session, state: ProposalState = ProposalState.PROPOSED) -> Sequence[RelationProposal]:
    """Return proposals in a state, the oldest first."""
    query = select(RelationProposal).where(RelationProposal.state == state)
    return session.scalars(query.order_by(RelationProposal.found_at, RelationProposal.id)).all()


def decided(session: Session) -> Sequence[RelationProposal]:
    """Return proposals that were decided, the newest first."""
    states = (ProposalState.CONFIRMED, ProposalState.REJECTED)
    query = select(RelationProposal).where(RelationProposal.state.in_(states))
    return session.scalars(query.order_by(RelationProposal.decided_at.desc(), RelationProposal.id).limit(100)).all()


def waiting(session: Session) -> int:
    """Count the proposals that wait for a decision."""
    query = select(func.count()).where(RelationProposal.state == ProposalState.PROPOSED)
    return session.scalar(query) or 0


def all_by_pair(session: Session) -> dict[tuple[int, int], RelationProposal]:
    """Return every proposal there ever was, by its two companies."""
    return {(one.first_id, one.second_id): one for one in session.scalars(select(RelationProposal))}


def held(session: Session, proposal_id: int) -> RelationProposal:
    """Return a proposal with its row locked, or NotFound."""
    query = select(RelationProposal).where(RelationProposal.id == proposal_id)
    query = query.with_for_update(of=RelationProposal).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(proposal=proposal_id)
    return found


def together(session: Session, day: date) -> set[tuple[int, int]]:
    """Return the pairs of companies that count as one bidder already."""
    related = companies.related_on(session, day=day)
    return {(one, other) for one, cluster in related.items() for other in cluster if one < other}


def share_of(session: Session) -> Decimal | None:
    """Return the share as a figure, None while nobody has said it."""
    line = share_line(session)
    return Decimal(line.value) if line.is_set else None
