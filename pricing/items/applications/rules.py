"""What an application has to say, which known items are like it, and the days of publicity and trial.

Source: rules/service_prices.md "New items"; numbers in policy.toml beside this file. Likeness is ours: the share of
pieces of text (those by which the search finds things) that two names have in common, and for a connotation the share
of its pieces that stand in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from catalogue.search.rules.lines import grams, plain
from kernel import policy
from kernel.errors import Issue
from kernel.money import places, round_ratio
from kernel.periods import months_after, years
from kernel.workdays import add_workdays
from pricing.items.applications.flow import TRIED, ApplicationState

POLICY = policy.load(Path(__file__).with_name("policy.toml"))
LONGEST, LONGEST_NAME, MOST_PLACES = 2000, 120, 2
ALIKE = Decimal("0.35")
"""From this likeness on a known item is shown beside an application: a matter of the page, nothing is decided by it."""
MOST_ALIKE = 10
NEEDED = ("name", "connotation", "unit", "output", "composition", "effect")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a hospital says of an item it would like to charge for; `price` is what it proposes, yuan per unit."""

    name: str
    connotation: str
    unit: str
    output: str
    composition: str
    effect: str
    price: Decimal | None
    excluded: str = ""
    cost: str = ""
    category_code: str = ""
    urgent: bool = False
    urgency: str = ""

    def texts(self) -> Mapping[str, str]:
        """Return the texts by field."""
        return {name: getattr(self, name) for name in (*NEEDED, "excluded", "cost", "category_code", "urgency")}


def faults(draft: Draft, *, complete: bool) -> dict[str, Issue]:
    """Say by field what is wrong with an application; `complete` asks for everything that a submission needs.

    >>> one = Draft("人工智能辅助阅片", "", "次", "", "", "", None)
    >>> faults(one, complete=False), sorted(faults(one, complete=True))
    ({}, ['composition', 'connotation', 'effect', 'output', 'price'])
    """
    wrong: dict[str, Issue] = {}
    for field, text in draft.texts().items():
        most = LONGEST_NAME if field in ("name", "unit", "category_code") else LONGEST
        if len(text) > most:
            wrong[field] = Issue("text-too-long", facts={"most": most})
    if not draft.name:
        wrong["name"] = Issue("needed")
    if draft.price is not None and (draft.price <= 0 or places(draft.price) > MOST_PLACES):
        wrong["price"] = Issue("item-price-wrong", value=format(draft.price, "f"))
    if complete:
        wrong = {field: Issue("needed") for field in NEEDED if not getattr(draft, field)} | wrong
        if draft.price is None:
            wrong["price"] = Issue("needed")
        if draft.urgent and not draft.urgency:
            wrong["urgency"] = Issue("needed")
    return wrong


@dataclass(frozen=True, slots=True)
class Known:
    """An item, or another application, that a new one is held against."""

    id: int
    code: str
    name: str
    connotation: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A known item with how much of the name and of the connotation is the same, 0 to 1."""

    known: Known
    name: Decimal
    connotation: Decimal

    @property
    def likeness(self) -> Decimal:
        """Return the greater of the two: a new name for an old thing is what one looks for."""
        return max(self.name, self.connotation)


def pieces(text: str) -> frozenset[str]:
    """Return the pieces of a text by which the search finds it, without spaces and signs.

    >>> sorted(pieces("血液 透析"))
    ['液透', '血液', '透析']
    """
    return frozenset(grams(plain(text)))


def alike(name: str, connotation: str, known: Iterable[Known], *, most: int = MOST_ALIKE) -> list[Alike]:
    """Return the known items that are like a new one, the likest first.

    >>> one = Known(1, "310701022", "心脏电生理诱发试验", "含电极置入")
    >>> [(each.name, each.connotation) for each in alike("心脏电生理诱发试验", "", [one])]
    [(Decimal('1.000000'), Decimal('0.000000'))]
    >>> alike("冠脉造影", "", [one])
    []
    """
    own, said = pieces(name), pieces(connotation)
    found = []
    for one in known:
        first = _shared(own, pieces(one.name))
        second = _within(said, one.connotation) if said and one.connotation else Decimal(0)
        if max(first, second) >= ALIKE:
            found.append(Alike(one, round_ratio(first), round_ratio(second)))
    found.sort(key=lambda each: (-each.likeness, -each.name, each.known.code, each.known.id))
    return found[:most]


def _shared(first: frozenset[str], second: frozenset[str]) -> Decimal:
    both = len(first & second)
    return Decimal(2 * both) / (len(first) + len(second)) if both else Decimal(0)


def _within(said: frozenset[str], text: str) -> Decimal:
    other = pieces(text)
    fewer = min(len(said), len(other))
    return Decimal(len(said & other)) / fewer if fewer >= 4 else Decimal(0)  # a word in common is no likeness


def publicity_day(begins: date, workdays: int) -> date:
    """Return the last day of a publicity of so many working days; the day it begins is not counted."""
    return add_workdays(begins, workdays)


def earliest_use(published: date) -> date:
    """Return the first day on which a price that is published today may be charged.

    >>> earliest_use(date(2026, 11, 23))
    datetime.date(2026, 12, 7)
    """
    return add_workdays(published, int(POLICY.value("trial.published_workdays")))


def trial_end(starts: date, count: int | None = None) -> date:
    """Return the day from which a trial is over.

    >>> trial_end(date(2026, 12, 7))
    datetime.date(2028, 12, 7)
    """
    end = years(starts, int(POLICY.value("trial.years")) if count is None else count).end
    assert end is not None
    return end


def formal_due(ends: date) -> date:
    """Return the day from which the hospital is reminded to apply for the formal item or an extension.

    >>> formal_due(date(2028, 12, 7))
    datetime.date(2028, 9, 7)
    """
    return months_after(ends, -int(POLICY.value("trial.formal_months")))


def settled(state: ApplicationState, ends_on: date | None, today: date) -> ApplicationState:
    """Return the state as a day makes it: a trial that nobody asked to go on ends with its period.

    >>> settled(ApplicationState.TRIAL, date(2028, 12, 7), date(2028, 12, 7)).value
    'trial-ended'
    >>> settled(ApplicationState.ASSESSED, date(2028, 12, 7), date(2029, 1, 1)).value
    'final-assessment'
    """
    return ApplicationState.ENDED if state in TRIED and ends_on is not None and ends_on <= today else state


def is_province(region_code: str) -> bool:
    """Say whether a bureau of that region works for a whole province; one without a region works for all."""
    return not region_code or region_code.endswith("0000")
