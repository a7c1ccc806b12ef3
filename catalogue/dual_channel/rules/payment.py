"""What a patient pays: the own share, on the payment standard. Source: 医保发〔2021〕28号, one payment policy."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kernel.errors import DomainError
from kernel.money import round_amount, working


def must_not_exceed(price: Decimal, standards: Iterable[Decimal]) -> Decimal:
    """Refuse a price above every payment standard of the drug; a confidential standard can't be compared.

    >>> must_not_exceed(Decimal("3.95"), [Decimal("1.70"), Decimal("3.95")]), must_not_exceed(Decimal(9), [])
    (Decimal('3.95'), Decimal('9'))
    """
    most = max(standards, default=None)
    if most is not None and price > most:
        raise DomainError("dual-price-above-standard", price=price, standard=most)
    return price


def amount(quantity: Decimal, price: Decimal) -> Decimal:
    """Return yuan for a quantity at a price per unit.

    >>> amount(Decimal("2"), Decimal("398.0000"))
    Decimal('796.00')
    """
    with working():
        return round_amount(quantity * price)


def own_share(total: Decimal, ratio: Decimal) -> Decimal:
    """Return what the patient pays of an amount that stays within the payment standard.

    >>> own_share(Decimal("796.00"), Decimal("0.3"))
    Decimal('238.80')
    """
    with working():
        return round_amount(total * ratio)
