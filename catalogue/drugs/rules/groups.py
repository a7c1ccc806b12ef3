"""Related companies (关联企业): who counts as one bidder. Groups that share a company are one."""

from __future__ import annotations

from collections.abc import Iterable


def clusters(memberships: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    """Return, for every company of `(group, company)` pairs, all companies it counts as one with, itself included.

    >>> clusters([(1, 10), (1, 11), (2, 11), (2, 12)])[10] == {10, 11, 12}
    True
    """
    together: dict[int, set[int]] = {}
    whole: dict[int, set[int]] = {}
    for group, company in memberships:
        together.setdefault(group, set()).add(company)
    for companies in together.values():
        merged = set(companies).union(*(whole[company] for company in companies if company in whole))
        for company in merged:
            whole[company] = merged
    return {company: frozenset(companies) for company, companies in whole.items()}
