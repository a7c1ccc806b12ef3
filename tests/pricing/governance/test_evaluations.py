"""Consistency evaluations by workbook: what goes out comes back, what names no product is refused."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from importers import services as imports
from importers.flow import ImportState, Mode
from importers.models import Import
from kernel.sheets import Sheet
from pricing.governance.labelling import exports
from pricing.governance.labelling.queries.evaluations import stated
from pricing.governance.labelling.services import evaluating
from tests.importers.ways import by_xlsx
from tests.pricing.scene import NOW, Scene, populate


def staged(session: Session, scene: Scene, rows: list[list[Any]]) -> Import:
    book = by_xlsx(Sheet("一致性评价", exports.EVALUATIONS, rows))
    return imports.stage(session, name="evaluations", query={}, book=book, actor=scene.officer, at=NOW)


def test_an_export_comes_back_and_what_is_new_is_written(session: Session) -> None:
    scene = populate(session)
    ids = [product.id for product in scene.products]
    said = {ids[0]: (True, "公告1号"), ids[1]: (False, "公告1号"), ids[2]: (True, "公告2号")}
    evaluating.say(session, said=said, actor=scene.officer, at=NOW)
    rows = [list(row) for row in exports.evaluations_of(session, {}, scene.officer, NOW).rows]
    same = staged(session, scene, rows)
    assert (same.created, same.changed, same.unchanged, same.faulty) == (0, 0, 3, 0)
    passed = exports.EVALUATIONS.index("通过一致性评价")
    rows[1][passed], rows[2][0] = True, "国药准字H99999999"
    last = scene.products[3]
    rows.append([last.approval_number, last.specification.text, last.pack, "", "", False, "公告3号"])
    other = staged(session, scene, rows)
    assert (other.created, other.changed, other.unchanged, other.faulty) == (1, 1, 1, 1)
    done = imports.apply(session, import_id=other.id, mode=Mode.GOOD_ROWS, actor=scene.officer, at=NOW)
    assert done.state is ImportState.APPLIED
    assert stated(session, ids) == said | {ids[1]: (True, "公告1号"), ids[3]: (False, "公告3号")}
