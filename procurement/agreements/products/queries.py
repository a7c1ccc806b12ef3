"""The rounds that a product won, with the agreements a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from procurement.agreements import queries as agreements
from procurement.agreements.models import Agreement
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds


@dataclass(frozen=True, slots=True)
class Won:
    """An award: its round, and what the reader's agreements under it come to."""

    round: Round
    award: Award
    agreements: int = 0
    agreed: Decimal = Decimal(0)
    used: Decimal = Decimal(0)


def won(session: Session, product: Product, actor: Actor) -> Sequence[Won]:
    """Return the awards of a product, newest first, in rounds whose results the reader may see."""
    named = Award.product_id == product.id
    alike = (Award.company_id == product.company_id) & (Award.specification_id == product.specification_id)
    query = (
        select(Award, Round)
        .join(Round, Round.id == Award.round_id)
        .where(or_(named, Award.product_id.is_(None) & alike))
        .options(joinedload(Award.lot), joinedload(Award.specification))
        .order_by(Round.awarded_at.desc(), Award.id)
    )
    found = [(award, round_) for award, round_ in session.execute(query) if rounds.shows_results(round_, actor)]
    volumes = _volumes(session, [award.id for award, _round in found], actor)
    return [Won(round_, award, *volumes.get(award.id, ())) for award, round_ in found]


def _volumes(session: Session, award_ids: Sequence[int], actor: Actor) -> dict[int, tuple[int, Decimal, Decimal]]:
    sums = (func.count(Agreement.id), func.sum(Agreement.agreed), func.sum(Agreement.used))
    query = agreements.visible(actor).where(Agreement.award_id.in_(award_ids))
    rows = session.execute(query.with_only_columns(Agreement.award_id, *sums).group_by(Agreement.award_id))
    return {award_id: (count, agreed, used) for award_id, count, agreed, used in rows}
