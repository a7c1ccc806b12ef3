"""The invented register: right codes, and the same ones from the same seed."""

from __future__ import annotations

from collections import Counter

import pytest

from catalogue.codes.rules.kinds import CodeKind
from catalogue.codes.rules.reading import parse
from catalogue.drugs.rules.codes import approval_number, standard_code
from importers.demo import names, register
from importers.demo.register import Columns
from importers.registry import kind
from kernel.parties.credit import credit_code

MAKERS = register.invented(60, seed=3)


def drugs(count: int = 4_000, seed: int = 3, block: int = 0) -> Columns:
    found: Columns = {name: [] for name in register.NAMES}
    for some in register.drugs(MAKERS, count, seed=seed, block=block):
        for name, values in some.items():
            found[name] += values
    return found


def test_every_code_is_right_in_every_place() -> None:
    kinds = Counter(parse(code).kind for code in drugs()["code"])
    assert set(kinds) == {CodeKind.WESTERN, CodeKind.PATENT, CodeKind.GRANULES}
    assert kinds[CodeKind.WESTERN] > kinds[CodeKind.PATENT] > kinds[CodeKind.GRANULES] > 0


def test_no_code_stands_twice() -> None:
    codes = drugs(20_000)["code"]
    assert len(set(codes)) == len(codes) == 20_000


def test_numbers_of_licences_and_companies_are_right() -> None:
    found = drugs()
    assert {credit_code(code) for code in found["company_code"]} <= {maker.code for maker in MAKERS}
    assert all(approval_number(number) == number for number in found["approval_number"] if number)
    assert all(standard_code(code) == code for code in found["standard_code"])


def test_a_licence_is_one_makers_and_one_name() -> None:
    found = drugs()
    licences: dict[str, set[tuple[str, ...]]] = {}
    for number, *what in zip(*(found[name] for name in ("approval_number", "company", "registered_name")), strict=True):
        if number:
            licences.setdefault(number, set()).add(tuple(what))
    assert max(map(len, licences.values())) == 1


def test_the_same_seed_gives_the_same_rows_in_blocks_or_at_once() -> None:
    assert drugs() == drugs(block=999)
    assert drugs() != drugs(seed=4)


def test_columns_are_those_of_the_workbook() -> None:
    assert [column.name for column in kind("drugs").columns] == [*register.NAMES]


@pytest.mark.parametrize("count", [1, 400])
def test_makers_have_names_of_their_own(count: int) -> None:
    found = register.invented(count, seed=5)
    assert len({maker.name for maker in found}) == len({maker.code for maker in found}) == count
    assert all(credit_code(maker.code) == maker.code for maker in found)


def test_names_that_stand_are_not_invented_again() -> None:
    import random

    first = names.makers(random.Random(1), 5)
    assert not set(first) & set(names.makers(random.Random(1), 5, first))
