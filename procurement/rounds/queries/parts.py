"""What a lot's lines are in a round: specifications or products of their own, components of a system, the service."""

from __future__ import annotations

from decimal import Decimal

from catalogue.drugs.rules.codes import Part
from kernel.money import NotANumber, parse_decimal
from procurement.bids.models import OpenedLine
from procurement.demand.models import Lot, LotSpecification
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rulesets
from procurement.rounds.queries.facts import reference
from procurement.rounds.rules.columns import Item, columns_of


def summed(round_: Round) -> bool:
    """Say whether a round's rules add components up to a system price."""
    return any(column.name == Item.COMPONENT for column in columns_of(rulesets.in_force(round_)))


def is_service(line: OpenedLine) -> bool:
    """Say whether a price is the accompanying service's: in rules that add nothing up, the products' fee."""
    return line.specification.part is Part.SERVICE


def bears(line: OpenedLine) -> bool:
    """Say whether facts were entered for this line; a system's other components share those of its reference."""
    return line.specification.part is Part.PRODUCT or (line.specification.is_reference and not is_service(line))


def anchor(lot: Lot, place: LotSpecification) -> int:
    """Return the specification whose facts hold for a line."""
    found = place if place.specification.part is Part.PRODUCT else reference(lot) or place
    return found.specification_id


def price_of(line: OpenedLine) -> Decimal | None:
    """Return the price as it was typed, even with more decimals than a price may have: the rules say so by name."""
    if line.unit_price is not None:
        return line.unit_price
    try:
        return parse_decimal(line.typed)
    except NotANumber:
        return None
