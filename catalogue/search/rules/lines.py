"""What a record can be found by, as lines of text, and the tokens that an index holds for them.

`haystack` and `sounds` keep the lines of names and codes (these decide the rank) between line feeds and the lines of
makers and specifications between tabs. In `sounds` each syllable begins with a capital: AiPiLin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from catalogue.search.rules.pinyin import syllables

LONGEST = 80
_KEPT = re.compile(r"[^0-9a-z〇㐀-䶿一-鿿]+")
_RUN = re.compile(r"[0-9a-z]+")
_SYLLABLE = re.compile(r"[A-Z][a-z]*")
_SAID_BY_ALL = "国药准字"


def plain(text: str) -> str:
    """Fold what people write differently: width, case, spaces and signs.

    >>> plain("国药准字 Ｈ2004-5678")
    '国药准字h20045678'
    """
    return _KEPT.sub("", unicodedata.normalize("NFKC", text).lower())


def code(text: str) -> str:
    """Fold a code; what stands before every approval number is left out.

    >>> code("国药准字H20045678")
    'h20045678'
    """
    return plain(text).removeprefix(_SAID_BY_ALL)


@lru_cache(maxsize=100_000)
def _ways(name: str) -> tuple[tuple[str, ...], str]:
    """Return the lines of a name (itself, its initials, figures and letters in it) and how it sounds."""
    read, folded = syllables(name), plain(name)
    runs = () if folded.isascii() else _RUN.findall(folded)
    lines = (folded, "".join(syllable[0] for syllable in read), *runs)
    return tuple(line for line in lines if line), "".join(syllable.capitalize() for syllable in read)


def lines(names: Iterable[str], codes: Iterable[str] = (), others: Iterable[str] = ()) -> tuple[str, str]:
    r"""Return the haystack and the sounds of a record.

    >>> lines(["肠溶片"], ["H20045678"], ["恒达"])
    ('\n肠溶片\ncrp\nh20045678\n\t恒达\thd\t', '\nChangRongPian\n\tHengDa\t')
    """
    ranked, heard = _gathered(names)
    rest, murmured = _gathered(others)
    ranked |= {folded: None for each in codes if (folded := code(each))}
    return _text(ranked, rest), _text(heard, murmured)


def _gathered(names: Iterable[str]) -> tuple[dict[str, None], dict[str, None]]:
    found: dict[str, None] = {}
    heard: dict[str, None] = {}
    for name in names:
        ways, sound = _ways(name)
        found |= dict.fromkeys(ways)
        if sound:
            heard[sound] = None
    return found, heard


def _text(ranked: Iterable[str], rest: Iterable[str]) -> str:
    first, second = "\n".join(ranked), "\t".join(rest)
    return (f"\n{first}\n" if first else "") + (f"\t{second}\t" if second else "")


def grams(line: str) -> set[str]:
    """Return the pieces by which a line is found: two characters with Chinese in them, three letters, and four letters
    and digits (three are in every code).

    >>> sorted(grams("维生素b1234")), sorted(grams("crp"))
    (['1234', 'b123', '生素', '素b', '维生'], ['crp'])
    """
    found = {pair for at in range(len(line) - 1) if not (pair := line[at : at + 2]).isascii()}
    found |= {four for at in range(len(line) - 3) if (four := line[at : at + 4]).isascii() and not four.isalpha()}
    return found | {three for at in range(len(line) - 2) if (three := line[at : at + 3]).isascii() and three.isalpha()}


def start(line: str) -> str:
    """Return the longest token for the beginning of a line.

    >>> start("asplcrp"), start("阿司匹林"), start("b1片")
    ('^asp', '^阿司', '^b1')
    """
    return "^" + line[: 3 if line[:3].isascii() else 2]


@lru_cache(maxsize=200_000)
def _ranked(line: str) -> frozenset[str]:
    found = grams(line) | {character for character in line if not character.isascii()}
    return frozenset(found | _marks(line))


@lru_cache(maxsize=50_000)
def _rest(line: str) -> frozenset[str]:
    """Return the pieces, and the beginning of a strength (5mg), which is too short for one."""
    return frozenset(grams(line) | ({f">{line[:3]}"} if line[:3].isascii() and not line.isalpha() else set()))


@lru_cache(maxsize=200_000)
def _heard(line: str) -> frozenset[str]:
    """Return four and six letters from each syllable on."""
    read, found = _SYLLABLE.findall(line), set()
    for at in range(len(read)):
        letters = "".join(read[at : at + 6]).lower()
        found |= {f"~{letters[:length]}" for length in (4, 6) if len(letters) >= length}
    return frozenset(found)


def _marks(line: str) -> set[str]:
    whole = {f"={line}"} if len(line) <= LONGEST else set()
    return whole | {f"^{line[0]}", f"^{line[:2]}", start(line)}


def tokens(haystack: str, sounds: str) -> set[str]:
    """Return all tokens of a record's lines."""
    found: set[str] = set()
    ranked, _, rest = haystack.partition("\t")
    found.update(*(_ranked(line) for line in ranked.split("\n") if line))
    found.update(*(_rest(line) for line in rest.split("\t") if line))
    ranked, _, rest = sounds.partition("\t")
    for line in filter(None, ranked.split("\n")):
        found |= _heard(line)
        found |= _marks(line.lower())
    found.update(*(_heard(line) for line in rest.split("\t") if line))
    return found
