"""Which documents stand on a day, and whether what a round asks for is met.

Source: 全国药品集中采购文件, 申报资格: certificates are valid when bids are filed. What is asked for, and on which day,
are parameters of the round's rule set (`eligibility.*`). A document counts from its first to its last day, both
included; one that the agency has not looked at yet counts, one that it sent back does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from procurement.dossiers.flow import PRODUCT_ONLY, DocumentKind, DocumentState, Expiry, Unmet, ValidAt, Why

EARLIEST = date(1900, 1, 1)  # stands for "from the beginning" where a day has to be written


@dataclass(frozen=True, slots=True)
class Document:
    """What the rules know of a document. `subject` is a product's approval number, empty for the company's own."""

    id: int
    kind: DocumentKind
    state: DocumentState = DocumentState.FILED
    since: date | None = None
    until: date | None = None
    subject: str = ""
    number: str = ""

    def covers(self, day: date) -> bool:
        """Say whether the day lies between the first and the last day.

        >>> last = Document(1, DocumentKind.GMP, until=date(2026, 11, 20))
        >>> last.covers(date(2026, 11, 20)), last.covers(date(2026, 11, 21))
        (True, False)
        """
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A kind of document that must be valid on a day: for the company, or for the product of an approval number."""

    kind: DocumentKind
    day: date
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a requirement, and the document it rests on."""

    requirement: Requirement
    why: Why
    document: Document | None = None

    @property
    def met(self) -> bool:
        """Say whether the requirement is met."""
        return self.why is Why.COVERED

    def plain(self) -> dict[str, Any]:
        """Return the finding as it is kept: what was asked, what was found, by which document."""
        asked, found = self.requirement, self.document
        return {
            "kind": asked.kind.value, "day": asked.day.isoformat(), "subject": asked.subject, "why": self.why.value,
            "document": found.id if found else None, "number": found.number if found else "",
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a round asks for, as its box keeps it."""

    company: tuple[DocumentKind, ...] = ()
    product: tuple[DocumentKind, ...] = ()
    valid_at: ValidAt = ValidAt.DEADLINE
    unmet: Unmet = Unmet.MARK

    def __bool__(self) -> bool:
        return bool(self.company or self.product)

    def plain(self) -> dict[str, Any]:
        """Return the values as JSON holds them."""
        return {
            "company": [kind.value for kind in self.company], "product": [kind.value for kind in self.product],
            "valid_at": self.valid_at.value, "unmet": self.unmet.value,
        }  # fmt: skip


def asked_of(plain: Mapping[str, Any] | None) -> Asked:
    """Read what a box keeps; nothing kept is nothing asked.

    >>> asked_of(None) == Asked(), asked_of(Asked((DocumentKind.GMP,)).plain()).company
    (True, (<DocumentKind.GMP: 'gmp'>,))
    """
    if not plain:
        return Asked()
    return Asked(
        tuple(DocumentKind(kind) for kind in plain["company"]), tuple(DocumentKind(kind) for kind in plain["product"]),
        ValidAt(plain["valid_at"]), Unmet(plain["unmet"]),
    )  # fmt: skip


def requirements(asked: Asked, day: date, subjects: Iterable[str]) -> tuple[list[Requirement], list[Requirement]]:
    """Return what is asked of the company, and what of each product."""
    products = list(dict.fromkeys(subjects))
    return (
        [Requirement(kind, day) for kind in asked.company],
        [Requirement(kind, day, subject) for subject in products for kind in asked.product],
    )


def examine(asked: Iterable[Requirement], documents: Sequence[Document]) -> tuple[Finding, ...]:
    """Hold requirements against a company's documents, in their order.

    >>> licence = Document(7, DocumentKind.PRODUCTION_LICENCE, until=date(2026, 6, 30))
    >>> need = Requirement(DocumentKind.PRODUCTION_LICENCE, date(2026, 7, 1))
    >>> [(found.why.value, found.document.id) for found in examine([need], [licence])]
    [('ends-before', 7)]
    """
    return tuple(_finding(each, [one for one in documents if _fits(one, each)]) for each in asked)


def _fits(document: Document, asked: Requirement) -> bool:
    """A product's requirement is met by its own document, or by the company's where the kind may be either."""
    if document.kind is not asked.kind or document.state is DocumentState.TAKEN_BACK:
        return False
    whole = not document.subject and asked.kind not in PRODUCT_ONLY
    return document.subject == asked.subject or whole


def _finding(asked: Requirement, found: Sequence[Document]) -> Finding:
    standing = [one for one in found if one.state is not DocumentState.SENT_BACK]
    covering = [one for one in standing if one.covers(asked.day)]
    if covering:
        return Finding(asked, Why.COVERED, max(covering, key=lambda one: (one.until or date.max, one.id)))
    ended = [one for one in standing if one.until is not None and one.until < asked.day]
    if ended:
        return Finding(asked, Why.ENDS_BEFORE, max(ended, key=lambda one: (one.until or date.max, one.id)))
    if standing:
        return Finding(asked, Why.BEGINS_AFTER, min(standing, key=lambda one: (one.since or date.min, one.id)))
    return Finding(asked, Why.BACK, found[-1]) if found else Finding(asked, Why.MISSING)


def last_day(until: date | None, successor: date | None) -> date | None:
    """Return the last day a superseded document still counts: the one before its successor's first, if not earlier.

    >>> last_day(date(2026, 12, 31), date(2026, 12, 1)), last_day(date(2026, 12, 31), date(2027, 1, 1))
    (datetime.date(2026, 11, 30), datetime.date(2026, 12, 31))
    """
    ends = [day for day in (until, successor - timedelta(days=1) if successor else None) if day is not None]
    return min(ends, default=None)


def expiry(until: date | None, day: date, *, near: int, soon: int) -> Expiry:
    """Say how near the last day is, which itself still counts.

    >>> [expiry(date(2026, 11, n), date(2026, 11, 20), near=9, soon=3).value for n in (19, 20, 23, 24, 29, 30)]
    ['expired', 'soon', 'soon', 'near', 'near', 'far']
    """
    if until is None:
        return Expiry.UNLIMITED
    left = (until - day).days
    if left < 0:
        return Expiry.EXPIRED
    return Expiry.SOON if left <= soon else Expiry.NEAR if left <= near else Expiry.FAR


def step(until: date | None, day: date, steps: Iterable[int]) -> int | None:
    """Return the step of reminders a document has reached: the smallest number of days that are not left any more.

    >>> [step(date(2026, 12, 31), date(2026, 12, n), (90, 30, 7)) for n in (1, 23, 24, 31)]
    [30, 30, 7, 7]
    """
    if until is None or until < day:
        return None
    left = (until - day).days
    return min((each for each in steps if left <= each), default=None)
