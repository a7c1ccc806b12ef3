"""What an order adds to the sums of its months, and the figures that are shares of those sums.

Source: trading.md "Figures, defined exactly". An order belongs to the month in Beijing in which it was placed, what
arrived and was paid to the month in which it arrived. Amounts in yuan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from kernel.errors import DomainError
from kernel.money import round_ratio
from kernel.periods import BEIJING, Period, month_of
from kernel.policy import Parameter, Parameters, regional
from procurement.orders.figures.flow import FigureCode, TargetCode
from procurement.orders.flow import OrderState, Refusal
from procurement.orders.rules import ZERO, worth

DAY = timedelta(hours=24)
PAYMENT_DAYS = timedelta(days=30)
COUNTS = (
    "orders", "withdrawn", "answered", "answered_24h", "confirmed", "timely", "completed", "short", "specs",
    "specs_short", "specs_delivered",
)  # fmt: skip
AMOUNTS = ("amount", "amount_short", "delivered", "bought", "bought_consumables", "paid", "paid_in_time")
ONE = Decimal(1)
Sums = Mapping[str, Decimal]


_FILE = Path(__file__).with_name("policy.toml")


class UnknownPeriod(DomainError):
    """A period is not written as a month, a quarter or a year."""

    code = "unknown-period"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order, in units; `in_time` is what was shipped of it before the hour by which it was due."""

    product_id: int
    quantity: Decimal
    price: Decimal
    received: Decimal = ZERO
    in_time: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrived of a line in one shipment and was not returned, in units."""

    at: datetime
    quantity: Decimal
    price: Decimal
    consumable: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All of an order that its figures follow from."""

    state: OrderState
    placed_at: datetime
    answered_at: datetime | None = None
    refusal: Refusal | None = None
    lines: tuple[Line, ...] = ()
    arrivals: tuple[Arrival, ...] = ()


def _month(at: datetime) -> date:
    return month_of(at.astimezone(BEIJING).date())


def share(facts: Facts) -> dict[date, dict[str, Decimal]]:
    """Return what an order adds to each month: its own counts where it was placed, purchases where they arrived.

    What the hospital took back before any answer counts as withdrawn and nowhere else.

    >>> at = datetime(2026, 3, 31, 9, 0, tzinfo=BEIJING)
    >>> said = at + timedelta(hours=25)
    >>> line = Line(1, Decimal(10), Decimal("2.5"), received=Decimal(4), in_time=Decimal(10))
    >>> arrived = Arrival(at + timedelta(days=3), Decimal(4), Decimal("2.5"))
    >>> found = share(Facts(OrderState.SHIPPED, at, said, lines=(line,), arrivals=(arrived,)))
    >>> {name: str(count) for name, count in found[date(2026, 3, 1)].items() if count}
    {'orders': '1', 'answered': '1', 'confirmed': '1', 'timely': '1', 'specs': '1', 'specs_delivered': '1', 'amount': '25.00', 'delivered': '10.00'}
    >>> found[date(2026, 4, 1)]["bought"]
    Decimal('10.00')
    """  # noqa: E501 - the answer is one line
    found: dict[date, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys((*COUNTS, *AMOUNTS), ZERO))
    found[_month(facts.placed_at)].update(_placed(facts))
    for one in facts.arrivals:
        month = found[_month(one.at)]
        amount = worth(one.price, one.quantity)
        month["bought"] += amount
        month["bought_consumables"] += amount if one.consumable else ZERO
    return dict(found)


