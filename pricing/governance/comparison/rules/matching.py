"""Whether a product that another region lists is one of the catalogue's.

Source: governance.md "Labels", four-same: generic name, brand or maker, form, specification; catalogue.md "Codes". A
national code goes before all names. Names, forms and specifications are compared as the catalogue reads them; what it
can't read for certain is left to a person.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catalogue.codes.rules.kinds import CodeKind
from catalogue.codes.rules.structure import pattern
from catalogue.drugs.rules.forms import INJECTIONS, Form, UnknownForm, chinese_name, read_form
from catalogue.drugs.rules.ratios import UnreadableMeasure
from catalogue.drugs.rules.relations import plain_name
from catalogue.drugs.rules.specification import UnreadableSpecification, read_specification
from pricing.governance.comparison.flow import Doubt, Match

PACK = slice(16, 18)
"""Where a western drug's code says the pack (catalogue.md, Codes)."""
SHORTEST = 4
"""Signs a maker's name must have, to be looked for within a longer one."""
Pair = tuple[int, int]
"""A specification and a company of the catalogue: what makes a four-same group there."""


@dataclass(frozen=True, slots=True)
class Written:
    """A product as another region writes it."""

    code: str
    name: str
    maker: str
    form: str
    specification: str
    pack: int

    @property
    def digest(self) -> str:
        """Return what stands for it: the same words in other spaces or widths are the same product."""
        parts = (self.code, plain_name(self.name), plain_name(self.maker), plain_name(self.form),
                 _folded(self.specification), str(self.pack))  # fmt: skip
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Known:
    """A product of the catalogue; names and makers are folded."""

    pair: Pair
    names: frozenset[str]
    makers: frozenset[str]
    form: Form
    specification: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a written product is: one pair for certain, or some that a person looks at, and why."""

    match: Match
    pair: Pair | None = None
    candidates: tuple[Pair, ...] = ()
    doubt: Doubt | None = None


def without_pack(code: str) -> str:
    """Return what the packs of one product share of their codes: of a western drug's all but the pack.

    >>> without_pack("XJ01CAA040A001010100001"), without_pack("86900001000001")
    ('XJ01CAA040A0010100001', '86900001000001')
    """
    western = pattern(CodeKind.WESTERN).fullmatch(code) is not None
    return code[: PACK.start] + code[PACK.stop :] if western else code


def judge(written: Written, coded: Iterable[Pair], named: Sequence[Known]) -> Verdict:
    """Say which product of the catalogue is meant; `coded` are those its code leads to, `named` those of its name."""
    pairs = sorted(set(coded))
    if len(pairs) == 1:
        return Verdict(Match.CODE, pairs[0])
    sure, unsure = _by_name(written, [one for one in named if not pairs or one.pair in pairs])
    if pairs:
        if len(sure) == 1:
            return Verdict(Match.CODE, sure[0])
        return Verdict(Match.UNSURE, None, tuple(pairs), Doubt.SEVERAL)
    if len(sure) == 1:
        return Verdict(Match.NAME, sure[0])
    if sure:
        return Verdict(Match.UNSURE, None, tuple(sure), Doubt.SEVERAL)
    if unsure:
        return Verdict(Match.UNSURE, None, tuple(sorted(unsure)), min(unsure.values(), key=list(Doubt).index))
    return Verdict(Match.NONE)


def _by_name(written: Written, named: Sequence[Known]) -> tuple[list[Pair], dict[Pair, Doubt]]:
    """Return the pairs that are the same for certain, and those that may be with what is in doubt."""
    sure, unsure = set[Pair](), dict[Pair, Doubt]()
    for one in named:
        said = {
            Doubt.MAKER: same_maker(written.maker, one.makers),
            Doubt.FORM: same_form(written.form, one.form),
            Doubt.SPECIFICATION: same_specification(written.specification, one),
        }
        doubts = [doubt for doubt, answer in said.items() if answer is None]
        if False in said.values():
            continue
        if doubts:
            unsure.setdefault(one.pair, doubts[-1])
        else:
            sure.add(one.pair)
    return sorted(sure), {pair: doubt for pair, doubt in unsure.items() if pair not in sure}


def same_maker(written: str, makers: Iterable[str]) -> bool | None:
    """Say whether a maker is meant; None where one name is a part of the other."""
    plain = plain_name(written)
    if plain in makers:
        return True
    within = any(plain in one or one in plain for one in makers if min(len(one), len(plain)) >= SHORTEST)
    return None if within else False


def same_form(written: str, form: Form) -> bool | None:
    """Say whether a form is meant; None where its name can't be read."""
    try:
        return read_form(written) is form
    except UnknownForm:
        return None


def same_specification(written: str, known: Known) -> bool | None:
    """Say whether a specification holds the same; None where one of the two can't be read."""
    if _folded(written) == _folded(known.specification):
        return True
    one, other = strength(written, known.form), strength(known.specification, known.form)
    return None if one is None or other is None else one == other


@lru_cache(maxsize=50_000)
def strength(text: str, form: Form | None) -> Any:
    """Return what a unit holds in base units, comparable with others; None where the text can't be read."""
    try:
        found = read_specification(text, form=form).strength
    except (UnreadableSpecification, UnreadableMeasure):
        return None
    parts = tuple((part.dimension, part.base) for part in found.components)
    return (parts, (found.fill.dimension, found.fill.base) if found.fill else None) if parts or found.fill else None


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def key(written: Written, *, maker: bool) -> str:
    """Return the key of a group that the catalogue does not hold, four-same with the maker, three-same without.

    >>> one = Written("", "甲 药", "乙厂", "片", "0.1g", 10)
    >>> key(one, maker=True), key(one, maker=False) == key(Written("", "甲药", "丙", "片剂", "100mg", 20), maker=False)
    ('n:甲药|乙厂|普通片|mass 100', True)
    """
    if written.code and maker:
        return f"d:{without_pack(written.code)}"
    form = form_of(written.form)
    read = strength(written.specification, form)
    held = _folded(written.specification) if read is None else " ".join(_words(read))
    parts = [plain_name(written.name), plain_name(written.maker) if maker else ""]
    return "n:" + "|".join([*parts, chinese_name(form) if form else plain_name(written.form), held])


def _words(read: Any) -> list[str]:
    components, fill = read
    return [f"{dimension} {value}" for dimension, value in (*components, *([fill] if fill else []))]


def form_of(written: str) -> Form | None:
    """Return the form a name stands for; None where it can't be read."""
    try:
        return read_form(written)
    except UnknownForm:
        return None


def injected(written: Written) -> bool:
    """Say whether it is an injection, for which makers are compared with one another too.

    >>> injected(Written("", "甲", "乙", "冻干粉针", "0.1g", 1)), injected(Written("", "甲", "乙", "片", "0.1g", 1))
    (True, False)
    """
    return form_of(written.form) in INJECTIONS


def alike(written: Written, named: Iterable[Known]) -> int | None:
    """Return the one specification of the catalogue that is the same but for the maker; None where none or several."""
    found = {
        one.pair[0] for one in named
        if same_form(written.form, one.form) and same_specification(written.specification, one)
    }  # fmt: skip
    return found.pop() if len(found) == 1 else None
