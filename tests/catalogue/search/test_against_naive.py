"""The index against a plain walk over all records: the same hits in the same order, on both databases."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.search.models import SearchEntry
from catalogue.search.queries import matching_ids, search
from catalogue.search.rules.lines import code, plain
from catalogue.search.rules.pinyin import syllables
from catalogue.search.rules.places import place
from catalogue.search.rules.tokens import Filters
from catalogue.search.services import Entry, forget_many, index_entries, index_many, set_flags

PARTS = [
    "阿司",
    "匹林",
    "沙坦",
    "注射用",
    "头孢",
    "重组",
    "长春",
    "单硝酸",
    "片",
    "胶囊",
    "维生素b1",
    "安",
    "α",
    "b12",
    "an",
]
MAKERS = ["江州恒达药业有限公司", "重山安康制药股份有限公司", "长宁an生物有限公司"]


def corpus(chance: random.Random, count: int) -> dict[int, Entry]:
    made = {}
    for number in range(1, count + 1):
        name = "".join(chance.choices(PARTS, k=chance.randint(1, 5)))
        maker = chance.randrange(3)
        made[number] = Entry(
            kind=chance.choice(("product", "variety")), title=name, names=(name, chance.choice(("", "安达平", "安安"))),
            codes=(f"国药准字H20{chance.randint(0, 99999):05}",), others=(MAKERS[maker], f"{chance.randint(1, 9)}0mg"),
            classes=("XA", f"XA{chance.randint(1, 3)}"), form=chance.choice(("tablet", "injection")), maker=maker,
        )  # fmt: skip
    return made


def naive(
    records: dict[int, Entry], asked: str, kinds: Sequence[str], filters: Filters, flagged: set[int]
) -> list[tuple[str, int]]:
    """The definition: every word stands in a line; the first word's rank, then the place."""
    words = [code(word) for word in asked[:80].split() if code(word)][:6]
    found = []
    for id_, entry in records.items():
        if (kinds and entry.kind not in kinds) or (filters.flags and id_ not in flagged):
            continue
        if (filters.form and entry.form != filters.form) or (filters.maker not in (None, entry.maker)):
            continue
        if filters.class_code and filters.class_code not in entry.classes:
            continue
        ranked, rest, heard, murmured = _lines(entry)
        if words and all(_has(word, ranked, rest, heard, murmured) for word in words):
            first = words[0]
            lines = [*ranked, *("".join(sound) for sound in heard)]
            rank = 0 if first in lines else 1 if any(line.startswith(first) for line in lines) else 2
            found.append(((rank, place(entry.title, entry.kind, id_)), (entry.kind, id_)))
    return [subject for _, subject in sorted(found)]


def _lines(entry: Entry) -> tuple[list[str], list[str], list[tuple[str, ...]], list[tuple[str, ...]]]:
    def written(names: Sequence[str]) -> list[str]:
        own = [line for name in names for line in (plain(name), "".join(s[0] for s in syllables(name)))]
        runs = ["".join(c if c.isascii() else " " for c in plain(name)).split() for name in names]
        return [*own, *(run for each in runs for run in each)]

    ranked = [line for line in [*written(entry.names), *map(code, entry.codes)] if line]
    return ranked, written(entry.others), [*map(syllables, entry.names)], [*map(syllables, entry.others)]


def _has(
    word: str, ranked: list[str], rest: list[str], heard: list[tuple[str, ...]], murmured: list[tuple[str, ...]]
) -> bool:
    begins = any(line.startswith(word) for line in [*ranked, *("".join(sound) for sound in heard)])
    if len(word) == 1 and not word.isascii():
        return any(word in line for line in ranked)
    if len(word) < 3 and word.isascii():
        return begins
    if len(word) == 3 and word.isascii() and not word.isalpha():
        return any(line.startswith(word) for line in [*ranked, *rest])
    if any(word in line for line in [*ranked, *rest]):
        return True
    if len(word) > 3 and word.isascii() and word.isalpha():
        return any("".join(sound[at:]).startswith(word) for sound in [*heard, *murmured] for at in range(len(sound)))
    return begins and word.isalpha()


