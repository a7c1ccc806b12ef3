"""What a part says by itself, without the catalogue.

Sources: the leading letters and the 86 of the handbook's table (F); 国食药监办〔2009〕315号 for the 9 of drugs (F);
GS1 General Specifications for the indicator (F); GB 32100-2015 for authority and type of organisation, the usual ones
(M: recalled).
"""

from __future__ import annotations

from enum import StrEnum

from catalogue.codes.rules.kinds import CodeKind, PartName


class Meaning(StrEnum):
    """What the value of a part stands for."""

    WESTERN = "western"
    PATENT = "patent"
    GRANULES = "granules"
    CONSUMABLE = "consumable"
    CHINA = "china"
    DRUG = "drug"
    BASE_UNIT = "base-unit"
    PACKAGING_LEVEL = "packaging-level"
    VARIABLE_MEASURE = "variable-measure"
    STAFFING_AUTHORITY = "staffing-authority"
    CIVIL_AFFAIRS = "civil-affairs"
    MARKET_AUTHORITY = "market-authority"
    STATE_ORGAN = "state-organ"
    PUBLIC_INSTITUTION = "public-institution"
    SOCIAL_GROUP = "social-group"
    PRIVATE_NON_ENTERPRISE = "private-non-enterprise"
    FOUNDATION = "foundation"
    ENTERPRISE = "enterprise"
    SOLE_TRADER = "sole-trader"
    COOPERATIVE = "cooperative"


_M = Meaning
_TYPES = {"X": _M.WESTERN, "Z": _M.PATENT, "T": _M.GRANULES, "C": _M.CONSUMABLE}
_LEVELS = {"0": _M.BASE_UNIT, **dict.fromkeys("12345678", _M.PACKAGING_LEVEL), "9": _M.VARIABLE_MEASURE}
_AUTHORITIES = {"1": _M.STAFFING_AUTHORITY, "5": _M.CIVIL_AFFAIRS, "9": _M.MARKET_AUTHORITY}
_ORGANISATIONS = {
    "11": _M.STATE_ORGAN, "12": _M.PUBLIC_INSTITUTION, "51": _M.SOCIAL_GROUP, "52": _M.PRIVATE_NON_ENTERPRISE,
    "53": _M.FOUNDATION, "91": _M.ENTERPRISE, "92": _M.SOLE_TRADER, "93": _M.COOPERATIVE,
}  # fmt: skip


def meaning(kind: CodeKind, part: PartName, value: str, before: str) -> Meaning | None:
    """Return what a part says by itself, `before` being the characters in front of it; None where it says nothing.

    >>> meaning(CodeKind.CREDIT, PartName.ORGANISATION_TYPE, "2", "1")
    <Meaning.PUBLIC_INSTITUTION: 'public-institution'>
    """
    if part is PartName.TYPE:
        return _TYPES.get(value)
    if part is PartName.INDICATOR:
        return _LEVELS.get(value)
    if part is PartName.AUTHORITY:
        return _AUTHORITIES.get(value)
    if part is PartName.ORGANISATION_TYPE:
        return _ORGANISATIONS.get(before + value)
    if kind is CodeKind.STANDARD and part is PartName.COUNTRY and value == "86":
        return Meaning.CHINA
    if kind is CodeKind.STANDARD and part is PartName.CATEGORY and value == "9":
        return Meaning.DRUG
    return None
