"""The two-invoice rule (两票制; source: trading.md "Delivery relationships", 国医改办发〔2016〕4号).

Producer → distributor → hospital: two invoices. A producer's wholly-owned sales company and the national agent of an
import count as the producer. One more distributor between needs an exemption.
"""

from __future__ import annotations

from collections.abc import Collection

from kernel.policy import levels
from procurement.agreements.deliveries.flow import Via

MOST = 2
COUNTS_AS_PRODUCER = frozenset({Via.DIRECT, Via.SALES_COMPANY, Via.NATIONAL_AGENT})


def invoices(via: Via, *, itself: bool = False) -> int:
    """Count the invoices from the producer to the hospital; `itself`: the producer delivers on its own.

    >>> [invoices(one) for one in (Via.DIRECT, Via.SALES_COMPANY, Via.NATIONAL_AGENT, Via.DISTRIBUTOR)]
    [2, 2, 2, 3]
    >>> invoices(Via.DIRECT, itself=True)
    1
    """
    if itself:
        return 1
    return MOST if via in COUNTS_AS_PRODUCER else MOST + 1


def needs_exemption(via: Via) -> bool:
    """Say whether the chain has more invoices than the rule allows.

    >>> needs_exemption(Via.DISTRIBUTOR), needs_exemption(Via.SALES_COMPANY)
    (True, False)
    """
    return invoices(via) > MOST


def deliverer(*, producer: int, named: Collection[int], chosen: int | None) -> int:
    """Return who delivers: the hospital's choice among the named, the one named alone, else the producer.

    >>> [deliverer(producer=1, named=each, chosen=3) for each in ((), (2,), (2, 3), (2, 4))]
    [1, 2, 3, 1]
    """
    if chosen in named and chosen is not None:
        return chosen
    return next(iter(named)) if len(named) == 1 else producer


def within(region_code: str) -> tuple[str, ...]:
    """Return the regions whose relationships reach a hospital: its own, its city's, its province's.

    >>> within("320102")
    ('320102', '320100', '320000')
    """
    return levels(region_code)[::-1]
