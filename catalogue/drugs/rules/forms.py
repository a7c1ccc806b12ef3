"""Dosage forms (剂型) that the price-ratio rules tell apart, and the names people write for them.

Source: 药品差比价规则, 发改价格〔2011〕2452号, and the names of the Chinese pharmacopoeia (制剂通则).
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from kernel.errors import DomainError


class UnknownForm(DomainError):
    """No dosage form has that name, or several could be meant; `form` is what was written."""

    code = "unknown-form"


class Form(StrEnum):
    """A dosage form. Two names share one only where they are one form: never so that prices may be compared."""

    TABLET = "tablet"
    SUGAR_COATED_TABLET = "sugar-coated-tablet"
    FILM_COATED_TABLET = "film-coated-tablet"
    CHEWABLE_TABLET = "chewable-tablet"
    LOZENGE = "lozenge"
    SOLUBLE_TABLET = "soluble-tablet"
    ENTERIC_TABLET = "enteric-tablet"
    DISPERSIBLE_TABLET = "dispersible-tablet"
    EFFERVESCENT_TABLET = "effervescent-tablet"
    ORODISPERSIBLE_TABLET = "orodispersible-tablet"
    SUBLINGUAL_TABLET = "sublingual-tablet"
    SUSTAINED_RELEASE_TABLET = "sustained-release-tablet"
    CONTROLLED_RELEASE_TABLET = "controlled-release-tablet"
    HARD_CAPSULE = "hard-capsule"
    ENTERIC_CAPSULE = "enteric-capsule"
    SOFT_CAPSULE = "soft-capsule"
    SUSTAINED_RELEASE_CAPSULE = "sustained-release-capsule"
    CONTROLLED_RELEASE_CAPSULE = "controlled-release-capsule"
    PILL = "pill"
    DRIPPING_PILL = "dripping-pill"
    GRANULES = "granules"
    DRY_SUSPENSION = "dry-suspension"
    POWDER = "powder"
    ORAL_SOLUTION = "oral-solution"
    ORAL_SUSPENSION = "oral-suspension"
    SYRUP = "syrup"
    MIXTURE = "mixture"
    SMALL_VOLUME_INJECTION = "small-volume-injection"
    POWDER_INJECTION = "powder-injection"
    LYOPHILISED_INJECTION = "lyophilised-injection"
    SOLVENT_CRYSTAL_INJECTION = "solvent-crystal-injection"
    LARGE_VOLUME_INJECTION = "large-volume-injection"
    CREAM = "cream"
    OINTMENT = "ointment"
    GEL = "gel"
    LINIMENT = "liniment"
    LOTION = "lotion"
    TINCTURE = "tincture"
    TOPICAL_SOLUTION = "topical-solution"
    PATCH = "patch"
    EYE_DROPS = "eye-drops"
    EYE_OINTMENT = "eye-ointment"
    EAR_DROPS = "ear-drops"
    NASAL_DROPS = "nasal-drops"
    NASAL_SPRAY = "nasal-spray"
    SPRAY = "spray"
    AEROSOL = "aerosol"
    INHALATION_SOLUTION = "inhalation-solution"
    INHALATION_POWDER = "inhalation-powder"
    SUPPOSITORY = "suppository"
    DEVICE = "device"
    """None: the specification is a consumable's."""


class FormKind(StrEnum):
    """The three kinds of form that award rules tell apart."""

    ORAL_SOLID = "oral-solid"
    INJECTION = "injection"
    OTHER = "other"


KIND_NAMES = {FormKind.ORAL_SOLID: "口服固体", FormKind.INJECTION: "注射剂", FormKind.OTHER: "其他"}
"""What workbooks write."""
TABLETS = frozenset(form for form in Form if form.value.endswith("tablet")) | {Form.LOZENGE}
CAPSULES = frozenset(form for form in Form if form.value.endswith("capsule"))
INJECTIONS = frozenset(form for form in Form if form.value.endswith("injection"))
PILLS = frozenset({Form.PILL, Form.DRIPPING_PILL})
ORAL_SOLIDS = TABLETS | CAPSULES | PILLS | {Form.GRANULES, Form.DRY_SUSPENSION, Form.POWDER}
# Forms whose unit is a tube or bottle: a mass or volume there is how much is in it, not how much of the substance.
FILLED = frozenset(
    {Form.CREAM, Form.OINTMENT, Form.GEL, Form.LINIMENT, Form.LOTION, Form.TINCTURE, Form.TOPICAL_SOLUTION}
    | {Form.EYE_DROPS, Form.EYE_OINTMENT, Form.EAR_DROPS, Form.NASAL_DROPS, Form.NASAL_SPRAY, Form.SPRAY}
    | {Form.ORAL_SOLUTION, Form.ORAL_SUSPENSION, Form.SYRUP, Form.MIXTURE}
)

