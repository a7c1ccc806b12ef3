"""Two small invented editions of the drug list: last year's, superseded by the one in force; products matched."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from catalogue.editions.rules.counts import Line, count
from catalogue.editions.rules.drafted import DraftClass, DraftEntry, Origin
from catalogue.editions.rules.parts import AGREED, Grade, Number, Part
from catalogue.editions.services import editions, matching
from importers.demo.parties import read
from importers.demo.stage import Stage
from kernel.periods import years


def build(stage: Stage, year: int) -> None:
    """Read, issue and match both editions; the later one is in force in `year`."""
    found = read("editions.toml")
    for place, name in enumerate(("old", "new")):
        in_force = year - 1 + place
        made, issued = stage.day(-410 + 5 * place), stage.day(-408 + 5 * place)
        with stage.at(made) as session:
            edition = editions.create(
                session, code=str(in_force - 1), title=f"国家医保药品目录（{in_force - 1}年，示例）",
                valid_from=date(in_force, 1, 1), actor=stage.actor("agency"), at=made,
            )  # fmt: skip
            _fill(stage, session, edition.id, found["classes"], found[name], date(in_force, 1, 1), made)
        with stage.at(issued) as session:
            editions.issue(session, edition_id=edition.id, actor=stage.actor("reviewer"), at=issued)
    with stage.at(stage.day(-400)) as session:
        matching.match_products(session, edition_id=edition.id, actor=stage.actor("agency"), at=stage.day(-400))


def _fill(
    stage: Stage, session: Any, edition_id: int, classes: list[Any], rows: list[Any], begins: date, at: datetime
) -> None:
    used = {(row[0], row[1][:length]) for row in rows for length in (2, 4, 5, 6)}
    kept = [DraftClass(Part(part), code, name) for part, code, name in classes if (part, code) in used]
    entries = _entries(rows, begins)
    order: list[DraftClass | DraftEntry] = []
    for each in kept:
        order += [each, *(entry for entry in entries if (entry.part, entry.class_code) == (each.part, each.code))]
    filling = editions.Filling(
        classes=[(each, Origin(at, "", 0)) for at, each in enumerate(order) if isinstance(each, DraftClass)],
        entries=[(each, Origin(at, "", 0)) for at, each in enumerate(order) if isinstance(each, DraftEntry)],
    )
    counts = count(Line(each.part, each.number.repeat, each.grade, bool(each.standard)) for each in entries)
    reading = editions.Reading("示例目录.xlsx", "0" * 64, counts)
    editions.fill(session, edition_id=edition_id, rows=filling, reading=reading, actor=stage.actor("agency"), at=at)


def _entries(rows: list[Any], begins: date) -> list[DraftEntry]:
    numbers: dict[str, int] = {}
    made = []
    for part, code, grade, name, form, standard, restriction in rows:
        repeat = name.startswith("★")
        numbers[part] = numbers.get(part, 0) + (not repeat)
        made.append(
            DraftEntry(
                part=Part(part), number=Number(numbers[part], repeat), occurrence=int(repeat), grade=Grade(grade),
                class_code=code, name=name.lstrip("★"), form=form, standard=standard, restriction=restriction,
                agreement=years(begins, 2) if Part(part) in AGREED else None,
            )
        )  # fmt: skip
    return made
