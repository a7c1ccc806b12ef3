"""What a report may hold, what in it looks odd, and how volumes add up.

Sources: award.md §1 (base per region and specification), §4 batch 11 (floor of 80 %); parameters in policy.toml.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from kernel.errors import Issue
from kernel.money import places, working
from kernel.policy import load
from procurement.demand.flow import LineReason

POLICY = load(Path(__file__).with_name("policy.toml"))
_STEP = Decimal("0.001")
LARGEST = Decimal("1e12")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a report: a year's need in smallest units. No company means any company's product."""

    specification_id: int
    company_id: int | None
    quantity: Decimal
    reason: LineReason | None = None

    @property
    def key(self) -> tuple[int, int]:
        """Return the place of the line in its report."""
        return self.specification_id, self.company_id or 0


@dataclass(frozen=True, slots=True)
class Place:
    """A specification of a lot: its name, what a unit counts for, who makes the variety, the last two years' use.

    `packs` are the sizes of the packs it is sold in, smallest units each.
    `by_brand`: consumables are reported by company alone.
    """

    lot_id: int
    lot_number: int
    lot_name: str
    specification_id: int
    text: str
    unit: str
    volume_factor: Decimal
    companies: frozenset[int] = frozenset()
    last_year: Decimal | None = None
    year_before: Decimal | None = None
    packs: tuple[int, ...] = ()
    by_brand: bool = False


@dataclass(frozen=True, slots=True)
class Odd:
    """Something a person should look at: of a lot, or of one specification in it. Nothing is refused for it."""

    lot_id: int | None
    specification_id: int | None
    issue: Issue


def decimals(unit: str) -> int:
    """Return how many decimals a quantity may have: 3 for masses and volumes, none for pieces.

    >>> decimals("片"), decimals("ml")
    (0, 3)
    """
    return 3 if unit in POLICY.value("unit.divisible") else 0


