"""Decisions: one for each company of a variety, one for each product where products compete."""

from __future__ import annotations

from decimal import Decimal

from procurement.rounds.rules.changes import smallest_change
from procurement.rounds.rules.eligibility import yuan
from procurement.rounds.rules.explain import Reader
from procurement.rounds.rules.model import Decision, OtherSpec, Status, Tie
from procurement.rounds.rules.offers import converted, own_price, revival_of
from procurement.rounds.rules.outcome import Outcome
from procurement.rounds.rules.revivals import accepted
from procurement.rounds.rules.standing import REVIVALS


def decisions(reader: Reader, outcome: Outcome) -> tuple[Decision, ...]:
    """Decide everybody who declared: winners by rank, then open, then losers by rank."""
    found = [_decision(reader, outcome, members) for members in _members(reader)]
    order = list(Status)
    return tuple(sorted(found, key=lambda d: (order.index(d.status), d.rank or 10**9, d.company, d.spec)))


def ties(reader: Reader) -> tuple[Tie, ...]:
    """Return the tie across the last place that nothing has parted yet."""
    tied = reader.standing.shortlist.open
    if not tied:
        return ()
    rows = [reader.contest.entries[i].row for i in tied]
    price = reader.price(tied[0]) or Decimal(0)
    return (
        Tie(
            tuple(row.company for row in rows),
            tuple(row.spec for row in rows),
            price,
            reader.ranks[tied[0]],
            reader.standing.shortlist.places,
        ),
    )


def _members(reader: Reader) -> list[list[int]]:
    """Bids by company, the one that stands for it first; each bid by itself where products compete."""
    entries, prices = reader.contest.entries, reader.standing.prices
    if reader.plan.by_product:
        return [[i] for i in range(len(entries))]
    companies: dict[str, list[int]] = {}
    for i, entry in enumerate(entries):
        companies.setdefault(entry.row.company, []).append(i)
    unpriced = 10**18
    return [
        sorted(found, key=lambda i: (unpriced if (p := prices[i]) is None else p, i)) for found in companies.values()
    ]


def _decision(reader: Reader, outcome: Outcome, members: list[int]) -> Decision:
    i = members[0]
    row, status = reader.contest.entries[i].row, reader.status(i)
    won, lost = status is Status.WON, status is Status.LOST
    price = accepted(reader.standing, i) if won else reader.price(i)
    anchor = reader.standing.anchor
    return Decision(
        company=row.company,
        spec=row.spec,
        group=row.group,
        status=status,
        rank=reader.ranks.get(i),
        bid_price=row.unit_price,
        bid_comparable=reader.price(i),
        comparable_price=price,
        unit_price=_unit_price(reader, i, price) if won else None,
        reason=reader.reason(i) if lost else None,
        decided_by=reader.decided_by(i) if won else None,
        steps=reader.steps(i),
        margin=reader.margin(i),
        change=smallest_change(reader.contest, reader.standing, i, members),
        carries_volume=outcome.carries.get(i, False),
        chooses_regions=outcome.chooses.get(i, False),
        statement_due=reader.plan.statement and anchor is not None and (reader.standing.prices[i] or anchor) < anchor,
        regions=outcome.regions.get(i),
        ratio=outcome.ratios.get(i),
        share=outcome.shares.get(i),
        other_specs=tuple(_other(reader, j, price if won else None) for j in members[1:]),
        revival=revival_of(reader, i, members),
    )


def _unit_price(reader: Reader, i: int, price: Decimal | None) -> Decimal | None:
    """Return the award in the winner's own unit: its bid, or the accepted price brought to its specification."""
    if reader.standing.won[i] in REVIVALS:
        return None if price is None else own_price(reader.contest.entries[i].row, price)
    return yuan(reader.standing.bids[i] or 0)


def _other(reader: Reader, i: int, winning: Decimal | None) -> OtherSpec:
    row = reader.contest.entries[i].row
    return OtherSpec(row.spec, row.unit_price, None if winning is None else converted(row, winning))
