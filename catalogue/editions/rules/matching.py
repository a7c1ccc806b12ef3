"""Which products on sale an entry means, and how sure that is.

Source: 凡例 of the list: an entry names the substance without salt and stands for the forms its form name covers
(口服常释剂型: ordinary tablets and capsules …); entries of agreements name the preparation itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from catalogue.drugs.rules.forms import Form, UnknownForm, read_form
from catalogue.editions.rules.texts import key, split_outside, stem


class Reason(StrEnum):
    """What a match rests on, or what keeps it from being certain."""

    SAME_NAME = "same-name"
    SAME_PREPARATION = "same-preparation"
    SAME_SUBSTANCE = "same-substance"
    FORM_COVERED = "form-covered"
    FORM_UNNAMED = "form-unnamed"
    FORM_OTHER = "form-other"
    CODE_FITS = "code-fits"
    CODE_OTHER = "code-other"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is matched; several names are parted by 、."""

    name: str
    form: str
    class_code: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """What is on sale: generic name without form, registered name, form; the drug database adds code and list form.

    Everything of one of these is weighed once, however many makers and packs there are.
    """

    generic: str
    registered: str
    form: str
    code: str = ""
    listed_form: str = ""


def key_of(offered: Offered) -> str:
    """Return the key that all coded drugs alike share.

    >>> key_of(Offered("阿莫西林", "阿莫西林胶囊", "胶囊剂", "XJ01CA", "口服常释剂型"))
    '阿莫西林|阿莫西林胶囊|胶囊剂|XJ01CA|口服常释剂型'
    """
    return "|".join((offered.generic, offered.registered, offered.form, offered.code, offered.listed_form))


@dataclass(frozen=True, slots=True)
class Match:
    """How sure a match is (0 to 1) and why; from `CERTAIN` on nobody needs to look."""

    certainty: Decimal
    reasons: tuple[Reason, ...]


CERTAIN = Decimal("0.95")
WORTH_ASKING = Decimal("0.40")
_PIECE = "片 胶囊 软胶囊 肠溶片 肠溶胶囊 分散片 薄膜衣片 糖衣片 普通片"
COVERS = {
    "口服常释剂型": _PIECE,
    "缓释控释剂型": "缓释片 控释片 缓释胶囊 控释胶囊",
    "口服液体剂": "口服溶液 口服混悬剂 糖浆剂 合剂",
    "口服散剂": "散剂",
    "颗粒剂": "颗粒剂 干混悬剂",
    "口服混悬剂": "口服混悬剂 干混悬剂",
    "丸剂": "丸剂 滴丸",
    "注射剂": "小容量注射液 大容量注射液 普通粉针 冻干粉针 溶媒结晶粉针 注射液 注射用无菌粉末 粉针剂 注射用浓溶液",
    "软膏剂": "软膏剂 乳膏剂",
    "外用液体剂": "外用溶液 洗剂 搽剂 酊剂",
    "吸入剂": "气雾剂 吸入粉雾剂 吸入溶液",
    "口腔崩解片": "口崩片",
    "舌下片剂": "舌下片",
    "透皮贴剂": "贴剂",
}
"""Forms under the names of the 凡例; every other form name stands for itself."""
_SALTS = re.compile(
    r"^(?:盐酸|硫酸氢|硫酸|磷酸|硝酸|氢溴酸|马来酸|富马酸|酒石酸|枸橼酸|醋酸|甲磺酸|苯磺酸|琥珀酸|乳酸|重酒石酸|门冬氨酸)"
)
_BASES = re.compile(r"(?:二?钠|钾|钙|镁|赖氨酸|精氨酸)$")
_LEAD = re.compile(r"^(?:注射用|吸入用|外用|口服)")
_TAIL = re.compile(
    r"(?:(?:肠溶|缓释|控释|分散|咀嚼|口腔崩解|薄膜衣|泡腾|舌下|口)?片剂?|(?:肠溶|缓释|控释|软|硬)?胶囊剂?|颗粒剂?|干混悬剂|口服溶液|口服液"
    r"|口服混悬液|糖浆|注射液|滴眼液|乳膏|软膏|凝胶|栓|散|丸|滴丸|贴|气雾剂|喷雾剂|粉雾剂)$"
)
_KIND = re.compile(r"[ⅰ-ⅻ]+|[ivx]+|[0-9]+")
_FORM_WORD = re.compile(
    r"(?:[\u4e00-\u9fff]{0,3})(?:片|胶囊|颗粒|丸|散|膏|液|合剂|糖浆|糖浆剂|口服液|注射液|滴丸|酒|酊|露|贴|栓|剂|茶|晶)"
)
_FORM_END = re.compile(
    r"(?:(?:软|浓缩|水蜜|大蜜|小蜜|滴|分散|含|口服|注射)?(?:片|胶囊|颗粒|丸|散|膏|液|合剂|糖浆|酒|酊|露|贴|栓|茶))$"
)


