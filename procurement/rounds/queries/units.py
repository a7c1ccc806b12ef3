"""Intended volumes by company, and how they part a category's bidders into bidding units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.money import working
from procurement.bids.models import OpenedLine
from procurement.demand.models import Lot
from procurement.demand.queries import base
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rulesets
from procurement.rounds.queries.facts import reference
from procurement.rounds.queries.parts import summed
from procurement.rounds.rules.columns import Column, Item
from procurement.rounds.rules.volumes import own_volume

Place = tuple[int, int, int]


def intended(
    session: Session, round_: Round, lines: Sequence[OpenedLine], lots: Iterable[Lot],
    leads: Mapping[int, Mapping[int, int]], columns: Sequence[Column],
) -> dict[Place, Decimal]:  # fmt: skip
    """Return the intended volume (意向采购量) that stands in each bid's row: what its brand was reported × intent.

    In reference units, by lot, company and specification; nothing where the rules do not read it. A company's rows of
    a lot add up to its whole volume: what was reported of specifications it did not bid counts with its first row, of
    a system every row has it all. Who did not bid stands under the lot's reference, a joint's members with its lead.
    """
    if not any(column.name == Item.INTENDED_VOLUME for column in columns):
        return {}
    whole, stands = summed(round_), {lot.id: place.specification_id for lot in lots if (place := reference(lot))}
    bid: dict[tuple[int, int], list[int]] = defaultdict(list)
    for line in lines:
        bid[line.lot_id, line.company_id].append(line.specification_id)
    found: dict[Place, Decimal] = {}
    with working():
        for (lot, company), own in _reported(session, round_, leads).items():
            total, rows = sum(own.values(), Decimal(0)), bid.get((lot, company)) or [stands[lot]]
            for specification in rows:
                found[lot, company, specification] = total if whole else own.get(specification, Decimal(0))
            if not whole:
                found[lot, company, rows[0]] += total - sum(own.get(each, Decimal(0)) for each in rows)
    return found


def _reported(
    session: Session, round_: Round, leads: Mapping[int, Mapping[int, int]]
) -> dict[tuple[int, int], dict[int, Decimal]]:
    """Return what the locked base holds by brand × intent: by lot and company, then by specification."""
    intent = Decimal(rulesets.in_force(round_).parameters.value("intent.share", 1))
    found: dict[tuple[int, int], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for lot, lines in base.base_by_lot(session, round_.call_id).items():
        for line in lines:
            if line.company_id is not None:
                company = leads.get(lot, {}).get(line.company_id, line.company_id)
                with working():
                    part = own_volume(line.quantity * line.volume_factor, intent)
                    found[lot, company][line.specification_id] += part
    return found
