"""Where a record stands among equally good hits: shorter titles first, then by the pinyin of their beginning.

The place is the entry's id: an index that answers in the order of ids answers the best first and may stop early.
"""

from __future__ import annotations

from functools import lru_cache

from catalogue.search.rules.lines import plain
from catalogue.search.rules.pinyin import syllables

KINDS = (
    "variety", "generic_name", "product", "coded_drug", "consumable", "local_product", "list_entry", "category",
    "company", "distributor", "hospital", "pharmacy", "agency", "bureau", "operator", "round",
    "agreement", "item", "doctor", "region", "edition", "service_item",
)  # fmt: skip
"""What can be found, in the order in which equal titles are shown. A new kind is added at the end (at most 63)."""
_TAIL, _KIND, _HEAD = 25, 6, 25


@lru_cache(maxsize=100_000)
def _head(title: str) -> int:
    """Return the length and the first five sounds as a number that sorts."""
    letters = "".join(syllable[0] for syllable in syllables(title[:12])[:5]) or plain(title[:12])[:5]
    number = 0
    for at in range(5):
        letter = letters[at] if at < len(letters) else ""
        number = number << 5 | (ord(letter) - 96 if "a" <= letter <= "z" else 27 if letter else 0)
    return min(len(title), 127) << _HEAD | number


def place(title: str, kind: str, subject_id: int) -> int:
    """Return the id of a record's entry; it follows from what is shown and whose it is.

    >>> place("阿胶", "product", 9) < place("阿胶", "product", 10) < place("布洛芬", "product", 1)
    True
    """
    if kind not in KINDS or not 0 <= subject_id < 1 << _TAIL:
        raise ValueError(f"no place for {kind} {subject_id}: is the kind in KINDS?")
    return (_head(title) << _KIND | KINDS.index(kind)) << _TAIL | subject_id


def kind_of(place: int) -> int:
    """Return the number of the kind that a place belongs to.

    >>> KINDS[kind_of(place("阿胶", "product", 9))]
    'product'
    """
    return place >> _TAIL & (1 << _KIND) - 1


_LETTER = 1 << (_TAIL + _KIND + _HEAD - 1)
BOUNDS = (*(half * _LETTER for half in range(8, 30)), *(length * 2 * _LETTER for length in (15, 17, 21, 25)))
"""Where shelves end: half of the titles of each usual length stand on one, all of several unusual lengths on others."""
TAIL, KIND_BITS = _TAIL, (1 << _KIND) - 1
