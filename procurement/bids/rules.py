"""May this bid be handed in? Source: 全国药品集中采购文件, 申报价格: up to 4 decimals, above 0, at most the cap.

A round either refuses a price that can't win or marks it (无效申报), as its documents say; what is no number at all is
always refused. Everything wrong is told at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from kernel.money import NotANumber, parse_decimal, places, round_price, working
from procurement.bids.flow import InvalidPrice

PRICE_PLACES = 4
MAX_WHOLE_DIGITS = 12
CLAUSES = {
    "price-missing": "B1", "price-not-a-number": "B2", "price-too-large": "B2", "price-negative": "B3",
    "price-zero": "B3", "price-too-precise": "B4", "over-cap": "B5", "no-product": "B6", "product-not-yours": "B6",
    "line-repeated": "B7", "unknown-lot": "B8", "unknown-specification": "B8", "component-missing": "B10",
}  # fmt: skip
MARKABLE = frozenset({"price-missing", "price-zero", "price-too-precise", "over-cap"})


@dataclass(frozen=True, slots=True)
class Place:
    """A specification of a lot that may be bid, with the products the bidder has of it. Caps in yuan per unit.

    `whole`: it belongs to every bid of its lot (a component of a system, the accompanying service). A `service` has no
    products.
    """

    lot_id: int
    lot_number: int
    specification_id: int
    cap: Decimal | None = None
    products: tuple[int, ...] = ()
    text: str = ""
    whole: bool = False
    service: bool = False


@dataclass(frozen=True, slots=True)
class BidLine:
    """One price as it was typed, yuan per tablet, vial or other smallest unit."""

    lot_id: int
    specification_id: int
    typed: str
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the line at `index`, in which of its cells, and by which clause."""

    index: int
    code: str
    place: str
    value: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """Return the clause of the bidding rules that the line breaks."""
        return CLAUSES[self.code]


@dataclass(frozen=True, slots=True)
class Read:
    """A price as read: None with a reason where it can't be one. A price above the cap has both."""

    price: Decimal | None
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def read_price(typed: str, cap: Decimal | None = None) -> Read:
    """Read a typed unit price and hold it against the cap; equal to the cap is valid.

    >>> read_price("1.2345", Decimal("1.2345")).code, read_price("1.2346", Decimal("1.2345")).code
    ('', 'over-cap')
    >>> [read_price(typed).code for typed in ("", "0.0000", "1.00001", "1e3", "-1")]
    ['price-missing', 'price-zero', 'price-too-precise', 'price-not-a-number', 'price-negative']
    """
    if not typed.strip(" \t\r\n\u3000"):
        return Read(None, "price-missing")
    try:
        price = parse_decimal(typed)
    except NotANumber:
        return Read(None, "price-not-a-number")
    if price < 0:
        return Read(None, "price-negative")
    if len(format(price, "f").partition(".")[0]) > MAX_WHOLE_DIGITS:
        return Read(None, "price-too-large")
    if price == 0:
        return Read(Decimal(0), "price-zero")
    if places(price) > PRICE_PLACES:
        return Read(None, "price-too-precise", {"places": PRICE_PLACES})
    if cap is not None and price > cap:
        return Read(price, "over-cap", {"cap": cap})
    return Read(price)


@dataclass(frozen=True, slots=True)
class Following:
    """The price of another specification that follows from the main one, yuan per unit; `cut`: its cap cut it."""

    price: Decimal
    cut: bool


def following(price: Decimal, *, main: Decimal, factor: Decimal, cap: Decimal | None) -> Following:
    """Return what another specification's price is by the ratio rules, as the award brings a winner's price to it.

    The comparable price has 4 decimals, half-up, and so has what follows from it; never above its own cap.
    Source: 药品差比价规则 (发改价格〔2011〕2452号), 中选企业其他规格按差比价计算.

    >>> following(Decimal("0.6580"), main=Decimal(1), factor=Decimal("0.588235294118"), cap=Decimal("0.9900"))
    Following(price=Decimal('0.3871'), cut=False)
    >>> following(Decimal("1.68"), main=Decimal(1), factor=Decimal("0.588235294118"), cap=Decimal("0.9"))
    Following(price=Decimal('0.9'), cut=True)
    """
    with working():
        found = round_price(round_price(price / main) * factor)
    return Following(cap, cut=True) if cap is not None and found > cap else Following(found, cut=False)


