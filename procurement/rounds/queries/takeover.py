"""Who takes over a region when its main supplier fails, with the volume that would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.money import working
from procurement.demand.models import Lot
from procurement.rounds.flow import SupplyRole
from procurement.rounds.models.awards import Pick
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, supply
from procurement.rounds.rules.allocation import take_over


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A region of a lot: its main supplier, the agreed volume in reference units, who follows in order."""

    lot: Lot
    region: str
    main: Decision
    backup: Decision | None
    volume: Decimal
    line: list[Decision]


def plan(session: Session, round_: Round, evaluation: Evaluation) -> dict[int, list[TakeOver]]:
    """Return, by lot and region, who takes over: the backup, then the other winners that carry volume, by rank."""
    picks = supply.picks_by_lot(session, round_)
    if not picks:
        return {}
    found = [one for one in results.winners(session, evaluation) if one.carries_volume]
    by_lot: dict[int, dict[int, Decision]] = {}
    for one in found:
        by_lot.setdefault(one.lot_id, {}).setdefault(one.company_id, one)
    lots = {lot.id: lot for lot in rounds.lots(session, round_)}
    agreed = _agreed(session, round_, evaluation, lots)
    return {
        lot_id: [_region(lots[lot_id], code, roles, by_lot[lot_id], agreed) for code, roles in sorted(regions.items())]
        for lot_id, regions in picks.items()
        if lot_id in by_lot
    }


def _region(
    lot: Lot, code: str, roles: Mapping[SupplyRole, Pick], winners: Mapping[int, Decision],
    agreed: Mapping[tuple[int, int, str], Decimal],
) -> TakeOver:  # fmt: skip
    main = roles[SupplyRole.MAIN].company_id
    backup = roles[SupplyRole.BACKUP].company_id if SupplyRole.BACKUP in roles else None
    line = take_over(main=main, backup=backup, by_rank=list(winners))
    return TakeOver(
        lot, code, winners[main], winners[backup] if backup else None, agreed.get((lot.id, main, code), Decimal(0)),
        [winners[one] for one in line],
    )  # fmt: skip


def _agreed(
    session: Session, round_: Round, evaluation: Evaluation, lots: Mapping[int, Lot]
) -> dict[tuple[int, int, str], Decimal]:
    """Return what each winner agreed to supply by lot, company and region, in units of the reference specification."""
    factors = {each.specification_id: each.volume_factor for lot in lots.values() for each in lot.specifications}
    found: dict[tuple[int, int, str], Decimal] = {}
    with working():
        for lot_id, volumes in supply.volumes(session, round_, evaluation).items():
            for one in volumes:
                place = (lot_id, one.company, one.region)
                found[place] = found.get(place, Decimal(0)) + one.agreed * factors[one.specification]
    return found
