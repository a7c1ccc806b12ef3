"""What names can be found by."""

from __future__ import annotations

import csv
import pathlib

import pytest

from catalogue.search.rules import asking, lines, pinyin, places


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
        ("单硝酸异山梨酯缓释片", "dxsyslzhsp"),
        ("重庆", "cq"),
        ("长春", "cc"),
    ],
)
def test_polyphones_are_read_by_phrase(name: str, initials: str) -> None:
    assert "".join(part[0] for part in pinyin.syllables(name)) == initials


def test_initials_agree_with_those_a_hospital_keeps(shared: pathlib.Path) -> None:
    with (shared / "data/drugs/hospital_drug_catalogue_a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    compared, differing = 0, set()
    for row in rows:
        name = "".join(pinyin._HAN.findall(row["DRUG_CHEM_NAME"]))
        kept = row["DRUG_PINYIN"].strip().lower()
        if name and kept.isascii() and kept.isalpha() and len(kept) == len(name):
            compared += 1
            read = "".join(part[0] for part in pinyin.syllables(name))
            differing |= {name[at] for at, (mine, theirs) in enumerate(zip(read, kept, strict=True)) if mine != theirs}
    assert compared >= 1150
    assert differing <= set("枸参阿芎长重"), differing  # the hospital reads gou, can, a, xiong, chang, chong


def test_segmentation_is_that_of_the_dictionaries(shared: pathlib.Path) -> None:
    import pypinyin

    with (shared / "data/drugs/hospital_drug_catalogue_a.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {value for row in csv.DictReader(file) for value in row.values() if value}
    own = set("".join((*pinyin._CHARACTERS, *pinyin._PHRASES)))
    runs = {run for name in names for run in pinyin._HAN.findall(name) if not own & set(run) and "〇" not in run}
    assert len(runs) > 1000
    assert {run for run in runs if pinyin.syllables(run) != tuple(pypinyin.lazy_pinyin(run))} == set()


def test_pinyin_begins_with_a_syllable_and_may_end_inside_one() -> None:
    haystack, sounds = lines.lines(["阿司匹林"], (), ["恒达药业"])
    held = {word for word in ("asipi", "pilin", "pili", "ilin", "hengd", "daya", "ngda") if
            asking.holds(word, haystack, sounds)}  # fmt: skip
    assert held == {"asipi", "pilin", "pili", "hengd", "daya"}


def test_places_follow_from_the_title_and_sort_by_it() -> None:
    titles = ["阿胶", "布洛芬", "布洛芬片", "氨氯地平片", "阿莫西林胶囊"]
    found = [places.place(title, "product", 7) for title in titles]
    assert found == sorted(found)
    assert {places.KINDS[places.kind_of(place)] for place in found} == {"product"}
    assert list(places.BOUNDS) == sorted(places.BOUNDS)
    assert max(found) < 1 << 63 > places.place("长" * 500, places.KINDS[-1], (1 << 25) - 1)


def test_a_kind_nobody_named_has_no_place() -> None:
    with pytest.raises(ValueError, match="KINDS"):
        places.place("阿胶", "unheard-of", 1)


def test_every_token_can_stand_in_either_index() -> None:
    haystack, sounds = lines.lines(['O\'Neil "N,U{}L\\L" 阿司匹林*', "null"], ["国药准字H-1"], ["b1 (x) 有限公司"])
    found = lines.tokens(haystack, sounds)
    assert found
    assert all(token == lines.plain(token.lstrip("^=~>")) or token[0] in "^=~>" for token in found)
    assert not set("".join(found)) & set("\"'\\{},; \t\n*()")
    assert "null" not in found  # PostgreSQL would read it as no element
