"""Texts of the official workbook: lines that were broken for print are joined, names are made comparable."""

from __future__ import annotations

import re

_GAP = re.compile(r"\s+")
_PLAIN = re.compile(r"[0-9A-Za-z]")
_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)} | {
    ord("〔"): "(", ord("〕"): ")", ord("【"): "(", ord("】"): ")", ord("["): "(", ord("]"): ")", ord("－"): "-",
    ord("—"): "-", ord("–"): "-", ord("⼉"): "儿",
}  # fmt: skip
OPENING, CLOSING = "(（[［", ")）]］"


def tidy(text: str | None) -> str:
    """Join broken lines and take off gaps that print left; a gap between two plain words stays.

    >>> tidy("限：  1.预防重症患者应激性溃疡出\\n血；  2.消化性溃疡出血。 ")
    '限：1.预防重症患者应激性溃疡出血；2.消化性溃疡出血。'
    >>> tidy("＞5个Bethesda units")
    '＞5个Bethesda units'
    """
    plain = (text or "").strip()

    def gap(match: re.Match[str]) -> str:
        before, after = plain[match.start() - 1], plain[match.end()]
        return " " if _PLAIN.match(before) and _PLAIN.match(after) else ""

    return _GAP.sub(gap, plain)


def names(text: str | None) -> tuple[str, ...]:
    """Return the names of an entry: a line that begins like the first one, or with 注射用, is a name of its own.

    >>> names("二甲双胍\\n二甲双胍Ⅱ")
    ('二甲双胍', '二甲双胍Ⅱ')
    >>> names("精蛋白人胰岛素(精蛋白重组人\\n胰岛素)")
    ('精蛋白人胰岛素(精蛋白重组人胰岛素)',)
    """
    found: list[str] = []
    for line in filter(None, (part.strip() for part in (text or "").splitlines())):
        if not found or not _own(found, line):
            found[-1:] = [f"{found[-1]}\n{line}"] if found else [line]
        else:
            found.append(line)
    return tuple(map(tidy, found))


def _own(found: list[str], line: str) -> bool:
    whole = depth(found[-1]) == 0 and not found[-1].endswith(("、", "/", "-", "，"))
    return whole and (line[:2] == found[0][:2] or line.startswith("注射用"))


def depth(text: str) -> int:
    """Count the brackets that are still open at the end."""
    return sum(text.count(mark) for mark in OPENING) - sum(text.count(mark) for mark in CLOSING)


def full_name(text: str | None) -> str:
    """Return all names of an entry in one line, parted as the list parts them."""
    return "、".join(names(text))


def key(text: str) -> str:
    """Return a name as it is compared: width, case, gaps and the kind of brackets do not count.

    >>> key("奥美拉唑碳酸氢钠胶囊 （ Ⅱ ）") == key("奥美拉唑碳酸氢钠胶囊(Ⅱ)")
    True
    """
    return _GAP.sub("", text.translate(_WIDE)).casefold()


def stem(text: str) -> str:
    """Return a name without what stands in brackets, as it is compared.

    >>> stem("感冒清热颗粒(片、胶囊)")
    '感冒清热颗粒'
    """
    plain, left = key(text), ""
    level = 0
    for character in plain:
        level += (character == "(") - (character == ")")
        if level == 0 and character != ")":
            left += character
    return left or plain


def split_outside(text: str, marks: str) -> list[str]:
    """Split at any of the marks outside brackets.

    >>> split_outside("甲片(乙、丙)、丁", "、")
    ['甲片(乙、丙)', '丁']
    """
    parts, level = [""], 0
    for character in text:
        level += (character in OPENING) - (character in CLOSING)
        if character in marks and level <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part]