def faults(
    lines: Sequence[BidLine], offer: Iterable[Place], *, policy: InvalidPrice = InvalidPrice.REFUSE
) -> list[Fault]:
    """Return everything that stands in the way of the lines, in their order."""
    known = {(place.lot_id, place.specification_id): place for place in offer}
    lots = {place.lot_id for place in known.values()}
    first: dict[tuple[int, int], int] = {}
    found: list[Fault] = []
    for index, line in enumerate(lines):
        key = line.lot_id, line.specification_id
        if key in first:
            found.append(Fault(index, "line-repeated", "specification", facts={"first": first[key]}))
            continue
        first[key] = index
        found.extend(_line_faults(index, line, known.get(key), line.lot_id in lots, policy))
    return [*found, *_left_out(lines, known)]


def _left_out(lines: Sequence[BidLine], known: Mapping[tuple[int, int], Place]) -> Iterator[Fault]:
    """A system is bid whole: name each component and service that a lot's lines leave out."""
    bid = {(line.lot_id, line.specification_id) for line in lines}
    first = {line.lot_id: index for index, line in reversed(list(enumerate(lines)))}
    for key, place in known.items():
        if place.whole and place.lot_id in first and key not in bid:
            yield Fault(first[place.lot_id], "component-missing", "specification", facts={"component": place.text})


def _line_faults(
    index: int, line: BidLine, place: Place | None, lot_known: bool, policy: InvalidPrice
) -> Iterator[Fault]:
    if place is None:
        code, where = ("unknown-specification", "specification") if lot_known else ("unknown-lot", "lot")
        yield Fault(index, code, where)
    elif not place.products and not place.service:
        yield Fault(index, "no-product", "specification")
    elif line.product_id is not None and line.product_id not in place.products:
        yield Fault(index, "product-not-yours", "product")
    read = read_price(line.typed, place.cap if place else None)
    blank = read.code == "price-missing" and place is not None and place.whole
    if read.code and (blank or not (policy is InvalidPrice.MARK and read.code in MARKABLE)):
        yield Fault(index, read.code, "price", line.typed, read.facts)


def canonical_bid(*, box: str, lot: int, company: str, lines: Iterable[Mapping[str, object]]) -> str:
    """Write a bid in its one form: what is sealed, and what the digest on the receipt is made of.

    >>> canonical_bid(box="R1", lot=3, company="C", lines=[{"typed": "1.20"}])
    '{"box":"R1","company":"C","lines":[{"typed":"1.20"}],"lot":3}'
    """
    return _canonical({"box": box, "company": company, "lines": list(lines), "lot": lot})


def submission_digest(
    *, box: str, company: str, at: datetime, withdrawal: bool, lots: Iterable[tuple[int, int, str]]
) -> str:
    """Return the SHA-256 that stands on a receipt; `lots` are (lot number, revision, digest)."""
    parts = {
        "box": box, "company": company, "at": at.isoformat(timespec="microseconds"),
        "withdrawal": withdrawal, "lots": sorted(lots),
    }  # fmt: skip
    return hashlib.sha256(_canonical(parts).encode()).hexdigest()


def receipt_name(box: str, digest: str) -> str:
    """Return the receipt's name: the box and 60 bits of the digest, which tell nobody how many others took part.

    >>> receipt_name("R1", "00" * 32)
    'R1-AAAA-AAAA-AAAA'
    """
    letters = base64.b32encode(bytes.fromhex(digest[:16])).decode()[:12]
    return "-".join([box, letters[:4], letters[4:8], letters[8:]])


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
