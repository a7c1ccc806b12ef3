"""Rows of the catalogue for workbooks. Headers are those of the import kinds, so that an export imports as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product, RelatedGroup, Specification, Variety
from catalogue.drugs.queries import companies, products
from catalogue.drugs.rules.codes import CLASS_NAMES, KIND_WORDS, PART_WORDS
from catalogue.drugs.rules.forms import KIND_NAMES, chinese_name
from kernel.downloads.tables import rows_of
from kernel.i18n import _
from kernel.parties.codes import OrganisationKind, Ownership
from kernel.parties.models import Organisation, Region
from kernel.sheets import Sheet, Value

VARIETIES = (
    "品种编号", "类别", "通用名", "英文名", "剂型组", "剂型类别", "规格组", "采购量类别", "规格", "剂型", "代表规格",
    "价格系数", "数量系数", "耗材类目编码", "组成", "耗材单位",
)  # fmt: skip
PRODUCTS = (
    "品种编号", "规格", "剂型", "企业统一社会信用代码", "企业名称", "注册名称", "商品名", "批准文号或注册证号",
    "本位码或耗材编码", "包装数量", "包装说明", "参比制剂", "有效",
)  # fmt: skip
COMPANIES = ("统一社会信用代码", "企业名称", "简称", "地区代码", "地址", "法定代表人", "联系人", "电话")
OWNERSHIPS: dict[Ownership | None, str] = {Ownership.PUBLIC: "公立", Ownership.PRIVATE: "民营"}
REGIONS = ("地区代码", "地区名称", "上级代码")
HOSPITALS = (
    "统一社会信用代码", "医疗机构名称", "简称", "地区代码", "等级", "所有制", "地址", "法定代表人", "联系人", "电话",
)  # fmt: skip


def varieties(session: Session, found: Select[Variety] | None = None) -> Sheet:
    """Return every specification of the varieties found, or of all, with its variety, reference first."""
    query = (
        select(Specification)
        .join(Specification.variety)
        .options(joinedload(Specification.variety))
        .order_by(Variety.code, Specification.is_reference.desc(), Specification.volume_factor, Specification.id)
    )
    if found is not None:
        query = query.where(Variety.id.in_(found.with_only_columns(Variety.id).order_by(None)))
    return rows_of(session, "品种", VARIETIES, query, _variety_row, widths=_widths(VARIETIES))


def _variety_row(each: Specification) -> Sequence[Value]:
    variety = each.variety
    stated = (each.price_factor, each.volume_factor) if each.factors_stated else (None, None)
    if variety.is_consumable:
        return (
            variety.code, KIND_WORDS[variety.kind], variety.generic_name.name, variety.generic_name.english or None,
            None, None, variety.strength_group or None, None, each.text, None, _yes(each.is_reference), None, None,
            variety.category or None, PART_WORDS[each.part], each.unit,
        )  # fmt: skip
    return (
        variety.code, KIND_WORDS[variety.kind], variety.generic_name.name, variety.generic_name.english or None,
        variety.form_group.name, KIND_NAMES[variety.form_group.kind], variety.strength_group or None,
        CLASS_NAMES[variety.volume_class],
        each.text, chinese_name(each.form), _yes(each.is_reference), *stated, None, None, None,
    )  # fmt: skip


def product_sheet(session: Session, found: Select[Product] | None = None) -> Sheet:
    """Return the products found, or all."""
    query = products.listing(sort="approval") if found is None else found
    return rows_of(session, "产品", PRODUCTS, query, _product_row, widths=_widths(PRODUCTS))


def _product_row(each: Product) -> Sequence[Value]:
    specification = each.specification
    return (
        specification.variety.code, specification.text,
        None if specification.variety.is_consumable else chinese_name(specification.form), each.company.code,
        each.company.name, each.registered_name, each.trade_name or None, each.approval_number, each.standard_code,
        each.pack, each.packing or None, _yes(each.is_reference_preparation), _yes(each.active),
    )  # fmt: skip


def company_sheet(session: Session, found: Select[Organisation] | None = None) -> Sheet:
    """Return the companies found, or all."""
    query = companies.listing(kind=OrganisationKind.COMPANY, sort="code") if found is None else found
    return rows_of(session, "企业", COMPANIES, query, _company_row, widths=_widths(COMPANIES))


def _company_row(each: Organisation) -> Sequence[Value]:
    return each.code, each.name, each.short_name or None, each.region_code, *_reach(each)


def hospital_sheet(session: Session, found: Select[Organisation] | None = None) -> Sheet:
    """Return the hospitals found, or all."""
    query = companies.listing(kind=OrganisationKind.HOSPITAL, sort="code") if found is None else found
    return rows_of(session, "医疗机构", HOSPITALS, query, _hospital_row, widths=_widths(HOSPITALS))


def _hospital_row(each: Organisation) -> Sequence[Value]:
    return (
        each.code, each.name, each.short_name or None, each.region_code, each.grade or None,
        OWNERSHIPS.get(each.ownership), *_reach(each),
    )  # fmt: skip


def region_sheet(session: Session, found: Select[Region]) -> Sheet:
    """Return the regions found, to be imported as they are."""
    return rows_of(session, "地区", REGIONS, found, lambda each: (each.code, each.name, each.parent_code))


def group_sheet(groups: Iterable[RelatedGroup]) -> Sheet:
    """Return every membership of groups of related companies, a row each."""
    headers = (_("Group"), _("Reason"), _("Company"), _("Credit code"), _("From"), _("Until"))
    rows = [
        (group.name, group.reason, each.company.name, each.company.code, each.since, each.until)
        for group in groups for each in group.members
    ]  # fmt: skip
    return Sheet(_("Related companies"), headers, rows, widths={headers[0]: 24, headers[2]: 32, headers[3]: 24})


def _reach(each: Organisation) -> Sequence[Value]:
    return each.address or None, each.legal_person or None, each.contact or None, each.phone or None


def _yes(flag: bool) -> str:
    return "是" if flag else "否"


def _widths(headers: Sequence[str]) -> dict[str, int]:
    wide = {
        "规格": 24,
        "注册名称": 28,
        "企业名称": 32,
        "医疗机构名称": 32,
        "批准文号或注册证号": 22,
        "统一社会信用代码": 24,
    }
    return {header: wide.get(header, 24 if "代码" in header else 14) for header in headers}
