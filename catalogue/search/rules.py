"""What a name can be found by: itself, its pinyin and the initials of its pinyin.

Pinyin is read by phrase (重庆 is chongqing, 阿胶 ejiao), with the readings that drug names need on top.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_HAN = re.compile(r"[㐀-䶿一-鿿]+")
_KEPT = re.compile(r"[^0-9a-z㐀-䶿一-鿿]+")
# Readings of chemical and herbal names where the general dictionaries have another one.
_CHARACTERS = {"炔": "quē", "泊": "bó", "参": "shēn", "龈": "yín"}
_PHRASES = {"茶调": ("chá", "tiáo"), "长效": ("cháng", "xiào")}


@cache
def _reader() -> object:
    import pypinyin

    pypinyin.load_single_dict({ord(character): reading for character, reading in _CHARACTERS.items()})
    pypinyin.load_phrases_dict({phrase: [[part] for part in parts] for phrase, parts in _PHRASES.items()})
    return pypinyin


def syllables(text: str) -> tuple[str, ...]:
    """Return the pinyin syllables of the Chinese in a text, other characters left out.

    >>> syllables("重庆阿胶")
    ('chong', 'qing', 'e', 'jiao')
    """
    pypinyin = _reader()
    return tuple(syllable for part in _HAN.findall(text) for syllable in pypinyin.lazy_pinyin(part))  # type: ignore[attr-defined]  # loaded on first use


def plain(text: str) -> str:
    """Fold what people write differently: width, case, spaces and signs.

    >>> plain("国药准字 Ｈ2004-5678")
    '国药准字h20045678'
    """
    return _KEPT.sub("", unicodedata.normalize("NFKC", text).lower())


def haystack(names: Iterable[str], codes: Iterable[str] = ()) -> str:
    """Return one line per way a record may be asked for; lines start and end the text, so `\\nx` finds a beginning.

    >>> haystack(["肠溶片"], ["H20045678"]).split()
    ['肠溶片', 'crp', 'changrongpian', 'h20045678']
    """
    lines: dict[str, None] = {}
    for name in names:
        read = syllables(name)
        for line in (plain(name), "".join(syllable[0] for syllable in read), "".join(read)):
            lines[line] = None
    lines |= {plain(code): None for code in codes}
    lines.pop("", None)
    return "\n" + "".join(f"{line}\n" for line in lines)


def words(query: str) -> tuple[str, ...]:
    """Split what was typed: every word must be found, in any order.

    >>> words("阿司匹林  QL ")
    ('阿司匹林', 'ql')
    """
    folded = (plain(word) for word in unicodedata.normalize("NFKC", query)[:80].split())
    return tuple(dict.fromkeys(word for word in folded if word))[:6]
