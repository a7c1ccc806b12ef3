"""The register of drug codes: the columns of the national drug database (catalogue.md, "Codes")."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.codes.rules.structure import DRUGS, pattern
from catalogue.register.models import CodedDrug
from catalogue.register.services import put_drugs
from importers.bulk import compare
from importers.columns import Choice, Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P

CLASSES = (Choice("甲", "甲类", "A"), Choice("乙", "乙类", "B"), Choice("丙", "丙类", "C"))


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the drugs that stand; a code has to have the structure of one."""
    fits = pattern(*DRUGS).fullmatch
    issues = []
    for position, code in enumerate(rows.columns["code"]):
        if code is not None and position not in rows.faulty and not fits(code):
            rows.faulty.add(position)
            issues.append(rows.issue(position, "not-a-drug-code", "code"))
    table = CodedDrug.__table__
    out = compare(session, rows, table=table, key=("code",), title="registered_name")
    out.issues = issues
    return out


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    assert plan.block is not None
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    put_drugs(session, columns=plan.block.columns, import_id=source.import_id, actor=actor, at=at, facts=facts)


KIND = Kind(
    name="drugs",
    version=1,
    title_zh="药品编码库",
    title_en="Register of drug codes",
    permission=P.CATALOGUE_WRITE,
    columns=(
        Column("code", "药品代码", "Drug code", ColumnKind.CODE, required=True, length=(20, 23), width=26,
               aliases=("国家医保药品代码", "医保药品编码", "医保代码", "YPID"), example="XJ01CAA040A001010100001"),
        Column("registered_name", "注册名称", "Registered name", required=True, width=28,
               aliases=("药品名称", "通用名", "通用名称"), example="阿莫西林胶囊"),
        Column("trade_name", "商品名", "Trade name", aliases=("商品名称",)),
        Column("registered_form", "注册剂型", "Registered form", aliases=("剂型",)),
        Column("actual_form", "实际剂型", "Actual form"),
        Column("registered_spec", "注册规格", "Registered specification", aliases=("规格",), width=20),
        Column("actual_spec", "实际规格", "Actual specification", width=20),
        Column("packaging", "包装材质", "Packaging"),
        Column("pack_quantity", "最小包装数量", "Pack quantity", ColumnKind.INT, aliases=("包装数量", "转换比")),
        Column("preparation_unit", "最小制剂单位", "Preparation unit", width=12),
        Column("packing_unit", "最小包装单位", "Packing unit", width=12),
        Column("company", "药品企业", "Company", required=True, width=32,
               aliases=("生产企业", "企业名称", "生产厂家", "上市许可持有人")),
        Column("company_code", "统一社会信用代码", "Company credit code", ColumnKind.CODE, length=(18,), width=24),
        Column("approval_number", "批准文号", "Approval number", width=22),
        Column("standard_code", "药品本位码", "Standard code", ColumnKind.CODE, length=(14,), width=18,
               aliases=("本位码",)),
        Column("list_class", "甲乙类", "List class", ColumnKind.CHOICE, choices=CLASSES, width=8,
               aliases=("医保类别",)),
        Column("list_number", "目录编号", "List number", width=10, aliases=("编号",)),
        Column("list_name", "目录名称", "List name", width=24, aliases=("医保药品名称",)),
        Column("list_form", "目录剂型", "List form"),
        Column("note", "备注", "Note", width=32),
    ),
    key=("code",),
    plan=plan,
    apply=apply,
    back=("catalogue.drugs", {}),
)  # fmt: skip