def add_up(parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Add (quantity, volume factor) pairs in reference units; the sum alone is rounded, half-up to 3 decimals.

    >>> add_up([(Decimal(100), Decimal("0.5")), (Decimal(10), Decimal(2))])
    Decimal('70.000')
    """
    with working():
        return sum((quantity * factor for quantity, factor in parts), ZERO).quantize(_STEP)


def floor(last_year: Decimal | None, year_before: Decimal | None) -> Decimal | None:
    """Return the least a hospital normally reports: 80 % of the mean of two years; a missing year counts as nothing.

    >>> floor(Decimal(1000), Decimal(500)), floor(None, None)
    (Decimal('600.000'), None)
    """
    if last_year is None and year_before is None:
        return None
    with working():
        share: Decimal = POLICY.value("floor.share")
        return (((last_year or ZERO) + (year_before or ZERO)) / 2 * share).quantize(_STEP)


def slip(quantity: Decimal, last_year: Decimal | None) -> int:
    """Say whether a quantity is 10 times last year's or more (1), a tenth of it or less (-1), or neither (0).

    >>> slip(Decimal(5000), Decimal(500)), slip(Decimal(50), Decimal(500)), slip(Decimal(0), Decimal(500))
    (1, -1, 0)
    """
    if not last_year or not quantity:
        return 0
    factor = POLICY.value("slip.factor")
    if quantity >= last_year * factor:
        return 1
    return -1 if quantity * factor <= last_year else 0


def mixed_up(quantity: Decimal, last_year: Decimal | None, packs: Sequence[int]) -> int:
    """Return the pack by which a quantity seems off: -24 where packs were typed for tablets, 24 the reverse, else 0.

    >>> mixed_up(Decimal(500), Decimal(12000), (24,)), mixed_up(Decimal(288000), Decimal(12000), (24,))
    (-24, 24)
    >>> mixed_up(Decimal(6000), Decimal(12000), (2, 24))
    0
    """
    if not last_year or not quantity:
        return 0
    near, least = POLICY.value("mixup.near"), POLICY.value("mixup.least_pack")
    with working():
        for pack in sorted(each for each in packs if each >= least):
            if abs(quantity * pack - last_year) <= near * last_year:
                return -pack
            if abs(quantity - last_year * pack) <= near * last_year * pack:
                return pack
    return 0


def doubt(place: Place, quantity: Decimal) -> Issue | None:
    """Return what is doubtful in a specification's whole quantity: packs for units before a slip by ten; or None.

    >>> doubt(Place(1, 1, "x", 1, "5mg", "片", Decimal(1), last_year=Decimal(12000), packs=(24,)), Decimal(500)).code
    'demand-packs'
    """
    pack, side = mixed_up(quantity, place.last_year, place.packs), slip(quantity, place.last_year)
    if not pack and not side:
        return None
    code = "demand-tenfold" if side > 0 else "demand-tenth"
    if pack:
        code = "demand-packs" if pack < 0 else "demand-units"
    last = (place.last_year or ZERO).normalize()
    facts: dict[str, object] = {"item": _called(place), "quantity": quantity.normalize(), "last": last}
    if pack:
        facts["pack"], facts["unit"] = abs(pack), place.unit
    return Issue(code, value=format(quantity, "f"), facts=facts)


def limits() -> dict[str, str]:
    """Return the numbers by which a page warns while somebody types; `doubt` and `least` have the last word."""
    names = {"slip": "slip.factor", "near": "mixup.near", "pack": "mixup.least_pack"}
    return {key: str(POLICY.value(name)) for key, name in names.items()}


def faults(lines: Sequence[Asked], known: Mapping[int, Place]) -> list[Issue]:
    """Return everything that can't be taken, all at once."""
    found = []
    for key, count in Counter(line.key for line in lines).items():
        if count > 1:
            found.append(Issue("demand-line-repeated", facts={"item": _called(known.get(key[0]))}))
    for line in lines:
        code, facts = fault(line, known.get(line.specification_id))
        if code:
            found.append(Issue(code, value=format(line.quantity, "f"), facts=facts))
    return found


def fault(line: Asked, place: Place | None) -> tuple[str, dict[str, object]]:
    """Return the code and facts of what is wrong with one line, or an empty code.

    >>> fault(Asked(1, None, Decimal("1.5")), Place(1, 1, "x", 1, "5mg", "片", Decimal(1)))[0]
    'demand-decimals'
    """
    if place is None:
        return "demand-unknown-specification", {}
    facts: dict[str, object] = {"item": _called(place), "quantity": line.quantity}
    if line.quantity < 0:
        return "demand-negative", facts
    if line.quantity >= LARGEST:
        return "demand-too-large", facts
    if places(line.quantity) > decimals(place.unit):
        return "demand-decimals", {**facts, "unit": place.unit, "places": decimals(place.unit)}
    if line.company_id is not None and line.company_id not in place.companies:
        return "demand-company-without-product", facts
    if line.company_id is None and place.by_brand and line.quantity:
        return "demand-brand-needed", facts
    return "", {}


def _called(place: Place | None) -> str:
    return f"{place.lot_number}. {place.lot_name} {place.text}" if place else "?"


def odd_lines(lines: Sequence[Asked], known: Iterable[Place]) -> list[Odd]:
    """Return what a person should confirm: slips, packs for units, lots below the floor without a reason, nothing."""
    quantities: dict[int, Decimal] = defaultdict(Decimal)
    explained: set[int] = set()
    for line in lines:
        quantities[line.specification_id] += line.quantity
        if line.reason:
            explained.add(line.specification_id)
    found, by_lot = [], defaultdict(list)
    for place in known:
        by_lot[place.lot_id].append(place)
    for lot in by_lot.values():
        for place in lot:
            if issue := doubt(place, quantities[place.specification_id]):
                found.append(Odd(place.lot_id, place.specification_id, issue))
        found += _below(lot, quantities, explained)
    if not any(quantities.values()):
        found.append(Odd(None, None, Issue("demand-nothing-reported")))
    return found


def least(lot: Sequence[Place]) -> Decimal | None:
    """Return a lot's floor in reference units; None where nothing is known of the two last years."""
    if all(place.last_year is None and place.year_before is None for place in lot):
        return None
    past = [
        add_up((year, place.volume_factor) for place in lot if (year := getattr(place, name)) is not None)
        for name in ("last_year", "year_before")
    ]
    return floor(past[0], past[1])


def _below(lot: Sequence[Place], quantities: Mapping[int, Decimal], explained: set[int]) -> list[Odd]:
    """The floor is tested per lot in reference units: changing the strength or the maker is no cut."""
    if explained & {place.specification_id for place in lot}:
        return []
    reach = least(lot)
    total = add_up((quantities[place.specification_id], place.volume_factor) for place in lot)
    if reach is None or total >= reach:
        return []
    first = lot[0]
    facts = {"item": f"{first.lot_number}. {first.lot_name}", "total": total.normalize(), "floor": reach.normalize()}
    return [Odd(first.lot_id, None, Issue("demand-below-floor", value=format(total, "f"), facts=facts))]


def reminder(deadline: datetime, last: int | None, at: datetime) -> int | None:
    """Return which reminder is due (hours before the deadline), or None; one that was missed is not made up for.

    >>> from datetime import UTC
    >>> end = datetime(2026, 5, 10, tzinfo=UTC)
    >>> reminder(end, 72, end - timedelta(hours=5)), reminder(end, 24, end - timedelta(hours=5))
    (24, None)
    """
    due = [hours for hours in POLICY.value("reminder.hours") if at >= deadline - timedelta(hours=hours)]
    if at >= deadline or not due or (last is not None and last <= min(due)):
        return None
    return int(min(due))