def match(entry: Entry, product: Offered) -> Match | None:
    """Weigh a product against an entry; None where they do not belong together.

    >>> found = match(Entry("阿莫西林", "口服常释剂型"), Offered("阿莫西林", "阿莫西林胶囊", "硬胶囊"))
    >>> found.certainty >= CERTAIN, [reason.value for reason in found.reasons]
    (True, ['same-name', 'form-covered'])
    """
    name, weight = _name(entry, product)
    if name is None:
        return None
    form, factor = (Reason.FORM_COVERED, Decimal(1)) if name is Reason.SAME_PREPARATION else _form(entry, product)
    code, sway = _code(entry, product)
    certainty = min(Decimal(1), max(Decimal(0), weight * factor + sway))
    if certainty < WORTH_ASKING:
        return None
    return Match(certainty.quantize(Decimal("0.01")), tuple(reason for reason in (name, form, code) if reason))


@lru_cache(maxsize=20_000)
def keys_of(entry: Entry) -> frozenset[str]:
    """Return the substances by which products of an entry are looked up."""
    names = {*names_of(entry), *split_outside(entry.name, "、")}
    return frozenset(map(substance, names))


@lru_cache(maxsize=20_000)
def names_of(entry: Entry) -> frozenset[str]:
    """Return every name an entry stands for; forms in brackets stand for the name in those forms.

    >>> sorted(names_of(Entry("感冒清热颗粒(片、胶囊)", "")))
    ['感冒清热片', '感冒清热胶囊', '感冒清热颗粒', '感冒清热颗粒(片、胶囊)']
    """
    found: set[str] = set()
    for name in split_outside(entry.name, "、"):
        plain, bare = key(name), stem(name)
        inside = re.search(r"\((.+)\)$", plain)
        if inside and _KIND.fullmatch(inside[1]):
            found.add(plain)  # (Ⅲ) is a preparation of its own
            continue
        found |= {plain, bare}
        forms = inside[1].split("、") if inside else []
        if forms and all(_FORM_WORD.fullmatch(form) for form in forms):
            found |= {_FORM_END.sub("", bare) + form for form in forms}
    return frozenset(found)


@lru_cache(maxsize=100_000)
def substance(name: str) -> str:
    """Return a name without route, form and salt.

    >>> substance("注射用艾普拉唑钠"), substance("盐酸二甲双胍缓释片")
    ('艾普拉唑', '二甲双胍')
    """
    left = _TAIL.sub("", _LEAD.sub("", stem(name)))
    bare = _BASES.sub("", _SALTS.sub("", left))
    return bare if len(bare) >= 2 else left


def _name(entry: Entry, product: Offered) -> tuple[Reason | None, Decimal]:
    names = names_of(entry)
    if key(product.registered) in names and not entry.form:
        return Reason.SAME_PREPARATION, Decimal(1)
    if key(product.generic) in names or key(product.registered) in names:
        return Reason.SAME_NAME, Decimal(1)
    mine = keys_of(entry)
    if substance(product.generic) in mine or substance(product.registered) in mine:
        return Reason.SAME_SUBSTANCE, Decimal("0.8")
    return None, Decimal(0)


def _form(entry: Entry, product: Offered) -> tuple[Reason, Decimal]:
    if not entry.form:
        return Reason.FORM_UNNAMED, Decimal("0.7")
    same = bool(product.listed_form) and key(product.listed_form) == key(entry.form)
    covered = same or covers(entry.form, shape(product))
    return (Reason.FORM_COVERED, Decimal(1)) if covered else (Reason.FORM_OTHER, Decimal("0.3"))


@lru_cache(maxsize=100_000)
def shape(product: Offered) -> str:
    """Return a product's form: what its name ends in where the form is said no nearer than tablets or capsules.

    >>> shape(Offered("", "盐酸二甲双胍缓释片", "片剂")), shape(Offered("", "阿莫西林胶囊", "硬胶囊"))
    ('缓释片', '胶囊')
    """
    found = _TAIL.search(stem(product.registered))
    named = found.group() if found else ""
    wide = _form_of(product.form) in (None, Form.TABLET, Form.HARD_CAPSULE)
    return named if wide and named and _form_of(named) else product.form


@lru_cache(maxsize=20_000)
def covers(form: str, product_form: str) -> bool:
    """Say whether a form name of the list covers a product's form; what it excludes in brackets it does not.

    >>> covers("口服常释剂型", "软胶囊"), covers("口服常释剂型(不含分散片)", "分散片"), covers("颗粒剂", "硬胶囊")
    (True, False, False)
    """
    plain, excluded = stem(form), re.findall(r"不含([^)、]+)", key(form))
    if _same(product_form, excluded):
        return False
    return _same(product_form, [plain, *COVERS.get(plain, "").split()])


def _same(product_form: str, names: list[str]) -> bool:
    mine = _form_of(product_form)
    return any(name == product_form or (mine is not None and mine == _form_of(name)) for name in names)


def _form_of(name: str) -> Form | None:
    try:
        return read_form(name)
    except UnknownForm:
        return None


def _code(entry: Entry, product: Offered) -> tuple[Reason | None, Decimal]:
    """A list code holds the class: X + A02BC + …."""
    if not product.code or not entry.class_code:
        return None, Decimal(0)
    if product.code.startswith(entry.class_code):
        return Reason.CODE_FITS, Decimal("0.15")
    return Reason.CODE_OTHER, Decimal("-0.35")
