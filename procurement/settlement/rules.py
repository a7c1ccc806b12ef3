"""Periods, the three-way match, and who owes whom in settlement.

Sources: trading.md "Settlement"; 医保发〔2019〕18号 (prepayment of at least 30 % of the budget).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from kernel.money import round_amount
from kernel.policy import Parameters, regional
from procurement.orders.rules import due, worth
from procurement.settlement.flow import BLOCKING, Difference

ZERO = Decimal(0)
EARLIEST = date(2000, 1, 1)
"""No invoice and no payment on the platform is older: an earlier day is mistyped."""
LARGEST = Decimal("1e12")
"""Yuan or units that no invoice reaches, and that every column holds."""
AGES = (0, 30, 90)
"""Days overdue at which an age begins: not due, up to 30 days late, up to 90, longer."""
_FILE = Path(__file__).with_name("policy.toml")


def policy(region_code: str) -> Parameters:
    """Return the parameters in force in a region."""
    return regional(_FILE, region_code)


def pay_by(received_at: datetime, region_code: str) -> datetime:
    """Return when goods received at that hour must be paid.

    >>> from kernel.periods import BEIJING
    >>> f"{pay_by(datetime(2026, 3, 3, 9, tzinfo=BEIJING), '320100').astimezone(BEIJING):%m-%d %H:%M}"
    '04-03 00:00'
    """
    return due(received_at, policy(region_code).value("pay.within"))


def review_by(filed_at: datetime, region_code: str) -> datetime:
    """Return when a hospital must have reviewed a claim."""
    return due(filed_at, policy(region_code).value("claim.review_within"))


def good_number(code: str, number: str) -> bool:
    """Say whether that can be an invoice's number: 20 digits alone (数电票), or a code of 10 or 12 digits with 8.

    >>> good_number("", "24112000000012345678"), good_number("3200214130", "01234567"), good_number("", "123")
    (True, True, False)
    """
    if not number.isascii() or not number.isdecimal():
        return False
    if not code:
        return len(number) == 20
    return code.isascii() and code.isdecimal() and len(code) in (10, 12) and len(number) == 8


def key(seller_id: int, code: str, number: str) -> str:
    """Name an invoice so that it is registered once.

    >>> key(7, "", "24112000000012345678")
    '7--24112000000012345678'
    """
    return f"{seller_id}-{code}-{number}"


@dataclass(frozen=True, slots=True)
class Matched:
    """A line of an invoice beside its order and receipt: prices in yuan per unit, the rest in units.

    `left` is what this line may still ask for: received, less what was sent back without a credit note.
    """

    quantity: Decimal
    price: Decimal
    ordered_price: Decimal
    left: Decimal


def line_differences(line: Matched) -> tuple[Difference, ...]:
    """Name what differs between order, receipt and a line of the invoice.

    >>> line_differences(Matched(Decimal(9), Decimal("1.2"), Decimal("1.1"), Decimal(8)))
    (<Difference.PRICE_ABOVE: 'price-above'>, <Difference.SENT_BACK: 'sent-back'>)
    """
    found = []
    if line.price > line.ordered_price:
        found.append(Difference.PRICE_ABOVE)
    if line.price < line.ordered_price:
        found.append(Difference.PRICE_BELOW)
    if line.quantity > line.left:
        found.append(Difference.SENT_BACK)
    return tuple(found)


def total_differs(amount: Decimal, lines: Sequence[Decimal]) -> bool:
    """Say whether an invoice's total is not the sum of its lines, in yuan."""
    return amount != sum(lines, ZERO)


def may_match(found: Sequence[Difference]) -> bool:
    """Say whether an invoice with these differences can be matched."""
    return not BLOCKING & set(found)


def credit(price: Decimal, quantity: Decimal, *, left_quantity: Decimal, left_amount: Decimal) -> Decimal:
    """Return what a credit note takes back of a line; its last part takes what is left, so that fen add up.

    >>> str(credit(Decimal("0.333"), Decimal(1), left_quantity=Decimal(1), left_amount=Decimal("0.34")))
    '0.34'
    """
    return left_amount if quantity == left_quantity else min(left_amount, worth(price, quantity))


def fitting(gross: Decimal, notes: Sequence[Decimal]) -> list[bool]:
    """Say which credit notes (yuan, in this order) can be netted against a gross amount: as far as something is left.

    >>> fitting(Decimal(100), [Decimal(60), Decimal(50), Decimal(40)])
    [True, False, True]
    """
    left, taken = gross, []
    for note in notes:
        taken.append(note <= left)
        left -= note if note <= left else ZERO
    return taken


def may_claim(day: date, until_day: int) -> bool:
    """Say whether last month's invoices can still be claimed on that day in Beijing.

    >>> may_claim(date(2026, 4, 5), 5), may_claim(date(2026, 4, 6), 5)
    (True, False)
    """
    return day.day <= until_day


def prepay_share(region_code: str) -> Decimal:
    """Return the least share of a round's budget that a region prepays."""
    return Decimal(policy(region_code).value("prepay.share"))


def least_prepayment(budget: Decimal, share: Decimal) -> Decimal:
    """Return the least that is prepaid of a round's budget, in yuan.

    >>> str(least_prepayment(Decimal("1000000.00"), Decimal("0.3")))
    '300000.00'
    """
    return round_amount(budget * share)


def set_off(balance: Decimal, open_: Decimal) -> Decimal:
    """Return how much of an open prepayment is set off against what the hospital is due.

    >>> [str(set_off(Decimal(a), Decimal(30))) for a in (100, 20, -5)]
    ['30', '20', '0']
    """
    return max(ZERO, min(balance, open_))
