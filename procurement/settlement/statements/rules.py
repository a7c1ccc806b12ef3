"""Arithmetic of statements: what raises and what lowers that which a hospital owes a seller. Amounts in yuan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from procurement.settlement.statements.flow import EntryKind

COLUMNS = ("invoiced", "credited", "paid", "fund")
_COUNTED = {
    EntryKind.INVOICED: ("invoiced", 1),
    EntryKind.WITHDRAWN: ("invoiced", -1),
    EntryKind.CREDITED: ("credited", 1),
    EntryKind.PAID: ("paid", 1),
    EntryKind.FUND: ("fund", 1),
}


def counted(kind: EntryKind, amount: Decimal) -> tuple[str, Decimal]:
    """Return the column of a month's sums that an entry goes to, and what it adds.

    >>> counted(EntryKind.WITHDRAWN, Decimal(5))
    ('invoiced', Decimal('-5'))
    """
    column, sign = _COUNTED[kind]
    return column, amount * sign


def owed(sums: Mapping[str, Decimal]) -> Decimal:
    """Return by how much a hospital owes more after these sums: invoiced less credited and paid.

    >>> owed({"invoiced": Decimal(100), "credited": Decimal(10), "paid": Decimal(60), "fund": Decimal(5)})
    Decimal('25')
    """
    return sums["invoiced"] - sums["credited"] - sums["paid"] - sums["fund"]


def signed(kind: EntryKind, amount: Decimal) -> Decimal:
    """Return by how much an entry changes what is owed.

    >>> signed(EntryKind.PAID, Decimal(5)), signed(EntryKind.INVOICED, Decimal(5))
    (Decimal('-5'), Decimal('5'))
    """
    column, more = counted(kind, amount)
    return more if column == "invoiced" else -more


def balances(opening: Decimal, changes: Iterable[Decimal]) -> Iterator[Decimal]:
    """Return what is owed after each change.

    >>> [str(each) for each in balances(Decimal(10), [Decimal(5), Decimal(-15)])]
    ['15', '0']
    """
    for change in changes:
        opening += change
        yield opening


def keys(hospital_id: int, seller_id: int) -> tuple[str, str, str]:
    """Name the three whose sums an entry changes: the hospital, the seller, the two of them.

    >>> keys(3, 7)
    ('h3', 's7', 'p3-7')
    """
    return f"h{hospital_id}", f"s{seller_id}", f"p{hospital_id}-{seller_id}"
