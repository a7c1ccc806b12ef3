"""Where a record stands among equally good hits: shorter titles first, then by the pinyin of their beginning.

The place is the entry's id: an index that answers in the order of ids answers the best first and may stop early.
"""

from __future__ import annotations

from functools import lru_cache

from catalogue.search.rules.lines import plain
from catalogue.search.rules.pinyin import syllables

KINDS = (
    "variety", "generic_name", "product", "drug", "consumable", "local_product", "list_entry", "category", "company",
    "distributor", "hospital", "pharmacy", "agency", "bureau", "operator", "round",
    "agreement", "item", "doctor", "region", "edition",
)  # fmt: skip
"""What can be found, in the order in which equal titles are shown. A new kind is added at the end (at most 63)."""
_TAIL, _KIND, _HEAD = 25, 6, 25
_LONG = 24


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


def shelf(place: int) -> int:
    """Return the number of the shelf, a run of places: half of the titles of a length.

    >>> shelf(place("阿胶", "product", 9)), shelf(place("左旋多巴", "product", 9))
    (4, 9)
    """
    length, late = place >> (_TAIL + _KIND + _HEAD), place >> (_TAIL + _KIND + _HEAD - 1) & 1
    return min(length, _LONG) * 2 + (late if length < _LONG else 0)


SHELVES = tuple(range(_LONG * 2 + 1))
