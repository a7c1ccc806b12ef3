"""What a decision becomes in the award: prices of specifications, of components, of the service; volumes by region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.errors import DomainError
from procurement.rounds.models.awards import Award, AwardVolume
from procurement.rounds.models.evaluations import Decision, Evaluation, LotResult
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import supply
from procurement.rounds.queries.parts import summed
from procurement.rounds.queries.supply import Priced
from procurement.rounds.rules.volumes import proportional

STEP = Decimal("0.0001")


def awards(session: Session, round_: Round, found: Iterable[Decision], results: Mapping[int, LotResult]) -> list[Award]:
    """Award what each winner won with: its specifications, or a system's components; with it the service it bid.

    Every specification of a company stands once in a lot, so that agreements and orders are made by it.
    """
    priced, systems = supply.priced(session, round_.box_id), summed(round_)
    products = supply.products(session, round_.box_id)
    made: dict[tuple[int, int, int], Award] = {}
    for one in found:
        if one.winning_price is None:
            raise DomainError("award-without-price", lot=one.lot.number, company=one.company.name)
        lines = priced.get((one.lot_id, one.company_id), [])
        prices = _components(one, one.winning_price, lines) if systems else _specifications(one, lines)
        for specification, price in prices.items():
            key = one.lot_id, one.company_id, specification
            if key not in made:
                made[key] = Award(
                    round_id=round_.id, lot_id=one.lot_id, company_id=one.company_id, specification_id=specification,
                    product_id=products.get(key), price=price, ratio=one.ratio if one.ratio is not None else Decimal(1),
                    period=results[one.lot_id].period,
                )  # fmt: skip
    return list(made.values())


def _specifications(one: Decision, lines: Sequence[Priced]) -> dict[int, Decimal]:
    """The specification a winner won with, each other it makes at the price that follows, and the service as bid."""
    assert one.winning_price is not None
    prices = {one.specification_id: one.winning_price}
    for other in one.other_specs:
        if other["follows_at"] is not None and other["price"] is not None:
            prices[other["specification"]] = Decimal(other["follows_at"])
    return prices | {each.specification_id: each.price for each in lines if each.service}


def _components(one: Decision, winning: Decimal, lines: Sequence[Priced]) -> dict[int, Decimal]:
    """The components at their own bid prices; where the system won at another price, divided in proportion."""
    bid = sum((each.price for each in lines), Decimal(0))
    if not lines or bid == winning:
        return {each.specification_id: each.price for each in lines} or {one.specification_id: winning}
    parts = proportional(winning, [each.price for each in lines], STEP)
    return {each.specification_id: part for each, part in zip(lines, parts, strict=True)}


def volumes(session: Session, round_: Round, evaluation: Evaluation, found: Sequence[Award]) -> int:
    """Write the agreed volumes by region; of consumables they follow from the hospitals, after the reassignment."""
    if supply.by_hospital(session, round_):
        return 0
    systems = summed(round_)
    by_winner: dict[tuple[int, int], list[Award]] = defaultdict(list)
    for award in found:
        by_winner[award.lot_id, award.company_id].append(award)
    rows = [
        AwardVolume(
            award_id=award.id, region_code=one.region, specification_id=award.specification_id, base=one.base,
            agreed=one.agreed,
        )
        for lot_id, each in supply.volumes(session, round_, evaluation).items()
        for one in each
        for award in by_winner[lot_id, one.company]
        if systems or award.specification_id == one.specification
    ]  # fmt: skip
    session.add_all(rows)
    return len(rows)
