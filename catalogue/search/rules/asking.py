"""What was typed: its words, the tokens a hit must have, and whether and how well a record fits.

A word is found anywhere in a line, or in the pinyin from any syllable on (four letters or more). One Chinese character
is found in names and codes; one or two letters or digits, three with a digit, and three letters of pinyin at a line's
beginning.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from catalogue.search.rules.lines import LONGEST, code, grams, start

Tokens = frozenset[str]
EXACT, PREFIX, INSIDE = TIERS = range(3)
_WORDS, _WAYS = 6, 8


def words(query: str) -> tuple[str, ...]:
    """Split what was typed: every word must be found, in any order.

    >>> words("阿司匹林  QL ")
    ('阿司匹林', 'ql')
    """
    folded = (code(word) for word in unicodedata.normalize("NFKC", query)[:LONGEST].split())
    return tuple(dict.fromkeys(word for word in folded if word))[:_WORDS]


def is_short(word: str) -> bool:
    """Say whether the tokens of a word decide alone."""
    return len(word) == 1 or (len(word) == 2 and word.isascii())


def is_sound(word: str) -> bool:
    """Say whether a word can be pinyin from any syllable on."""
    return len(word) >= 4 and word.isascii() and word.isalpha()


def _clause(word: str) -> tuple[Tokens, ...]:
    """Return the ways a record may hold a word; each way is the tokens it must have."""
    if is_short(word):
        return (frozenset({f"^{word}" if word.isascii() else word}),)
    written = frozenset(grams(word)) if len(word) > 2 else frozenset({word})
    if word.isascii() and len(word) == 3 and not word.isalpha():
        return (frozenset({f"^{word}"}), frozenset({f">{word}"}))
    if is_sound(word):
        return (written, frozenset({f"~{word[: 6 if len(word) >= 6 else 4]}"}))
    if word.isascii() and word.isalpha():
        return (written, frozenset({f"^{word}"}))
    return (written,)


def ways(asked: Sequence[str], facets: Sequence[Tokens], tier: int) -> list[Tokens]:
    """Return what an index is asked: a hit of the tier has all tokens of at least one way.

    `facets` are alternatives as well (of several kinds any will do). Words that would make too many ways are left to
    the check of each hit.
    """
    clauses: list[tuple[Tokens, ...]] = [tuple(facets)] if facets else []
    if asked and tier == EXACT:
        clauses.append((frozenset({f"={asked[0]}"}),))
    elif asked:
        begins = {start(asked[0])} if tier == PREFIX else set()
        clauses.append(tuple(way | begins for way in _clause(asked[0])))
    for word in asked[1:]:
        clause = _clause(word)
        if len(clause) * _product(clauses) <= _WAYS:
            clauses.append(clause)
    return [frozenset().union(*parts) for parts in itertools.product(*clauses)]


def _product(clauses: Sequence[tuple[Tokens, ...]]) -> int:
    number = 1
    for clause in clauses:
        number *= len(clause)
    return number


@lru_cache(maxsize=1000)
def sound(word: str) -> str:
    """Return the pattern of a word that begins with a syllable: letters of any case after a capital.

    >>> sound("pil")
    'P[Ii][Ll]'
    """
    return word[0].upper() + "".join(f"[{letter.upper()}{letter}]" for letter in word[1:])


def holds(word: str, haystack: str, sounds: str) -> bool:
    """Say whether a record has a word."""
    if is_short(word):
        if not word.isascii():
            return word in haystack.partition("\t")[0]
        return f"\n{word}" in haystack or f"\n{word}" in sounds.lower()
    if word.isascii() and len(word) == 3 and not word.isalpha():
        return f"\n{word}" in haystack or f"\t{word}" in haystack
    if word in haystack:
        return True
    if is_sound(word):
        return re.search(sound(word), sounds) is not None
    return f"\n{word}" in sounds.lower()


def tier(word: str, haystack: str, sounds: str) -> int:
    """Return how well a word fits a record that has it: a whole line, a line's beginning, or a piece."""
    heard = sounds.lower()
    if f"\n{word}\n" in haystack or f"\n{word}\n" in heard:
        return EXACT
    return PREFIX if f"\n{word}" in haystack or f"\n{word}" in heard else INSIDE
