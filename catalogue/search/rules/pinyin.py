"""Pinyin by phrase (重庆 is chongqing, 阿胶 ejiao), with the readings that drug names need on top.

The dictionaries are pypinyin's, its segmentation (the longest phrase from the left) is done here: a tenth of the time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

_HAN = re.compile(r"[〇㐀-䶿一-鿿]+")
# Readings of chemical, herbal and place names where the general dictionaries have another one.
_CHARACTERS = {"炔": "que", "泊": "bo", "参": "shen", "龈": "yin"}
_PHRASES = {"茶调": ("cha", "tiao"), "长效": ("chang", "xiao")}
_UMLAUT = str.maketrans({"ü": "v"})


@cache
def _dictionaries() -> tuple[Mapping[str, list[list[str]]], Mapping[int, str], Mapping[str, int]]:
    """Return phrases, characters, and the length of the longest phrase that begins with a character."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    longest: dict[str, int] = {}
    for phrase in (*PHRASES_DICT, *_PHRASES):
        longest[phrase[0]] = max(longest.get(phrase[0], 1), len(phrase))
    return PHRASES_DICT, PINYIN_DICT, longest


def bare(syllable: str) -> str:
    """Return a syllable without its tone, ü as v.

    >>> bare("lǜ"), bare("ér")
    ('lv', 'er')
    """
    composed = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(letter for letter in composed.translate(_UMLAUT) if "a" <= letter <= "z")


@lru_cache(maxsize=30_000)
def _phrase(text: str) -> tuple[str, ...] | None:
    """Return how a phrase is read, None where the dictionaries do not have it."""
    if text in _PHRASES:
        return _PHRASES[text]
    found = _dictionaries()[0].get(text)
    return tuple(bare(readings[0]) for readings in found) if found else None


@cache
def _character(character: str) -> str:
    if character in _CHARACTERS:
        return _CHARACTERS[character]
    return bare(_dictionaries()[1].get(ord(character), "").split(",")[0])


@lru_cache(maxsize=100_000)
def syllables(text: str) -> tuple[str, ...]:
    """Return the pinyin syllables of the Chinese in a text, other characters left out.

    >>> syllables("重庆阿胶")
    ('chong', 'qing', 'e', 'jiao')
    """
    longest = _dictionaries()[2]
    found: list[str] = []
    for run in _HAN.findall(text):
        at = 0
        while at < len(run):
            for length in range(min(longest.get(run[at], 1), len(run) - at), 1, -1):
                if read := _phrase(run[at : at + length]):
                    found += read
                    at += length
                    break
            else:
                found.append(_character(run[at]))
                at += 1
    return tuple(syllable for syllable in found if syllable)
