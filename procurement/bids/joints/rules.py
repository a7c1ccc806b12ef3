"""Who may bid as one, and who counts as one bidder then. Source: 投标人可以组成联合体, 招标投标法 第三十一条.

The law leaves the numbers to the documents: how many members there may be is the rule set's `bid.joint_most`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.errors import Issue
from kernel.money import NotANumber, parse_decimal, places

WHOLE = Decimal(100)
SHARE_PLACES = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A company of a joint and its share of the supply as it was typed, in percent."""

    company_id: int
    typed: str


def share_of(part: Part) -> Decimal | None:
    """Read a share of the supply, None where it is none: above 0, below 100, at most 2 decimals.

    >>> [share_of(Part(1, typed)) for typed in ("60", "33.33", "0", "100", "1.234", "half")]
    [Decimal('60'), Decimal('33.33'), None, None, None, None]
    """
    try:
        share = parse_decimal(part.typed)
    except NotANumber:
        return None
    return share if 0 < share < WHOLE and places(share) <= SHARE_PLACES else None


def faults(lead: Part, members: Sequence[Part], able: Iterable[int], most: int) -> dict[str, Issue]:
    """Return what is wrong with a composition, by the form's field; `able` have a product of the lot, the lead too.

    >>> sorted(faults(Part(1, "60"), [Part(2, "30")], [1, 2], 3))
    ['share-own']
    >>> faults(Part(1, "60"), [Part(2, "40")], [1, 2], 3)
    {}
    """
    wrong: dict[str, Issue] = {}
    can = set(able)
    if lead.company_id not in can:
        wrong[""] = Issue("joint-no-product")
    if not members:
        wrong["member-1"] = Issue("joint-alone")
    seen = {lead.company_id}
    for number, member in enumerate(members, 1):
        if member.company_id in seen:
            wrong[f"member-{number}"] = Issue("joint-member-twice")
        elif member.company_id not in can:
            wrong[f"member-{number}"] = Issue("joint-no-product")
        elif number + 1 > most:
            wrong[f"member-{number}"] = Issue("joint-too-many", facts={"most": most})
        seen.add(member.company_id)
    return wrong | _shares(lead, members)


def _shares(lead: Part, members: Sequence[Part]) -> dict[str, Issue]:
    named = {"share-own": lead} | {f"share-{number}": member for number, member in enumerate(members, 1)}
    read = {name: share_of(part) for name, part in named.items()}
    wrong = {name: Issue("joint-share", value=named[name].typed) for name, share in read.items() if share is None}
    total = sum((share for share in read.values() if share is not None), Decimal(0))
    if not wrong and members and total != WHOLE:
        wrong["share-own"] = Issue("joint-shares-sum", facts={"total": total})
    return wrong


def one_bidder(groups: Mapping[int, str], joints: Iterable[Iterable[int]]) -> dict[int, str]:
    """Return the key by which a company counts as one bidder of a lot: related companies, and who bids jointly.

    Relations reach through joints: who is related to one member counts as one bidder with the whole joint.

    >>> one_bidder({1: "g1", 5: "g1", 7: "g7"}, [(2, 1), (3, 4)])
    {1: 'g1', 5: 'g1', 7: 'g7', 2: 'g1', 3: 'j3', 4: 'j3'}
    """
    keys = dict(groups)
    for joint in joints:
        companies = list(joint)
        met = {keys[company] for company in companies if company in keys}
        key = min(met, default=f"j{min(companies)}")
        keys = {company: key if known in met else known for company, known in keys.items()}
        keys |= dict.fromkeys(companies, key)
    return keys


def added_up(demand: Mapping[int, Decimal], leads: Mapping[int, int]) -> dict[int, Decimal]:
    """Return the brand demand of a lot with what was reported for members added to their lead's.

    >>> added_up({1: Decimal(5), 2: Decimal(3), 9: Decimal(1)}, {1: 1, 2: 1})
    {1: Decimal('8'), 9: Decimal('1')}
    """
    found: dict[int, Decimal] = {}
    for company, quantity in demand.items():
        lead = leads.get(company, company)
        found[lead] = found.get(lead, Decimal(0)) + quantity
    return found
