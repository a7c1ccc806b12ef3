"""What a restriction (备注) says, as far as it can be read; its text always stands beside.

Source: 凡例 of the list: 限… limits payment to what is named; ◇ marks a name that stands for a class of drugs.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from catalogue.editions.rules.texts import split_outside

DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
_POINT = re.compile(r"(?:(?<=[：:；;。，])|^)(?:[0-9]{1,2}[.．、](?![0-9])|[（(][0-9]{1,2}[)）])")
_AGE_RANGE = re.compile(r"([0-9]{1,3})(?:周?岁)?(?:至|-|—|~|～|到)([<＜]?)([0-9]{1,3})(?:周岁|岁)(以下)?")
_AGE_FROM = re.compile(r"(?:(?:≥|大于等于)([0-9]{1,3})(?:周岁|岁)|([0-9]{1,3})(?:周岁|岁)(?:\(含\)|及|或|（含）)?以上)")
_AGE_UPTO = re.compile(r"(?:([<＜≤]|小于)([0-9]{1,3})(?:周岁|岁)|([0-9]{1,3})(?:周岁|岁)(及|或|\(含\))?以下)")
_NOT_SAID = re.compile(r"[^。；]*(?:尚未确定|不建议|除外)[^。；]*")
_LINE = re.compile(r"(?<![0-9A-Za-z外射中])([一二三四])线")
_BEFORE = re.compile(r"(?:(?:经过|接受过|既往|失败|至少)[^，。；、]{0,12}|在)$")
_DAYS = re.compile(
    r"(?:(单次住院|单次疗程|每个?疗程|连续使用|每年)[^0-9。；，]{0,6})?(?:支付|使用)?(?:最多|不超过|不得超过)(?:支付)?"
    r"([0-9]{1,3})(天|日|周|个月|月|年)"
)
_WITHIN = re.compile(r"([0-9]{1,3}(?:\.[0-9])?)小时(?:之?内|以内)")
_GRADE = re.compile(r"([一二三])级(?:及|或|\(含\))?以上(?:综合|专科)?(?:医疗机构|医院)")
_SCOPES = {"单次住院": "stay", "单次疗程": "course", "疗程": "course", "每个疗程": "course", "每疗程": "course",
           "连续使用": "continuous", "每年": "year"}  # fmt: skip
_UNITS = {"天": "day", "日": "day", "周": "week", "个月": "month", "月": "month", "年": "year"}


@dataclass(frozen=True, slots=True)
class Age:
    """Years from `least` up to and including `most`; None leaves a side open."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` of `unit` (day, week, month, year) for each `scope` (stay, course, continuous, year or "")."""

    count: int
    unit: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What could be read of a restriction. Nothing read means that only the text counts."""

    indications: tuple[str, ...] = ()
    ages: tuple[Age, ...] = ()
    groups: tuple[str, ...] = ()
    """adults, children"""
    lines: tuple[int, ...] = ()
    """Lines of therapy it is paid in."""
    limits: tuple[Limit, ...] = ()
    hours: tuple[str, ...] = ()
    """Hours after the onset within which it is paid."""
    institution: int | None = None
    """Least grade of the institution."""
    specialist: bool = False
    """A specialist of such an institution has to write the first prescription."""
    insurance: str = ""
    """work-injury or maternity where only that insurance pays."""
    emergency: bool = False
    evidence: bool = False
    drug_class: bool = False

    @property
    def empty(self) -> bool:
        """Say whether nothing was read."""
        return self == Restriction()

    def plain(self) -> dict[str, Any]:
        """Return what was read as JSON values, without the rest."""
        found = {name: value for name, value in asdict(self).items() if value not in ((), None, False, "")}
        return {name: [*value] if isinstance(value, tuple) else value for name, value in found.items()}


def read_restriction(text: str) -> Restriction:
    """Read a tidied restriction.

    >>> read_restriction("限二级及以上医疗机构脑梗死恢复期患者，单次住院最多支付14天。").limits
    (Limit(count=14, unit='day', scope='stay'),)
    >>> read_restriction("限12岁及以上患者预防遗传性血管性水肿(HAE)发作。").ages
    (Age(least=12, most=None),)
    """
    if not text.strip("◇ "):
        return Restriction(drug_class="◇" in text)
    said = _NOT_SAID.sub("", text)
    grade = _GRADE.search(said)
    return Restriction(
        indications=_indications(text),
        ages=_ages(said),
        groups=_groups(said),
        lines=_lines(said),
        limits=_limits(said),
        hours=tuple(dict.fromkeys(_WITHIN.findall(said))),
        institution=DIGITS[grade[1]] if grade else None,
        specialist="首次处方" in said and "专科医师" in said,
        insurance="work-injury" if "工伤保险" in said else "maternity" if "生育保险" in said else "",
        emergency="抢救" in said or "急救" in said,
        evidence="证据" in said,
        drug_class="◇" in text,
    )


def _indications(text: str) -> tuple[str, ...]:
    """Return numbered points, else what semicolons part; a restriction to a place or a line alone names none."""
    body = re.sub(r"^限(?:于)?[：:]?", "", text.replace("◇", "")).rstrip("。； ")
    head, *points = _POINT.split(body)
    if not points:
        head, points = "", split_outside(body, "；;")
    lead = head.rstrip("：:，, ")
    found = [point.strip("；;。， ") for point in points]
    bare = (_bare(point) for point in found)
    return tuple(f"{lead}：{point}" if lead else point for point, plain in zip(found, bare, strict=True) if plain)


def _bare(point: str) -> str:
    """Return what is left of a point beside the institution, the insurance and the line of therapy."""
    left = re.sub(r"(?:的)?[一二三四]线用药", "", _GRADE.sub("", point))
    return re.sub(r"工伤保险|生育保险|限|使用|，|的", "", left)


def _ages(text: str) -> tuple[Age, ...]:
    found = [
        Age(int(low), int(high) - (1 if sign or below else 0)) for low, sign, high, below in _AGE_RANGE.findall(text)
    ]
    rest = _AGE_RANGE.sub("", text)
    found += [Age(least=int(one or other)) for one, other in _AGE_FROM.findall(rest)]
    for sign, one, other, with_it in _AGE_UPTO.findall(_AGE_FROM.sub("", rest)):
        most = int(one or other) - (0 if sign == "≤" or with_it else 1)
        found.append(Age(most=most))
    return tuple(dict.fromkeys(found))


def _groups(text: str) -> tuple[str, ...]:
    children = re.search(r"儿童|⼉童|婴儿|婴幼儿|新生儿|青少年|小儿", text)
    return tuple(name for name, found in (("adults", re.search(r"成人|成年", text)), ("children", children)) if found)


def _lines(text: str) -> tuple[int, ...]:
    """Return the lines it is paid in; lines that lie behind the patient (经过一线治疗失败) are none of them."""
    return tuple(
        sorted({DIGITS[match[1]] for match in _LINE.finditer(text) if not _BEFORE.search(text[: match.start()])})
    )


def _limits(text: str) -> tuple[Limit, ...]:
    found = [Limit(int(count), _UNITS[unit], _SCOPES.get(scope, "")) for scope, count, unit in _DAYS.findall(text)]
    return tuple(dict.fromkeys(found))


def from_plain(found: dict[str, Any] | None) -> Restriction:
    """Return what `plain` gave, as it was read."""
    known = {each.name for each in fields(Restriction)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in (found or {}).items()
        if name in known
    }
    if "ages" in values:
        values["ages"] = tuple(Age(**age) for age in values["ages"])
    if "limits" in values:
        values["limits"] = tuple(Limit(**limit) for limit in values["limits"])
    return Restriction(**values)
