"""What is checked of an application by itself; people decide about what it shows.

Source: catalogue.md "Listing", governance.md "Labels" (linkage, kept prices), credit.md "Procedure" (the
commitment letter), award.md §2 (ratio rules inside one maker). A check that has nothing to compare with stops nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.money import places, round_price, working
from kernel.working import Step
from pricing.applications.flow import Check, Purpose
from pricing.governance.rules import Label
from pricing.listings.flow import ListingKind
from pricing.listings.rules import MOST

LINKED = "governance.md, Labels: Linkage"
KEPT = "governance.md, Labels: 撤网价格保留三年"
PURPOSE_WORDS = {Purpose.LIST: "挂网", Purpose.PRICE: "调价", Purpose.DELIST: "撤网"}
PASSED_WORDS = {True: "通过", False: "未通过", None: None}
"""Codes as workbooks name them."""
RATIO = "发改价格〔2011〕2452号; award.md §2"


@dataclass(frozen=True, slots=True)
class Draft:
    """An application as a company writes it; prices are yuan per unit of the specification."""

    product_id: int
    region_code: str
    kind: ListingKind
    purpose: Purpose
    price: Decimal | None
    starts: date
    reason: str
    code: str = ""
    certificate_until: date | None = None
    elsewhere: Decimal | None = None
    elsewhere_region: str = ""
    ceiling: Decimal | None = None
    ceiling_source: str = ""
    passed: bool | None = None

    @property
    def key(self) -> tuple[int, str, ListingKind]:
        """Return what only one open application may be about."""
        return self.product_id, self.region_code, self.kind


@dataclass(frozen=True, slots=True)
class Known:
    """What the platform knows beside an application.

    `lowest` is the lowest price of the product in other provinces, `kin` prices and price factors of the maker's other
    specifications, `kept` the last price of a delisted product, `bar` until when it may not be listed again,
    `barred_unknown`: delisted before, and nobody has said for how long.
    """

    signed: bool
    credit: str
    coded: bool
    factor: Decimal
    stands: Decimal | None = None
    lowest: Decimal | None = None
    kin: tuple[tuple[Decimal, Decimal], ...] = ()
    kept: Decimal | None = None
    bar: date | None = None
    barred_unknown: bool = False
    label: Label = Label.NONE


def faults(draft: Draft, known: Known, today: date) -> dict[str, str]:
    """Return what an application can't be submitted with: field → code.

    >>> draft = Draft(1, "98", ListingKind.LISTED, Purpose.LIST, None, date(2026, 1, 1), "")
    >>> sorted(faults(draft, Known(True, "", True, Decimal(1)), date(2026, 1, 1)).items())
    [('price', 'needed'), ('reason', 'needed')]
    """
    found: dict[str, str] = {}
    if not known.signed:
        found[""] = "application-no-letter"
    elif known.credit:
        found[""] = "application-credit"
    if draft.kind is ListingKind.AGREEMENT:
        found["kind"] = "application-award"
    if draft.starts < today:
        found["starts"] = "application-past"
    if not draft.reason.strip():
        found["reason"] = "needed"
    if (known.stands is None) is not (draft.purpose is Purpose.LIST):
        found["purpose"] = "application-listed" if known.stands is not None else "application-not-listed"
    if draft.purpose is not Purpose.DELIST:
        found |= _price_faults(draft, known)
    return found


def _price_faults(draft: Draft, known: Known) -> dict[str, str]:
    found = {
        name: "listing-bad-price"
        for name in ("price", "elsewhere", "ceiling")
        if (value := getattr(draft, name)) is not None and not (0 < value < MOST and places(value) <= 4)
    }
    if draft.price is None:
        found["price"] = "needed"
    elif draft.purpose is Purpose.PRICE and draft.price == known.stands:
        found["price"] = "application-same-price"
    if draft.ceiling is not None and not draft.ceiling_source.strip():
        found["ceiling_source"] = "needed"
    return found


def checks(draft: Draft, known: Known) -> tuple[Step, ...]:
    """Return every check of an application with what it compares."""
    letter = Step(Check.LETTER, passed=known.signed, source="credit.md, Procedure")
    credit = Step(Check.CREDIT, passed=not known.credit, source="credit.md", facts=(("reason", known.credit),))
    if draft.purpose is Purpose.DELIST or draft.price is None:
        return letter, credit
    rest: Sequence[Callable[[Draft, Known, Decimal], Step]] = (
        _code, _certificate, _ceiling, _linkage, _ratio, _kept, _bar, _label
    )  # fmt: skip
    return letter, credit, *(each(draft, known, draft.price) for each in rest)


def _code(draft: Draft, known: Known, _price: Decimal) -> Step:
    return Step(Check.CODE, passed=known.coded, source="catalogue.md, Codes", facts=(("code", draft.code),))


def _certificate(draft: Draft, _known: Known, _price: Decimal) -> Step:
    until = draft.certificate_until
    passed = until is None or until >= draft.starts
    return Step(Check.CERTIFICATE, passed=passed, facts=(("until", until.isoformat() if until else ""),))


def _ceiling(draft: Draft, _known: Known, price: Decimal) -> Step:
    """Compare with the highest price allowed; a negotiated product always has one (catalogue.md, Listing)."""
    needed, limit = draft.kind is ListingKind.NEGOTIATED, draft.ceiling
    passed = (False if needed else None) if limit is None else price <= limit
    return Step(Check.CEILING, price, "≤", limit, passed, draft.ceiling_source)


def _linkage(draft: Draft, known: Known, price: Decimal) -> Step:
    """Compare with the lowest valid provincial price, declared or known here."""
    held = [each for each in (draft.elsewhere, known.lowest) if each is not None]
    limit = min(held, default=None)
    facts = (("declared", draft.elsewhere), ("region", draft.elsewhere_region), ("known", known.lowest))
    return Step(Check.LINKAGE, price, "≤", limit, None if limit is None else price <= limit, LINKED, facts)


def _ratio(_draft: Draft, known: Known, price: Decimal) -> Step:
    """Compare with what the maker's other specifications come to by the ratio rules."""
    limit = None
    if known.kin:
        with working():
            limit = min(round_price(other / factor * known.factor) for other, factor in known.kin)
    return Step(Check.RATIO, price, "≤", limit, None if limit is None else price <= limit, RATIO)


def _kept(_draft: Draft, known: Known, price: Decimal) -> Step:
    """Compare with the price that a delisted product had."""
    limit = known.kept
    return Step(Check.KEPT_PRICE, price, "≤", limit, None if limit is None else price <= limit, KEPT)


def _bar(draft: Draft, known: Known, _price: Decimal) -> Step:
    """Ask whether a product that was delisted of the company's own will may be listed again."""
    asked = known.bar is not None or known.barred_unknown
    passed = known.bar is not None and draft.starts >= known.bar
    facts = (("until", known.bar.isoformat() if known.bar else ""),)
    return Step(Check.BAR, passed=passed if asked else None, facts=facts)


def _label(_draft: Draft, known: Known, _price: Decimal) -> Step:
    return Step(Check.LABEL, passed=known.label is Label.NONE, facts=(("label", known.label),))


def failed(steps: Sequence[Step]) -> int:
    """Count the checks that were not passed."""
    return sum(step.passed is False for step in steps)
