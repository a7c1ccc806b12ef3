"""Consumables by their national code of 20 or 27 characters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.codes.rules.structure import CONSUMABLES, pattern
from catalogue.consumables.models import Consumable
from catalogue.consumables.rules.codes import is_category_only
from catalogue.consumables.rules.identifiers import joined, wrong
from catalogue.consumables.services import put_consumables
from importers.bulk import compare
from importers.columns import Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import FileRefused, Issue


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the consumables that stand; codes and device identifiers have to be whole."""
    codes = [code for code in rows.columns["code"] if code is not None]
    if codes and all(map(is_category_only, codes)):
        raise FileRefused([Issue("categories-only", sheet=rows.sheet, facts={"count": len(codes)})])
    issues = [*_codes(rows), *_companies(rows), *_identifiers(rows)]
    table = Consumable.__table__
    out = compare(session, rows, table=table, key=("code",), title="generic_name")
    out.issues = issues
    return out


def _codes(rows: Rows) -> list[Issue]:
    found = []
    for position, code in enumerate(rows.columns["code"]):
        if code is not None and position not in rows.faulty and not pattern(*CONSUMABLES).fullmatch(code):
            rows.faulty.add(position)
            wrong = "category-not-a-code" if is_category_only(code) else "not-a-consumable-code"
            found.append(rows.issue(position, wrong, "code"))
    return found


def _companies(rows: Rows) -> list[Issue]:
    """A consumable has a company; the whole column may lack where a file is refused for a better reason."""
    missing = [
        position
        for position, company in enumerate(rows.columns.get("company", [None] * len(rows)))
        if company is None and position not in rows.faulty
    ]
    rows.faulty.update(missing)
    return [rows.issue(position, "required", "company") for position in missing]


def _identifiers(rows: Rows) -> list[Issue]:
    """A cell may hold several device identifiers; each has its own check digit."""
    found, cells = [], rows.columns.get("udi", ())
    for position, cell in enumerate(cells):
        if cell is not None and position not in rows.faulty and (bad := wrong(cell)):
            rows.faulty.add(position)
            found += [rows.issue(position, "udi-wrong", "udi", di=each) for each in bad]
    if cells:
        rows.columns["udi"] = [joined(cell) for cell in cells]  # in one spelling, so that the same file plans nothing
    return found


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    assert plan.block is not None
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    put_consumables(session, columns=plan.block.columns, import_id=source.import_id, actor=actor, at=at, facts=facts)


KIND = Kind(
    name="consumables",
    version=2,
    title_zh="医用耗材",
    title_en="Consumables",
    permission=P.CATALOGUE_WRITE,
    columns=(
        Column("code", "耗材代码", "Consumable code", ColumnKind.CODE, required=True, max_length=27, width=30,
               aliases=("医用耗材代码", "医保耗材代码", "耗材编码", "类目编码", "编码"),
               example="C0201010520000100001"),
        Column("class_1", "一级分类", "First class", aliases=("一级分类（学科、品类）",)),
        Column("class_2", "二级分类", "Second class", aliases=("二级分类（用途、品目）",)),
        Column("class_3", "三级分类", "Third class", aliases=("三级分类（部位、功能、品种）",)),
        Column("generic_name", "医保通用名", "Generic name", required=True, width=24,
               aliases=("通用名", "通用名称", "类目名称"), example="鞘组"),
        Column("material", "材质", "Material", aliases=("耗材材质",)),
        Column("feature", "规格特征", "Feature", aliases=("特征", "规格（特征、参数）"), width=24),
        Column("certificate", "注册证编号", "Certificate number", width=24,
               aliases=("注册备案号", "注册证号", "注册/备案凭证编号")),
        Column("certificate_holder", "注册证持有人", "Certificate holder", width=28,
               aliases=("注册备案人", "注册/备案人", "医疗器械注册人备案人")),
        Column("certificate_until", "注册证有效期至", "Certificate valid until", ColumnKind.DATE, width=14,
               aliases=("有效期至", "注册证有效期")),
        Column("product_name", "单件产品名称", "Product name", width=28, aliases=("产品名称", "注册备案产品名称")),
        Column("company", "耗材企业", "Company", width=32, aliases=("生产企业", "企业名称", "注册人")),
        Column("company_code", "统一社会信用代码", "Company credit code", ColumnKind.CODE, length=(18,), width=24),
        Column("models", "规格型号数", "Models", ColumnKind.INT, width=10),
        Column("udi", "UDI-DI", "UDI-DI", width=22, max_length=4_000, aliases=("最小销售单元产品标识", "产品标识"),
               help_zh="多个标识以分号或换行隔开", help_en="Several are set off by ; or a line break"),
        Column("unit", "单位", "Unit", width=8),
        Column("note", "备注", "Note", width=24),
    ),
    key=("code",),
    plan=plan,
    apply=apply,
    back=("catalogue.consumables", {}),
)  # fmt: skip
