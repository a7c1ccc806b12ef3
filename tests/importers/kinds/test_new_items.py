"""A workbook of applications for new items becomes drafts, with a warning where an existing item is like one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from importers import queries, services
from importers.flow import Mode
from importers.workbook import read
from kernel import clock
from pricing.items.applications.models import ItemApplication
from pricing.items.flow import ItemStandard
from pricing.items.rules.items import Content, Draft
from pricing.items.services.items import put_items
from tests.importers import books
from tests.pricing.items.applications.scene import NOW, S, populate

HEAD = ["项目名称", "项目内涵", "计价单位", "拟申报价格", "应急项目", "应急理由"]
ROWS = [["冠脉血流储备分数测定术", "影像计算", "次", "480", "否", ""], ["全新技术", "", "", "", "是", "疫情"]]


def test_rows_become_drafts_and_like_items_are_told(session: Session) -> None:
    with clock.travel(to=NOW):
        scene = populate(session)
        known = [Draft("330802001", Content(name="冠脉血流储备分数测定", unit="次"))]
        officer, hospital = scene.act("province"), scene.act("hospital")
        put_items(session, known, standard=ItemStandard.NORM_2001, starts_on=date(2026, 1, 1), actor=officer, at=NOW)
        book = read(books.book([HEAD, *ROWS]), "申报.xlsx")
        staged = services.stage(session, name="new-items", query={}, book=book, actor=hospital, at=NOW)
        services.apply(session, import_id=staged.id, mode=Mode.ALL, actor=hospital, at=NOW)
        made = session.scalars(select(ItemApplication).order_by(ItemApplication.id)).all()
        assert [(one.name, one.state, one.urgent, len(one.likes)) for one in made] == [
            (ROWS[0][0], S.DRAFT, False, 1), (ROWS[1][0], S.DRAFT, True, 0)
        ]  # fmt: skip
        bad = read(books.book([HEAD, ROWS[0], ["又一项", "", "", "-3", "是", ""]]), "申报.xlsx")
        again = services.stage(session, name="new-items", query={}, book=bad, actor=hospital, at=NOW)
        found = queries.findings(session, again)
        assert found is not None and {issue.code for issue in found.issues} >= {"new-item-known"}