def _placed(facts: Facts) -> dict[str, Decimal]:
    if facts.state is OrderState.CANCELLED and facts.answered_at is None:
        return {"orders": ONE, "withdrawn": ONE}
    answered = facts.answered_at is not None
    quick = facts.answered_at is not None and facts.answered_at - facts.placed_at <= DAY
    confirmed = answered and facts.state is not OrderState.REFUSED
    short = facts.refusal is Refusal.PRODUCER_SHORT
    products = {one.product_id for one in facts.lines}
    amount = sum((worth(one.price, one.quantity) for one in facts.lines), ZERO)
    return {
        "orders": ONE, "answered": Decimal(answered), "answered_24h": Decimal(quick), "confirmed": Decimal(confirmed),
        "timely": Decimal(confirmed and all(one.in_time >= one.quantity for one in facts.lines)),
        "completed": Decimal(all(one.received >= one.quantity for one in facts.lines)), "short": Decimal(short),
        "specs": Decimal(len(products)), "specs_short": Decimal(len(products) if short else 0),
        "specs_delivered": Decimal(len({one.product_id for one in facts.lines if one.received})),
        "amount": amount, "amount_short": amount if short else ZERO,
        "delivered": sum((worth(one.price, one.received) for one in facts.lines), ZERO),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """Orders whose hour has not come: for an answer, for the answer within 24 hours, for the shipment."""

    answer: int = 0
    day: int = 0
    shipment: int = 0


@dataclass(frozen=True, slots=True)
class Offline:
    """What hospitals reported to have bought beside the platform, in yuan."""

    drugs: Decimal = ZERO
    consumables: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with all it rests on: `excluded` was taken out of the denominator by a rule, `waiting` by the clock."""

    code: FigureCode
    numerator: Decimal
    denominator: Decimal
    excluded: Decimal = ZERO
    waiting: Decimal = ZERO

    @property
    def value(self) -> Decimal | None:
        """Return the share, or None where there is nothing it could be a share of."""
        return round_ratio(self.numerator / self.denominator) if self.denominator else None


def figures(sums: Sums, waiting: Waiting, offline: Offline, *, without_short: bool) -> tuple[Figure, ...]:
    """Return every figure of a period. `without_short`: what the producer could not supply counts against nobody.

    >>> sums = {"orders": Decimal(10), "withdrawn": Decimal(1), "answered": Decimal(6), "bought": Decimal(90)}
    >>> found = {one.code: one for one in figures(sums, Waiting(answer=1), Offline(Decimal(10)), without_short=True)}
    >>> found[FigureCode.RESPONSE].value, found[FigureCode.ONLINE].value, found[FigureCode.PAYMENT].value
    (Decimal('0.750000'), Decimal('0.900000'), Decimal('0.000000'))
    """
    of = defaultdict(lambda: ZERO, sums)
    asked, gone = of["orders"] - of["withdrawn"], of["withdrawn"]
    drop = ONE if without_short else ZERO
    short, amount_short, specs_short = drop * of["short"], drop * of["amount_short"], drop * of["specs_short"]
    drugs = of["bought"] - of["bought_consumables"]
    answer, day, shipment = Decimal(waiting.answer), Decimal(waiting.day), Decimal(waiting.shipment)
    online = (
        (FigureCode.ONLINE_DRUGS, drugs, offline.drugs),
        (FigureCode.ONLINE_CONSUMABLES, of["bought_consumables"], offline.consumables),
        (FigureCode.ONLINE, of["bought"], offline.drugs + offline.consumables),
    )
    return (
        Figure(FigureCode.RESPONSE, of["answered"], asked - answer, gone, answer),
        Figure(FigureCode.RESPONSE_24H, of["answered_24h"], asked - day, gone, day),
        Figure(FigureCode.TIMELINESS, of["timely"], of["confirmed"] - shipment, ZERO, shipment),
        Figure(FigureCode.COMPLETION, of["completed"], asked - short, gone + short),
        Figure(FigureCode.AMOUNT_FILL, of["delivered"], of["amount"] - amount_short, amount_short),
        Figure(FigureCode.SPECIFICATION_FILL, of["specs_delivered"], of["specs"] - specs_short, specs_short),
        Figure(FigureCode.PAYMENT, of["paid_in_time"], of["bought"]),
        *(Figure(code, within, within + beside) for code, within, beside in online),
    )


def payment_final(period: Period, day: date) -> bool:
    """Say whether the thirty days of everything that arrived in a period are over."""
    return period.end is not None and day >= period.end + PAYMENT_DAYS


def paid_in_time(received_at: datetime, paid_at: datetime) -> bool:
    """Say whether what arrived was paid within thirty days: by the end of the thirtieth day in Beijing.

    >>> at = datetime(2026, 3, 1, 9, 0, tzinfo=BEIJING)
    >>> paid_in_time(at, datetime(2026, 3, 31, 23, 59, tzinfo=BEIJING))
    True
    >>> paid_in_time(at, datetime(2026, 4, 1, 0, 0, tzinfo=BEIJING))
    False
    """
    return paid_at.astimezone(BEIJING).date() - received_at.astimezone(BEIJING).date() <= PAYMENT_DAYS


def period(text: str) -> Period:
    """Read a month (2026-03), a quarter (2026Q1) or a year (2026).

    >>> period("2026Q4")
    Period(start=datetime.date(2026, 10, 1), end=datetime.date(2027, 1, 1))
    >>> period("2026-12").end, period("2026").start
    (datetime.date(2027, 1, 1), datetime.date(2026, 1, 1))
    """
    year, rest = text[:4], text[4:]
    spans = {"": (1, 12)} | {f"Q{n}": (3 * n - 2, 3) for n in (1, 2, 3, 4)}
    spans |= {f"-{n:02}": (n, 1) for n in range(1, 13)}
    if not (year.isascii() and year.isdecimal() and 2000 <= int(year) <= 2999 and rest in spans):
        raise UnknownPeriod(period=text)
    first, count = spans[rest]
    return Period(date(int(year), first, 1), month_of(date(int(year), first, 1), count))


def periods(day: date) -> list[str]:
    """Name the periods that people look at: the last thirteen months, their quarters and years.

    >>> periods(date(2026, 3, 5))[0], periods(date(2026, 3, 5))[13:]
    ('2026-03', ['2026Q1', '2025Q4', '2025Q3', '2025Q2', '2025Q1', '2026', '2025'])
    """
    last = [month_of(day, -count) for count in range(13)]
    quarters = dict.fromkeys(f"{one.year}Q{(one.month + 2) // 3}" for one in last)
    return [*(f"{one:%Y-%m}" for one in last), *quarters, *dict.fromkeys(str(one.year) for one in last)]


def terms(region_code: str, year: int) -> Parameters:
    """Return how figures are counted in a region and what it wants of a year."""
    return regional(_FILE, region_code, year)


@dataclass(frozen=True, slots=True)
class Target:
    """What was reached against what a region wants; `reached` is a count or a share, None where nothing is known."""

    code: TargetCode
    reached: Decimal | None
    wanted: Parameter

    @property
    def met(self) -> bool | None:
        """Say whether the target is met; None where either side is unknown.

        >>> goal = Parameter("online.drugs", Decimal("0.9"), "trading.md", "M")
        >>> [Target(TargetCode.ONLINE_DRUGS, each, goal).met for each in (Decimal("0.9"), Decimal("0.89"), None)]
        [True, False, None]
        """
        if self.reached is None or not self.wanted.is_set:
            return None
        return bool(self.reached >= self.wanted.value)


def targets(reached: Mapping[TargetCode, Decimal | None], goals: Parameters) -> tuple[Target, ...]:
    """Put what was reached against the year's targets."""
    return tuple(Target(code, reached.get(code), goals[f"target.{code}"]) for code in TargetCode)
