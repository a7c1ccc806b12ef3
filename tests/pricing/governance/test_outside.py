"""Prices of other regions: matched by codes before names, settled by people, brought in by workbook."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalogue.register.models import CodedDrug
from importers import queries as import_queries
from importers import services as imports
from importers.flow import Mode
from importers.models import Import
from kernel.errors import Conflict, Invalid
from kernel.sheets import Sheet
from pricing.governance.comparison import exports
from pricing.governance.comparison.flow import Doubt, Match
from pricing.governance.comparison.models import OutsidePrice
from pricing.governance.comparison.queries.outside import prices
from pricing.governance.comparison.services import reviewing
from pricing.listings.flow import ListingKind
from tests.importers.ways import by_xlsx
from tests.pricing.governance.neighbours import CODE, START, THIRD, TODAY, D, begin, go, injection, table, tell, words
from tests.pricing.scene import NOW, OTHER, PROVINCE, Scene

HEADERS = ("地区代码", "药品代码", "通用名", "生产企业", "剂型", "规格", "包装数量", "单价", "包装价", "价格日期",
           "终止日期", "挂网类别", "依据")  # fmt: skip


@pytest.fixture
def scene(session: Session) -> Scene:
    return begin(session)


def test_a_name_is_matched_whatever_spaces_and_units_and_stays_unsure_where_it_can_not_be_read(
    session: Session, scene: Scene
) -> None:
    cases = {
        "same": (words(specification="100 mg", form="肠溶片剂", maker="甲 制药"), Match.NAME, None),
        "registered": (words(name="阿司匹林肠溶片"), Match.NAME, None),
        "spec": (words(specification="大规格"), Match.UNSURE, Doubt.SPECIFICATION),
        "form": (words(form="片（肠溶）"), Match.UNSURE, Doubt.FORM),
        "maker": (words(maker="江海甲制药有限公司"), Match.NONE, None),
        "other": (words(specification="75mg"), Match.NONE, None),
        "nobody": (words(maker="丁制药"), Match.NONE, None),
    }
    for name, (written, match, doubt) in cases.items():
        found = tell(session, scene, OTHER, "1.00", written=written)
        assert (name, found.match, found.doubt) == (name, match, doubt)
        assert (found.group_id is None) is (match is Match.UNSURE)


def coded(session: Session, code: str, approval: str) -> None:
    session.add(CodedDrug(code=code, registered_name="别名", company="别厂", approval_number=approval))
    session.flush()


def test_a_national_code_goes_before_names_and_holds_for_other_packs(session: Session, scene: Scene) -> None:
    coded(session, CODE, scene.products[0].approval_number.removeprefix("国药准字"))
    other_pack = CODE[:16] + "07" + CODE[18:]
    for code in (CODE, other_pack):
        found = tell(session, scene, OTHER, "1.00", written=words(code=code, name="另一名称", maker="另一企业"))
        assert found.match is Match.CODE and found.group is not None
        assert found.group.company_id == scene.products[0].company_id
    unknown = tell(session, scene, OTHER, "1.00", written=words(code="X" + "A10BAB001A001010100009"))
    assert unknown.match is Match.NAME  # a code that leads nowhere leaves it to the names


def test_a_person_settles_what_is_unsure_and_it_is_remembered(session: Session, scene: Scene) -> None:
    written = words(specification="大规格")
    found = tell(session, scene, OTHER, "1.00", written=written)
    go(session)
    assert table(session) == [] and len(found.candidates) == 2
    pair = {"specification_id": scene.products[0].specification_id, "company_id": scene.companies[0].id}
    common = {"outside_id": found.id, "actor": scene.officer, "at": NOW, "note": "已核对说明书"}
    with pytest.raises(Invalid):
        reviewing.confirm(session, **pair, **{**common, "note": " "}, version=1)  # type: ignore[arg-type]  # one dict
    with pytest.raises(Conflict, match="changed-meanwhile"):
        reviewing.confirm(session, **pair, **common, version=7)  # type: ignore[arg-type]  # as above
    done = reviewing.confirm(session, **pair, **common, version=1)  # type: ignore[arg-type]  # as above
    assert (done.match, len(table(session))) == (Match.CONFIRMED, 1)
    assert tell(session, scene, THIRD, "0.50", written=written).id == done.id
    go(session)
    assert table(session)[-1][4] == D("0.5")
    gone = reviewing.refuse(session, **common, version=done.version)  # type: ignore[arg-type]  # as above
    assert (gone.match, table(session)) == (Match.REFUSED, [(OTHER, D(1), D("0.5"), D("0.75"), D("0.5"), THIRD)])
    go(session, whole=True)
    assert gone.match is Match.REFUSED


def test_a_product_that_the_catalogue_gets_later_is_matched_then(session: Session, scene: Scene) -> None:
    late = tell(session, scene, OTHER, "5.00", written=words(name="头孢", form="普通粉针", specification="1g", pack=1))
    assert late.match is Match.NONE
    injection(session, scene)
    go(session)
    session.expire_all()
    assert late.match is Match.NAME


def staged(session: Session, scene: Scene, sheet: Sheet) -> Import:
    return imports.stage(session, name="outside-prices", query={}, book=by_xlsx(sheet), actor=scene.officer, at=NOW)


def test_a_workbook_says_all_its_mistakes_corrects_a_day_and_comes_back_as_it_was(
    session: Session, scene: Scene
) -> None:
    good = (OTHER, None, "阿司匹林", "甲制药", "肠溶片", "100mg", 30, None, D("30.00"), TODAY, None, None, "公告")
    rows = [
        good, good, ("999999", *good[1:]), (PROVINCE, *good[1:]), (*good[:2], None, *good[3:]),
        (OTHER, "X1", *good[2:]),
        (*good[:7], D("0.5"), *good[8:]), (*good[:8], None, *good[9:]), (*good[:10], START, *good[11:]),
    ]  # fmt: skip
    bad = staged(session, scene, Sheet("价格", HEADERS, rows))
    found = import_queries.findings(session, bad)
    assert found is not None
    assert [issue.code for issue in found.issues] == [
        "outside-twice", "listing-no-region", "outside-own-region", "outside-names-needed", "not-a-drug-code",
        "outside-prices-differ", "outside-twice", "outside-no-price", "outside-twice", "outside-twice",
        "listing-ends-first",
    ]  # fmt: skip
    lines = [good, (*good[:9], START, None, "短缺药", "一月公告"), (THIRD, *good[1:9], START, TODAY, *good[11:])]
    kept = staged(session, scene, Sheet("价格", HEADERS, lines))
    imports.apply(session, import_id=kept.id, mode=Mode.ALL, actor=scene.officer, at=NOW)
    assert kept.created == 3
    out = exports.prices(session, {}, scene.officer, NOW)
    assert tuple(out.headers) == HEADERS
    again = staged(session, scene, out)
    assert (again.created, again.changed, again.unchanged, again.faulty) == (0, 0, 3, 0)
    later = (*good[:8], D("24.00"), TODAY - timedelta(days=5), None, None, "更正")
    mended = staged(session, scene, Sheet("价格", HEADERS, [(*good[:8], D("27.00"), *good[9:]), later]))
    assert (mended.created, mended.changed) == (1, 1)
    imports.apply(session, import_id=mended.id, mode=Mode.ALL, actor=scene.officer, at=NOW)
    held = session.scalars(prices(region_code=OTHER).where(OutsidePrice.kind == ListingKind.LISTED)).all()
    assert [(one.price, one.starts, one.ends) for one in held] == [
        (D("0.8"), TODAY - timedelta(days=5), TODAY), (D("0.9"), TODAY, None)
    ]  # fmt: skip
