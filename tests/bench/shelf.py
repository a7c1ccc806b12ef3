"""The entries of an invented register of drugs, as the search keeps them, and what people type to find them."""

from __future__ import annotations

import random

from catalogue.search.rules.pinyin import syllables
from catalogue.search.services import Entry
from importers.demo import register

KEPT = ("registered_name", "trade_name", "approval_number", "standard_code", "registered_spec", "company", "code",
        "registered_form")  # fmt: skip


def products(count: int, *, seed: int, makers: int = 8_000) -> dict[int, Entry]:
    """Return the entries of invented products by id."""
    (columns,) = register.drugs(register.invented(makers, seed=seed), count, seed=seed)
    rows = zip(*(columns[name] for name in KEPT), strict=True)
    return {number: _product(*row) for number, row in enumerate(rows, start=1)}


def _product(
    title: str, trade: str | None, number: str | None, standard: str, strength: str, maker: str, code: str, form: str
) -> Entry:
    return Entry(
        kind="product", title=title, names=(title, trade or ""), codes=(number or code, standard),
        detail=f"{strength} {maker}", others=(maker, strength), classes=(code[:6],), form=form, maker=int(code[-5:]),
    )  # fmt: skip


def terms(entries: dict[int, Entry], *, seed: int, count: int) -> dict[str, list[str]]:
    """Return what people type, by kind: taken from products as frequent as they are."""
    chance = random.Random(seed)
    found: dict[str, list[str]] = {"2 characters": [], "4 characters": [], "initials": [], "infix": [], "missing": []}
    while len(found["missing"]) < count:
        entry = entries[chance.randint(1, len(entries))]
        title, code = entry.title, entry.codes[0][4:]
        if len(title) < 6:
            continue
        at, length = chance.randrange(len(title) - 3), len(title)
        found["2 characters"].append(title[at : at + 2])
        found["4 characters"].append(title[at : at + 4])
        found["initials"].append("".join(part[0] for part in syllables(title))[: chance.randint(3, length)])
        found["infix"].append(chance.choice((title[2:5], code[2:7], entry.others[0][2:6])))
        found["missing"].append(chance.choice((title[0] + "魑" + title[1], "zzqxv", code + "9", title[::-1])))
    return found
