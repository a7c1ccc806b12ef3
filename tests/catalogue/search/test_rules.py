"""What names can be found by."""

from __future__ import annotations

import csv
import doctest
import pathlib

import pytest

from catalogue.search import rules


def test_every_rule_holds_its_example() -> None:
    assert doctest.testmod(rules).failed == 0


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("阿司匹林肠溶片", "asplcrp"),
        ("重组人胰岛素", "czryds"),
        ("参苓白术散", "slbzs"),
        ("左炔诺孕酮片", "zqnytp"),
        ("阿胶", "ej"),
        ("长春西汀", "ccxt"),
        ("卡泊三醇", "kbsc"),
        ("重酒石酸间羟胺", "zjssjqa"),
    ],
)
def test_polyphones_are_read_by_phrase(name: str, initials: str) -> None:
    assert "".join(part[0] for part in rules.syllables(name)) == initials


def test_initials_agree_with_those_a_hospital_keeps(shared: pathlib.Path) -> None:
    with (shared / "data/drugs/hospital_drug_catalogue_a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    compared, differing = 0, set()
    for row in rows:
        name = "".join(rules._HAN.findall(row["DRUG_CHEM_NAME"]))
        kept = row["DRUG_PINYIN"].strip().lower()
        if name and kept.isascii() and kept.isalpha() and len(kept) == len(name):
            compared += 1
            read = "".join(part[0] for part in rules.syllables(name))
            differing |= {name[at] for at, (mine, theirs) in enumerate(zip(read, kept, strict=True)) if mine != theirs}
    assert compared >= 1150
    assert differing <= set("枸参阿芎长重"), differing  # the hospital reads gou, can, a, xiong, chang, chong