# The first name is the one we write.
_NAMES = {
    Form.TABLET: "普通片 片 片剂 普通片剂 素片 ordinary ordinary-tablet",
    Form.SUGAR_COATED_TABLET: "糖衣片",
    Form.FILM_COATED_TABLET: "薄膜衣片",
    Form.CHEWABLE_TABLET: "咀嚼片 chewable",
    Form.LOZENGE: "口含片 含片",
    Form.SOLUBLE_TABLET: "可溶片 soluble",
    Form.ENTERIC_TABLET: "肠溶片 肠溶片剂 enteric",
    Form.DISPERSIBLE_TABLET: "分散片 分散片剂 dispersible",
    Form.EFFERVESCENT_TABLET: "泡腾片 effervescent",
    Form.ORODISPERSIBLE_TABLET: "口崩片 口腔崩解片",
    Form.SUBLINGUAL_TABLET: "舌下片",
    Form.SUSTAINED_RELEASE_TABLET: "缓释片 缓释片剂",
    Form.CONTROLLED_RELEASE_TABLET: "控释片 控释片剂",
    Form.HARD_CAPSULE: "硬胶囊 胶囊 胶囊剂 硬胶囊剂 capsule",
    Form.ENTERIC_CAPSULE: "肠溶胶囊 肠溶胶囊剂",
    Form.SOFT_CAPSULE: "软胶囊 软胶囊剂 胶丸",
    Form.SUSTAINED_RELEASE_CAPSULE: "缓释胶囊 缓释胶囊剂",
    Form.CONTROLLED_RELEASE_CAPSULE: "控释胶囊 控释胶囊剂",
    Form.PILL: "丸剂 丸",
    Form.DRIPPING_PILL: "滴丸 滴丸剂",
    Form.GRANULES: "颗粒剂 颗粒 冲剂",
    Form.DRY_SUSPENSION: "干混悬剂",
    Form.POWDER: "散剂 散",
    Form.ORAL_SOLUTION: "口服溶液剂 口服溶液 口服液",
    Form.ORAL_SUSPENSION: "口服混悬剂 口服混悬液",
    Form.SYRUP: "糖浆剂 糖浆",
    Form.MIXTURE: "合剂",
    Form.SMALL_VOLUME_INJECTION: "小容量注射液 小容量注射剂 小水针",
    Form.POWDER_INJECTION: "普通粉针 普通粉针剂",
    Form.LYOPHILISED_INJECTION: "冻干粉针 冻干粉针剂 lyophilized-injection",
    Form.SOLVENT_CRYSTAL_INJECTION: "溶媒结晶粉针 溶媒结晶粉针剂",
    Form.LARGE_VOLUME_INJECTION: "大容量注射液 大容量注射剂 大输液",
    Form.CREAM: "乳膏剂 乳膏",
    Form.OINTMENT: "软膏剂 软膏",
    Form.GEL: "凝胶剂 凝胶",
    Form.LINIMENT: "搽剂",
    Form.LOTION: "洗剂",
    Form.TINCTURE: "酊剂",
    Form.TOPICAL_SOLUTION: "外用溶液剂 外用溶液",
    Form.PATCH: "贴剂",
    Form.EYE_DROPS: "滴眼剂 滴眼液",
    Form.EYE_OINTMENT: "眼膏剂 眼膏",
    Form.EAR_DROPS: "滴耳剂 滴耳液",
    Form.NASAL_DROPS: "滴鼻剂 滴鼻液",
    Form.NASAL_SPRAY: "鼻喷雾剂 鼻用喷雾剂",
    Form.SPRAY: "喷雾剂",
    Form.AEROSOL: "气雾剂 吸入气雾剂",
    Form.INHALATION_SOLUTION: "吸入溶液 吸入用溶液 吸入用溶液剂",
    Form.INHALATION_POWDER: "吸入粉雾剂 粉雾剂",
    Form.SUPPOSITORY: "栓剂 栓",
    Form.DEVICE: "无剂型 耗材 医用耗材",
}
_BY_NAME = {name: form for form, names in _NAMES.items() for name in (form.value, *names.split())}


def read_form(text: str) -> Form:
    """Return the form a code or a Chinese name stands for; a name that could mean several is refused.

    >>> read_form("肠溶片"), read_form("Hard Capsule")
    (<Form.ENTERIC_TABLET: 'enteric-tablet'>, <Form.HARD_CAPSULE: 'hard-capsule'>)
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    form = _BY_NAME.get("-".join(plain.replace("_", " ").split())) or _BY_NAME.get(plain.replace(" ", ""))
    if form is None:
        raise UnknownForm(form=text)
    return form


def chinese_name(form: Form) -> str:
    """Return the Chinese name that workbooks write; `read_form` reads it back.

    >>> chinese_name(Form.HARD_CAPSULE)
    '硬胶囊'
    """
    return _NAMES[form].split()[0]


def kind_of(form: Form) -> FormKind:
    """Return the kind that low-price thresholds of award rules are set by.

    >>> kind_of(Form.SOFT_CAPSULE).value, kind_of(Form.LARGE_VOLUME_INJECTION).value
    ('oral-solid', 'injection')
    """
    if form in ORAL_SOLIDS:
        return FormKind.ORAL_SOLID
    return FormKind.INJECTION if form in INJECTIONS else FormKind.OTHER


def packs_as_oral(form: Form) -> bool:
    """Say whether the pack count of a form follows 1.95^log2(X): oral ordinary and sustained-release forms.

    >>> packs_as_oral(Form.TABLET), packs_as_oral(Form.LARGE_VOLUME_INJECTION)
    (True, False)
    """
    return form in TABLETS or form in CAPSULES