def questions(chance: random.Random, records: dict[int, Entry]) -> list[str]:
    asked = [
        "片",
        "a",
        "an",
        "b",
        "b1",
        "ana",
        "有限公司",
        "heng",
        "h20",
        "20",
        "0mg",
        "国药准字h",
        "阿司 片",
        "安 hengda",
    ]
    for entry in chance.sample([*records.values()], 30):
        line = chance.choice([plain(entry.title), "".join(s[0] for s in syllables(entry.title)), "".join(
            syllables(entry.title)), code(entry.codes[0]), plain(entry.others[0])])  # fmt: skip
        at = chance.randrange(max(1, len(line)))
        asked.append(line[at : at + chance.randint(1, 9)])
        asked.append(f"{line[:3]} {chance.choice(('heng', '安', 'an', '限公', '0mg', 'asp'))}")
    return [text for text in asked if text.strip()]


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 8))])
def test_hits_and_their_order_are_those_of_a_plain_walk(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    records = corpus(chance, 400)
    for kind in ("product", "variety"):
        index_many(session, kind=kind, rows={id_: each for id_, each in records.items() if each.kind == kind})
    changed = corpus(chance, 80)
    for id_ in changed:
        forget_many(session, kind=records[id_].kind, subject_ids=[id_])
    index_entries(session, changed)
    records |= changed
    flagged = set(chance.sample(sorted(records), 150))
    for kind in ("product", "variety"):
        mine = [id_ for id_ in flagged if records[id_].kind == kind]
        assert set_flags(session, kind, [*mine, 9999], "winner", True) == len(mine)
        assert set_flags(session, kind, mine, "winner", True) == 0
    back = {id_ for id_ in flagged if id_ % 3 == 0}
    for kind in ("product", "variety"):
        set_flags(session, kind, [id_ for id_ in back if records[id_].kind == kind], "winner", False)
    for text in questions(chance, records):
        kinds = chance.choice(((), ("product",), ("product", "variety")))
        filters = chance.choice((Filters(), Filters(form="tablet"), Filters("XA2", maker=1), Filters(flags=["winner"])))
        wanted = naive(records, text, kinds, filters, flagged - back)
        hits = search(session, text, kind=kinds or None, filters=filters, limit=500)
        assert [(hit.kind, hit.subject_id) for hit in hits] == wanted, text
        page: list[tuple[str, int]] = []
        after = ""
        while some := search(session, text, kind=kinds or None, filters=filters, limit=40, after=after):
            page += [(hit.kind, hit.subject_id) for hit in some]
            after = some[-1].after
        assert page == wanted, text
        ids = matching_ids(text, kind="product")
        products = naive(records, text, ("product",), Filters(), set())
        assert ids is None or set(session.scalars(ids)) == {id_ for _, id_ in products}, text


def test_writing_an_entry_again_writes_nothing(session: Session) -> None:
    records = {id_: each for id_, each in corpus(random.Random(9), 60).items() if each.kind == "product"}
    assert index_many(session, kind="product", rows=records) == len(records)
    assert index_many(session, kind="product", rows=records) == 0
    assert index_entries(session, records) == 0


TYPED = (
    '"', "'", "AND", "阿司 AND 匹林", "NEAR(阿司 匹林)", "阿司*", "*", "-", "阿司 -匹林", "(", "tokens:阿司", "^阿司",
    "k:product", "x:winner", "%", "_", "阿司%匹林", "'; DROP TABLE search_entry; --", "\\", "{阿司}", "\x00",
    "阿" * 200, "a" * 200, "NULL", "阿司\t匹林", "阿司，匹林", "é", "𬌗",
)  # fmt: skip


def test_nothing_people_type_is_read_as_a_command(session: Session, subtests: pytest.Subtests) -> None:
    records = {1: Entry("product", "阿司匹林片", ("阿司匹林片",), ("H1",)), 2: Entry("product", "头孢", ("头孢",))}
    index_many(session, kind="product", rows=records)
    for text in TYPED:
        with subtests.test(text):
            hits = [(hit.kind, hit.subject_id) for hit in search(session, text)]
            assert hits == naive(records, text, (), Filters(), set())
            assert session.scalars(select(SearchEntry.subject_id).order_by(SearchEntry.subject_id)).all() == [1, 2]
            if (ids := matching_ids(text, kind="product")) is not None:
                session.scalars(ids).all()


def test_a_cursor_nobody_gave_out_begins_at_the_beginning(session: Session, subtests: pytest.Subtests) -> None:
    index_many(session, kind="product", rows={1: Entry("product", "阿司匹林片", ("阿司匹林片",))})
    for after in ("", "x", "0.", "9.1", "1.x", "2.99999999999999999999", "-1.4", "0.²"):
        with subtests.test(after):
            assert len(search(session, "阿司", after=after)) == 1


def test_filters_alone_list_what_they_leave(session: Session) -> None:
    rows = {id_: Entry("product", "甲" * id_, ("甲" * id_,), maker=id_ % 2) for id_ in (3, 1, 2)}
    index_many(session, kind="product", rows=rows)
    assert [hit.subject_id for hit in search(session, "", kind="product", filters=Filters(maker=1))] == [1, 3]
    assert search(session, "%", filters=Filters(maker=1)) == []
