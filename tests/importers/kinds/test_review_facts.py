"""The workbook of review facts: its template, its mistakes, and what the same file does a second time."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from importers import queries, services
from importers.exports import template
from importers.flow import Mode
from importers.kinds.review_facts import ITEMS
from importers.workbook import read
from kernel.errors import Conflict, DomainError, FileRefused, Forbidden, NotFound
from kernel.i18n import merged
from procurement.rounds.models.evaluations import ReviewFact
from procurement.rounds.queries import facts
from procurement.rounds.queries.rulesets import in_force
from procurement.rounds.rules.columns import columns_of
from procurement.rounds.rules.ruleset import RULE_SETS, load_rule_set
from tests.importers import books
from tests.procurement.rounds.scene import OPENED, Scene, populate

HEAD = ["品种序号", "品种", "企业统一社会信用代码", "企业", "规格", "项目", "填写格式", "必填", "值", "来源"]
BIDS = {1: ("0.5000", "0.8000"), 2: ("1.0000",)}


@pytest.fixture
def scene(session: Any) -> Scene:
    """A round whose bids are opened under rules that look at a service fee."""
    made = populate(session)
    made.opened("stents-2022", BIDS)
    return made


def sheet(scene: Scene) -> list[list[Any]]:
    occasion = queries.occasion(
        scene.session, "review-facts", query(scene), actor=scene.actors["officer"], at=OPENED, prefilled=True
    )
    page = load_workbook(io.BytesIO(template(occasion, locale="zh_CN")))["数据"]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def query(scene: Scene) -> dict[str, str]:
    return {"round": str(scene.round_id)}


def stage(scene: Scene, rows: list[list[Any]], who: str = "officer") -> Any:
    book = read(books.book(rows), "评审资料.xlsx")
    actor = scene.actors[who]
    return services.stage(scene.session, name="review-facts", query=query(scene), book=book, actor=actor, at=OPENED)


def write(scene: Scene, staged: Any) -> None:
    services.apply(scene.session, import_id=staged.id, mode=Mode.ALL, actor=scene.actors["officer"], at=OPENED)


def counts(staged: Any) -> tuple[int, int, int, int]:
    return staged.created, staged.changed, staged.unchanged, staged.faulty


def stored(scene: Scene) -> list[tuple[str, str]]:
    return [(one.value, one.source) for one in scene.session.scalars(select(ReviewFact).order_by(ReviewFact.id))]


def filled(scene: Scene, *values: Any, source: str = "申报材料") -> list[list[Any]]:
    head, *rows = sheet(scene)
    return [head, *([*row[:8], value, source] for row, value in zip(rows, values, strict=True))]


def test_the_template_names_every_bid_and_item(scene: Scene) -> None:
    head, *rows = sheet(scene)
    assert [text.rstrip("*") for text in head] == HEAD
    codes = [scene.organisations[name].code for name in ("c1", "c2", "c1")]
    assert [(row[0], row[2], row[4], row[5], row[6], row[7]) for row in rows] == [
        (lot, code, "10mg", "伴随服务费（元）", "123.45", "是") for lot, code in zip((1, 1, 2), codes, strict=True)
    ]


def test_the_same_file_twice_plans_nothing(scene: Scene) -> None:
    rows = filled(scene, 50, "49.50", "0")
    staged = stage(scene, rows)
    assert counts(staged) == (3, 0, 0, 0)
    write(scene, staged)
    assert stored(scene) == [("50", "申报材料"), ("49.5", "申报材料"), ("0", "申报材料")]
    assert counts(stage(scene, rows)) == (0, 0, 3, 0)
    assert counts(stage(scene, sheet(scene))) == (0, 0, 3, 0)
    with pytest.raises(DomainError, match="import-writes-nothing"):
        write(scene, stage(scene, rows))


def test_only_what_differs_is_written_and_a_blank_takes_back(scene: Scene) -> None:
    write(scene, stage(scene, filled(scene, 50, 49, None)))
    again = stage(scene, filled(scene, None, 48, 0, source=""))
    assert counts(again) == (1, 2, 0, 0)
    found = queries.findings(scene.session, again)
    assert found is not None and [(one.before, one.after) for one in found.changes if one.name == "值"][-1] == (
        "49",
        "48",
    )
    write(scene, again)
    assert sorted(stored(scene)) == [("0", ""), ("48", "")]


def test_a_sheet_without_the_values_takes_nothing_back(scene: Scene) -> None:
    write(scene, stage(scene, filled(scene, 50, 49, 48)))
    with pytest.raises(FileRefused) as refused:
        stage(scene, [[*row[:8], row[9]] for row in sheet(scene)])
    assert [issue.code for issue in refused.value.issues] == ["column-missing"]


def test_every_mistake_stands_at_its_cell(scene: Scene) -> None:
    rows = filled(scene, "很高", 50, 50)
    rows[2][4] = "20mg"
    rows[3][5] = "material"
    staged = stage(scene, rows)
    found = queries.findings(scene.session, staged)
    assert counts(staged) == (0, 0, 0, 3) and found is not None
    assert {one.code for one in found.issues} == {
        "not-a-number", "fact-unknown-bid", "not-in-list",
    }  # fmt: skip


def test_yes_and_no_may_be_written_in_either_language(session: Any) -> None:
    made = populate(session)
    round_ = made.opened("continuation-csj-2022", {1: ("0.5000", "0.8000")})
    assert [column.name for column in facts.asked(in_force(round_))] == ["incumbent", "antimicrobial"]
    write(made, stage(made, filled(made, "是", "no", 1, "否")))
    assert sorted(value for value, _source in stored(made)) == ["0", "0", "1", "1"]


def test_the_workbook_is_for_whoever_evaluates_and_for_rules_that_ask(session: Any) -> None:
    made = populate(session)
    made.publish("stents-2022")
    for who, refusal in (("officer", Conflict), ("c1", Forbidden)):
        with pytest.raises(refusal):
            queries.occasion(session, "review-facts", query(made), actor=made.actors[who], at=OPENED)
    with pytest.raises(NotFound):
        queries.occasion(session, "review-facts", {"round": "x"}, actor=made.actors["officer"], at=OPENED)


def test_every_item_of_a_built_in_rule_set_has_a_name_and_pages_say_the_same() -> None:
    items = {column.name for name in RULE_SETS.ids() for column in columns_of(load_rule_set(name))}
    assert items - set(facts.PROVIDED) <= {item.value for item in ITEMS}
    chinese = merged("zh_CN")
    for zh, en in ITEMS.values():
        entry = chinese.get(en)
        assert entry is not None and entry.string == zh
