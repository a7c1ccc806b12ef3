"""Which companies seem to be related, and by what; a person confirms it, never this module.

Source: 全国药品集中采购文件, 关联企业: companies with the same person in charge, or in control of one another,
count as one bidder (award.md §1.3). A common address is a signal only (users.md: same-address bidders). Names and
addresses are compared without spaces, full-width signs and the words 号, 室, 楼 that are written one way or another.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Any


class Ground(StrEnum):
    """By what two companies seem to be related."""

    LEGAL_PERSON = "legal-person"
    CONTROLLER = "controller"
    HOLDER = "holder"
    HOLDS = "holds"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Holding:
    """A holder with its share; a share of 1 is the whole."""

    name: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a company."""

    id: int
    name: str
    legal_person: str = ""
    controller: str = ""
    address: str = ""
    holders: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Two companies, the lower id first, with every ground there is."""

    first: int
    second: int
    grounds: tuple[tuple[Ground, str], ...]

    def plain(self) -> list[dict[str, Any]]:
        """Return the grounds as they are kept."""
        return [{"ground": ground.value, "value": value} for ground, value in self.grounds]

    @property
    def digest(self) -> str:
        """Return what stands for the grounds; it changes when they do."""
        text = json.dumps(self.plain(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def plain_name(name: str) -> str:
    """Return a name as it is compared.

    >>> plain_name(" 周　启辰"), plain_name("华辰（北塘）制药 有限公司") == plain_name("华辰(北塘)制药有限公司")
    ('周启辰', True)
    """
    return re.sub(r"[\s·•.\-]", "", unicodedata.normalize("NFKC", name)).casefold()


def plain_address(address: str) -> str:
    """Return an address as it is compared: numbers kept apart by one sign, whatever stood between them.

    >>> plain_address("江州市东湖路１２号 3 号楼５０１室") == plain_address("江州市东湖路12号3栋501")
    True
    >>> plain_address("东湖路12号") == plain_address("东湖路1号2室")
    False
    """
    text = re.sub(r"[\s，,、。()（）]", "", unicodedata.normalize("NFKC", address)).casefold()
    text = re.sub(r"(?<=\d)(号楼|号院|号|楼|幢|栋|座|单元|层|室|房|#|-)+", "|", text)
    return text.strip("|")


def find(companies: Sequence[Facts], *, share: Decimal | None) -> list[Found]:
    """Return pairs that share a legal person, a controller, an address, or a holder of at least `share`.

    Without `share` holders are not looked at: from which share on they count nobody may guess.

    >>> pair = [Facts(1, "甲", legal_person="周 启辰"), Facts(2, "乙", legal_person="周启辰")]
    >>> [(found.first, found.second, found.grounds[0][0].value) for found in find(pair, share=None)]
    [(1, 2, 'legal-person')]
    """
    grounds: dict[tuple[int, int], dict[tuple[Ground, str], None]] = defaultdict(dict)
    for ground, value, members in _shared(companies, share):
        for first, second in combinations(sorted(members), 2):
            grounds[first, second][ground, value] = None
    for ground, value, first, second in _holds(companies, share):
        grounds[min(first, second), max(first, second)][ground, value] = None
    return [Found(*pair, tuple(sorted(found))) for pair, found in sorted(grounds.items())]


def _shared(companies: Iterable[Facts], share: Decimal | None) -> Iterator[tuple[Ground, str, set[int]]]:
    """Yield what at least two companies have in common, as the company with the lowest id writes it."""
    by_key: dict[tuple[Ground, str], set[int]] = defaultdict(set)
    written: dict[tuple[Ground, str], str] = {}
    for one in sorted(companies, key=lambda each: each.id):
        for ground, key, text in _keys(one, share):
            if key:
                by_key[ground, key].add(one.id)
                written.setdefault((ground, key), " ".join(text.split()))
    yield from ((ground, written[ground, key], ids) for (ground, key), ids in by_key.items() if len(ids) > 1)


def _keys(one: Facts, share: Decimal | None) -> Iterator[tuple[Ground, str, str]]:
    yield Ground.LEGAL_PERSON, plain_name(one.legal_person), one.legal_person
    yield Ground.CONTROLLER, plain_name(one.controller), one.controller
    yield Ground.ADDRESS, plain_address(one.address), one.address
    for holder in one.holders:
        if share is not None and holder.share >= share:
            yield Ground.HOLDER, plain_name(holder.name), holder.name


def _holds(companies: Sequence[Facts], share: Decimal | None) -> Iterator[tuple[Ground, str, int, int]]:
    """Yield companies that hold at least `share` of another one of them."""
    by_name = {plain_name(one.name): one for one in companies}
    for one in companies:
        for holder in one.holders:
            parent = by_name.get(plain_name(holder.name))
            if parent is not None and parent.id != one.id and share is not None and holder.share >= share:
                yield Ground.HOLDS, parent.name, parent.id, one.id
