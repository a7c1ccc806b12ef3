"""What a bid that did not win by itself may still win by, and why not (source: revivals of batches 10 to 12).

Every condition is asked of the same functions that settle the contest; here each becomes a step with its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kernel.money import round_price, working
from kernel.working import Step
from procurement.rounds.rules import revivals
from procurement.rounds.rules.eligibility import fault
from procurement.rounds.rules.explain import AT_LEAST, BELOW, Reader
from procurement.rounds.rules.limits import shown
from procurement.rounds.rules.model import BidRow, By, OtherSpec, Revival

SHARED, OWN_BRAND, NONE = "shared", "own-brand", "none"


def revival_of(reader: Reader, i: int, members: list[int]) -> Revival | None:
    """Return the revival that a bid's place leads to, allowed or not.

    None where the rule set has none, the bid is invalid or stands for nobody, won by itself, or waits for a draw.
    """
    rules = reader.plan.revivals
    if not (rules.shortlisted or rules.unlisted or rules.reference) or not _takes_part(reader, i):
        return None
    kind = revivals.kind_of(reader.contest, reader.standing, i)
    if kind is None:
        return None
    price = revivals.to_accept(reader.standing, i, kind)
    rows = [reader.contest.entries[j].row for j in members]
    return Revival(
        kind=kind,
        comparable_price=price,
        prices=tuple(_offered(row, price, stands=n == 0) for n, row in enumerate(rows)),
        conditions=tuple(_conditions(reader, i, kind)),
        chooses_regions=kind is By.REVIVAL_SHORTLISTED or (kind is By.REVIVAL_UNLISTED and rules.unlisted_chooses),
        volume=_volume(reader, kind),
    )


def _takes_part(reader: Reader, i: int) -> bool:
    """Say whether a bid is valid, stands for its bidder and was not put aside before the tests."""
    row, standing = reader.contest.entries[i].row, reader.standing
    aside = i in standing.outliers or i in standing.order.skipped or i not in reader.ranks
    return not aside and fault(row.unit_price, row.cap) is None


def _volume(reader: Reader, kind: By) -> str:
    rules = reader.plan.revivals
    if kind is By.REVIVAL_UNLISTED:
        return rules.unlisted_volume
    return rules.reference_volume if kind is By.REFERENCE else SHARED


def _offered(row: BidRow, price: Decimal | None, *, stands: bool) -> OtherSpec:
    if price is None:
        return OtherSpec(row.spec, row.unit_price, None)
    return OtherSpec(row.spec, row.unit_price, own_price(row, price) if stands else converted(row, price))


def own_price(row: BidRow, price: Decimal) -> Decimal:
    """Return an accepted price in the bid's own unit: by the ratio rules, above neither its bid nor its cap."""
    return min(converted(row, price), row.unit_price or row.cap)


def converted(row: BidRow, price: Decimal) -> Decimal:
    """Bring a comparable price to a specification by the ratio rules, never above its cap."""
    with working():
        return min(round_price(price * row.price_factor), row.cap)


def _conditions(reader: Reader, i: int, kind: By) -> Iterator[Step]:
    rules, source = reader.plan.revivals, reader.source
    provided = {
        By.REVIVAL_SHORTLISTED: rules.shortlisted, By.REVIVAL_UNLISTED: rules.unlisted, By.REFERENCE: rules.reference,
    }  # fmt: skip
    if kind is By.REVIVAL_SHORTLISTED:
        yield reader.place(i)
    if not provided[kind]:
        yield Step("revival-provided", passed=False, facts=(("kind", kind.value),))
        return
    if kind is By.REVIVAL_UNLISTED:
        yield from _unlisted(reader, i)
    if kind is By.REFERENCE:
        met = revivals.is_reference(reader.contest, reader.standing, i)
        yield Step("revival-reference", passed=met, source=source("revival.reference"))
    yield from reader.lines(i)
    yield from reader.lacking(i)
    yield _price(reader, i, kind)


def _unlisted(reader: Reader, i: int) -> Iterator[Step]:
    contest, standing, row = reader.contest, reader.standing, reader.contest.entries[i].row
    least, share = revivals.least_demand(contest), contest.plan.revivals.demand_share
    facts = () if contest.demand_mean is None else (("mean", shown(contest.demand_mean * 10_000)), ("share", share))
    limit = None if least is None else shown(least * 10_000)
    met, source = revivals.reaches_demand(contest, standing, i), reader.source("revival.unlisted_demand_share")
    yield Step("revival-demand", row.brand_demand, AT_LEAST, limit, met, source, facts)
    if contest.plan.revivals.not_highest:
        met, source = revivals.is_not_highest(contest, standing, i), reader.source("revival.unlisted_not_highest")
        highest = Decimal(revivals.highest_bid(standing)).scaleb(-4)
        yield Step("revival-not-highest", reader.price(i), BELOW, highest, met, source)


def _price(reader: Reader, i: int, kind: By) -> Step:
    """The price to accept: none where nobody won, open where a tie decides it."""
    price = revivals.to_accept(reader.standing, i, kind)
    waits = price is None and reader.standing.revived.open
    passed = None if waits else price is not None
    return Step("revival-price", reader.price(i), AT_LEAST, price, passed, reader.source(_PARAMETERS[kind]))


_PARAMETERS = {
    By.REVIVAL_SHORTLISTED: "revival.shortlisted",
    By.REVIVAL_UNLISTED: "revival.unlisted",
    By.REFERENCE: "revival.reference",
}
