"""Codes of products: approval numbers and the standard code of the drug authority."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from catalogue.codes.rules.kinds import CodeKind
from catalogue.codes.rules.reading import WrongCode, parse
from catalogue.consumables.rules.codes import is_category_only
from kernel.errors import DomainError

# H chemical, Z traditional, S biological, J imported and repacked, B health, T in vitro, F auxiliary
_DOMESTIC = re.compile(r"国药准字([HZSJTBF]C?\d{8})", re.ASCII)
_ANYWHERE = re.compile(r"(?:国药准字)?([HZSJTBF]C?\d{8})", re.ASCII)
_DEVICE = re.compile(r"[\u4e00-\u9fff]{0,6}械[\u4e00-\u9fff()第]{0,6}\d{4}第?\d{4,8}号?", re.ASCII)
_IMPORTED = re.compile(r"(?:进口药品注册证号?|医药产品注册证号?)([HZSB]C?\d{8})", re.ASCII)


class BadApprovalNumber(DomainError):
    """Not an approval number; `number` is what was written."""

    code = "bad-approval-number"


class BadCertificate(DomainError):
    """Not the number of a device's registration or filing; `number` is what was written."""

    code = "bad-certificate"


class BadStandardCode(DomainError):
    """Not a 14-digit standard code; `standard_code` is what was written."""

    code = "bad-standard-code"


class BadConsumableCode(DomainError):
    """Not a consumable's national code of 20 or 27 characters; `number` is what was written."""

    code = "bad-consumable-code"


class BadCategory(DomainError):
    """Not the code of a category of consumables; `category` is what was written."""

    code = "bad-category"


class VarietyKind(StrEnum):
    """What is procured: a drug, or a consumable (医用耗材)."""

    DRUG = "drug"
    CONSUMABLE = "consumable"


class Part(StrEnum):
    """What a specification is: a product of its own, a component of a system, or the service that goes with it."""

    PRODUCT = "product"
    COMPONENT = "component"
    SERVICE = "service"


KIND_WORDS = {VarietyKind.DRUG: "药品", VarietyKind.CONSUMABLE: "医用耗材"}
PART_WORDS = {Part.PRODUCT: "产品", Part.COMPONENT: "系统部件", Part.SERVICE: "伴随服务"}
"""What workbooks write."""
WHOLE, SET = "整套", "套"
"""How demand for a component system is asked for: by the set, each component standing once in it."""


class VolumeClass(StrEnum):
    """Classes of varieties with shares of their own in agreed volumes (award rules, section 5)."""

    GENERAL = "general"
    B = "b"
    C = "c"


ON, OFF = "on-market", "off-market"
"""The states of products that lists are filtered by."""
CLASS_NAMES = {VolumeClass.GENERAL: "一般", VolumeClass.B: "B 类", VolumeClass.C: "C 类"}
"""What workbooks write."""


def approval_key(text: str | None) -> str:
    """Return the part of an approval number that lists agree on: 国药准字H20045678 and H20045678 are one.

    >>> approval_key("国药准字J20100102(H20100623/H20100624)"), approval_key(None)
    ('J20100102', '')
    """
    found = _ANYWHERE.search((text or "").upper())
    return found[1] if found else ""


def spellings(text: str | None) -> tuple[str, ...]:
    """Return how lists write an approval number, for a look-up by index.

    >>> spellings("国药准字H20045678")
    ('国药准字H20045678', 'H20045678')
    """
    number = approval_key(text)
    return tuple(dict.fromkeys(filter(None, (f"国药准字{number}" if number else "", number, text or ""))))


def approval_number(text: str) -> str:
    """Return an approval number in its one spelling: 国药准字H20045678, or an import licence's.

    >>> approval_number("国药准字 h20045678"), approval_number("进口药品注册证号H20150231")
    ('国药准字H20045678', '进口药品注册证H20150231')
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if found := _DOMESTIC.fullmatch(plain):
        return f"国药准字{found[1]}"
    if found := _IMPORTED.fullmatch(plain):
        return plain.replace("注册证号", "注册证")
    raise BadApprovalNumber(number=text)


def standard_code(text: str) -> str:
    """Return the 14-digit national standard code (药品本位码, begins with 86), or refuse.

    >>> standard_code("86900001000001")
    '86900001000001'
    """
    try:
        return parse(text, kind=CodeKind.STANDARD).text
    except WrongCode:
        raise BadStandardCode(standard_code=text) from None


def certificate_number(text: str) -> str:
    """Return the number of a device's registration or filing certificate (注册证、备案凭证) in one spelling.

    >>> certificate_number(" 国械注准 20203130001 "), certificate_number("沪械备20160012号")
    ('国械注准20203130001', '沪械备20160012号')
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if _DEVICE.fullmatch(plain) is None:
        raise BadCertificate(number=text)
    return plain


def product_number(text: str) -> str:
    """Return a drug's approval number or a device's certificate number in its one spelling, or refuse.

    >>> product_number("国药准字Ｈ20045678"), product_number("国械注准 20203130001")
    ('国药准字H20045678', '国械注准20203130001')
    """
    try:
        return certificate_number(text)
    except BadCertificate:
        return approval_number(text)


def consumable_code(text: str) -> str:
    """Return a consumable's national code of 20 (product) or 27 (model) characters, or refuse.

    >>> consumable_code("C0201010520000100001")
    'C0201010520000100001'
    """
    for kind in (CodeKind.CONSUMABLE, CodeKind.CONSUMABLE_MODEL):
        try:
            return parse(text, kind=kind).text
        except WrongCode:
            continue
    raise BadConsumableCode(number=text)


def category_code(text: str) -> str:
    """Return the code of a category of consumables (C and 9 or 10 digits), or refuse.

    >>> category_code("c020101052")
    'C020101052'
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not is_category_only(plain):
        raise BadCategory(category=text)
    return plain
