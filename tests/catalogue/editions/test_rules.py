"""What the texts of the list mean, and what changes between two editions."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.editions.flow import EDITION_FLOW, EditionAction, EditionState
from catalogue.editions.rules.comparison import ChangeKind, Comparison, Listed, compare
from catalogue.editions.rules.matching import CERTAIN, Entry, Offered, Reason, match
from catalogue.editions.rules.parts import Grade, Part, read_number, read_part
from catalogue.editions.rules.restrictions import Age, Limit, from_plain, read_restriction
from catalogue.editions.rules.standards import agreement, payment_lines
from catalogue.editions.rules.texts import full_name, tidy
from kernel.errors import Conflict


@pytest.mark.parametrize(
    "name", ["parts", "texts", "counts", "standards", "restrictions", "drafted", "comparison", "matching"]
)
def test_examples_of_the_rules_hold(name: str) -> None:
    assert doctest.testmod(import_module(f"catalogue.editions.rules.{name}")).failed == 0


@pytest.mark.parametrize("state", EditionState)
def test_an_issued_edition_is_never_issued_again(state: EditionState) -> None:
    if state is EditionState.DRAFT:
        assert EDITION_FLOW.after(state, EditionAction.ISSUE) is EditionState.ISSUED
    else:
        with pytest.raises(Conflict):
            EDITION_FLOW.after(state, EditionAction.ISSUE)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("63.00元(10mg/支)", [("63.00", "10mg/支", "")]),
        ("275元(5mg/片)", [("275", "5mg/片", "")]),
        ("479.00元/盒(甲片\n0.375g/乙片0.1g,每盒30\n片)", [("479.00", "甲片0.375g/乙片0.1g,每盒30片", "盒")]),
        ("96. 11元(0.5ml/瓶)；\n31.03元(0. 1ml/支)", [("96.11", "0.5ml/瓶", ""), ("31.03", "0.1ml/支", "")]),
        ("31.03元(0. 1ml/支 预灌封注射\n器）", [("31.03", "0.1ml/支预灌封注射器", "")]),
        ("1437.65元\n(1.0mg (4.0×10^7U)/0.5mL/支\n(预充式))；", [("1437.65", "1.0mg(4.0×10^7U)/0.5mL/支(预充式)", "")]),
        ("*", []),
        ("见备注2(每粒含量)", []),
        ("1.00元(a)；另议", []),
    ],
)  # fmt: skip
def test_a_payment_standard_is_read_whole_or_not_at_all(text: str, lines: list[tuple[str, str, str]]) -> None:
    assert [(str(line.price), line.specification, line.per) for line in payment_lines(text)] == lines


def test_an_agreement_ends_after_its_last_day() -> None:
    period = agreement("2025年1月1日至\n2026年12月31日")
    assert period is not None and date(2026, 12, 31) in period and date(2027, 1, 1) not in period


@pytest.mark.parametrize("text", ["", "2025年", "2025年2月30日至2026年1月1日", "2026年1月1日至2025年1月1日"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert agreement(text) is None


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("限二线用药。", "lines", (2,)),
        ("限二线用药。", "indications", ()),
        ("限：1.肝细胞癌二线治疗；2.结直肠癌三线治疗。", "lines", (2, 3)),
        ("限至少经过二线系统化疗的淋巴瘤的治疗。", "lines", ()),
        ("限12至＜18岁青少年的慢性丙型肝炎。", "ages", (Age(12, 17),)),
        ("限5至12岁以下单纯性流感儿童患者。", "ages", (Age(5, 11),)),
        ("限成人(≥18周岁)患者。", "ages", (Age(18, None),)),
        ("适用于成人。尚未确定本品在0-6岁儿童中的安全性和有效性。", "ages", ()),
        ("限成人和6岁及以上儿童患者。", "groups", ("adults", "children")),
        ("限脑梗死，支付不超过14天。", "limits", (Limit(14, "day"),)),
        ("限丙肝，连续使用不超过12个月。", "limits", (Limit(12, "month", "continuous"),)),
        ("限急性心肌梗死发病12小时内、脑梗死发病3小时内的溶栓治疗。", "hours", ("12", "3")),
        ("限二级及以上医疗机构。", "institution", 2),
        ("限二级及以上医疗机构。", "indications", ()),
        ("限工伤保险。", "insurance", "work-injury"),
        ("限急救、抢救。", "emergency", True),
        ("限有明确药敏试验证据的患者。", "evidence", True),
        ("◇", "drug_class", True),
        ("限：1.反流性食管炎；2.十二指肠溃疡。", "indications", ("反流性食管炎", "十二指肠溃疡")),
    ],
)
def test_a_restriction_says(text: str, field: str, value: object) -> None:
    read = read_restriction(text)
    assert getattr(read, field) == value
    assert from_plain(read.plain()) == read


@given(st.text(alphabet="限：1.2；二线岁≥天A \n患者", max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    plain = tidy(text)
    assert tidy(plain) == plain
    assert from_plain(read_restriction(plain).plain()) == read_restriction(plain)
    assert full_name(full_name(text)) == full_name(text)


def test_numbers_and_parts_are_read_or_refused() -> None:
    assert [str(read_number(text)) for text in ("1", "★(8)", "★（12）", "☆3", "0", "1.5", "a")] == [
        "1", "★(8)", "★(12)", "★(3)", "None", "None", "None",
    ]  # fmt: skip
    assert [read_part(name) for name in ("协议期内谈判药品部分（西药）", "竞价药品部分", "中药饮片部分", "凡例")] == [
        Part.NEGOTIATED_WESTERN, Part.PRICE_BID, Part.DECOCTION, None,
    ]  # fmt: skip


def listed(identity: int, name: str = "甲药", **more: object) -> Listed:
    values: dict[str, object] = {
        "part": Part.WESTERN, "number": str(identity), "grade": Grade.B, "class_code": "XA01", "form": "注射剂",
        "standard": "", "since": None, "until": None, "restriction": "",
    }  # fmt: skip
    return Listed(id=identity, name=name, **{**values, **more})  # type: ignore[arg-type]


def kinds(found: Comparison) -> list[tuple[str, ...]]:
    return [tuple(kind.value for kind in change.kinds) for change in found.changes]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"grade": Grade.A}, "grade"), ({"part": Part.PRICE_BID}, "part"), ({"standard": "1.00元(1g)"}, "standard"),
        ({"restriction": "限成人。"}, "restriction"), ({"class_code": "XB01"}, "class"), ({"form": "颗粒剂"}, "form"),
        ({"name": "甲药(新)"}, "name"), ({"until": date(2027, 1, 1)}, "agreement"),
    ],
)  # fmt: skip
def test_a_change_is_found_and_named(change: dict[str, object], kind: str) -> None:
    assert kinds(compare([listed(1)], [listed(7, **change)])) == [(kind,)]  # type: ignore[arg-type]


def test_numbers_alone_and_broken_lines_are_no_change() -> None:
    found = compare([listed(1, restriction="限 成人。")], [listed(9, restriction="限成人。")])
    assert (found.changes, found.unchanged) == ((), 1)


def test_what_comes_and_goes_is_told_in_the_order_of_the_list() -> None:
    found = compare([listed(1, "甲药"), listed(2, "乙药")], [listed(3, "丙药"), listed(4, "乙药")])
    assert [(change.shown.name, change.kinds[0]) for change in found.changes] == [
        ("丙药", ChangeKind.ADDED), ("甲药", ChangeKind.REMOVED),
    ]  # fmt: skip
    assert found.unchanged == 1


def test_a_repeat_in_another_class_stays_with_its_class() -> None:
    old = [listed(1), listed(2, class_code="XB01")]
    new = [listed(3, class_code="XB01", grade=Grade.A), listed(4)]
    assert kinds(compare(old, new)) == [("grade",)]


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=12), st.lists(st.sampled_from("甲乙丙丁"), max_size=12))
def test_every_entry_is_counted_once(before: list[str], after: list[str]) -> None:
    old = [listed(place, name) for place, name in enumerate(before)]
    new = [listed(100 + place, name) for place, name in enumerate(after)]
    found = compare(old, new)
    assert found.unchanged + sum(change.new is not None for change in found.changes) == len(new)
    assert found.unchanged + sum(change.old is not None for change in found.changes) == len(old)


@pytest.mark.parametrize(
    ("entry", "product", "certain"),
    [
        (Entry("奥美拉唑", "口服常释剂型"), ("奥美拉唑", "奥美拉唑肠溶胶囊", "肠溶胶囊"), True),
        (Entry("阿司匹林", "口服常释剂型(不含分散片)"), ("阿司匹林", "阿司匹林分散片", "分散片"), None),
        (Entry("泮托拉唑", "注射剂"), ("泮托拉唑钠", "注射用泮托拉唑钠", "冻干粉针"), False),
        (Entry("注射用艾普拉唑钠", ""), ("艾普拉唑钠", "注射用艾普拉唑钠", "冻干粉针"), True),
        (Entry("盐酸二甲双胍缓释片(Ⅲ)", ""), ("盐酸二甲双胍", "盐酸二甲双胍缓释片", "缓释片"), False),
        (Entry("感冒清热颗粒(片、胶囊)", ""), ("感冒清热", "感冒清热胶囊", "硬胶囊"), True),
        (Entry("阿莫西林", "口服常释剂型"), ("头孢拉定", "头孢拉定胶囊", "硬胶囊"), None),
    ],
)
def test_a_product_is_matched_by_name_and_form(
    entry: Entry, product: tuple[str, str, str], certain: bool | None
) -> None:
    found = match(entry, Offered(*product))
    assert (found and found.certainty >= CERTAIN) == certain


def test_a_list_code_of_another_class_takes_certainty_away() -> None:
    entry, offered = Entry("甲药", "注射剂", "XA02B"), ("甲药", "甲药注射液", "小容量注射液")
    fits, other = (match(entry, Offered(*offered, code)) for code in ("XA02BCA040A001010112345", "XJ01CAA040A001"))
    assert fits is not None and Reason.CODE_FITS in fits.reasons and fits.certainty == Decimal("1.00")
    assert other is not None and Reason.CODE_OTHER in other.reasons and other.certainty < CERTAIN
