"""A company's applications to list, price and delist its products."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.queries import products
from importers.columns import Choice, Column, ColumnKind, Plan, Planned, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from pricing.applications.flow import Purpose
from pricing.applications.queries.applications import FIELDS
from pricing.applications.queries.faults import faults_of
from pricing.applications.rules import PURPOSE_WORDS, Draft
from pricing.applications.services.filing import submit_many
from pricing.listings.flow import ListingKind
from pricing.listings.rules import KIND_WORDS

KINDS = tuple(
    Choice(kind.value, KIND_WORDS[kind], kind.value) for kind in ListingKind if kind is not ListingKind.AGREEMENT
)
PURPOSES = tuple(Choice(one.value, PURPOSE_WORDS[one], one.value) for one in Purpose)
PASSED = (Choice("yes", "通过", "passed"), Choice("no", "未通过", "not passed"))
SAID = {"yes": True, "no": False}
COLUMN_OF = {"product_id": "approval_number", "": "approval_number"}


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find each row's product and say all that keeps an application from being submitted."""
    out, seen = Plan(), dict[object, int]()
    known = products.ids_by_presentation(session, {row["approval_number"] for row in rows})
    found: list[tuple[Row, Draft]] = []
    for row in rows:
        ids = known.get((row["approval_number"], row["text"], int(row["pack"])), [])
        if len(ids) != 1:
            code = "listing-which-product" if ids else "listing-no-such-product"
            out.issues.append(row.issue(code, "approval_number", text=row["text"], pack=row["pack"]))
            continue
        draft = _draft(row, ids[0], at)
        if seen.setdefault(draft.key, row.number) != row.number:
            out.issues.append(row.issue("listing-twice", "approval_number"))
        else:
            found.append((row, draft))
    wrong, _beside = faults_of(session, drafts=[draft for _row, draft in found], actor=actor, at=at)
    for (row, draft), faults in zip(found, wrong, strict=True):
        for name, issue in faults.items():
            out.issues.append(row.issue(issue.code, COLUMN_OF.get(name, name), **issue.facts))
        if not faults:
            title = f"{row['name'] or row['approval_number']} {row['text']}×{row['pack']}"
            out.creates.append(row.planned(title=title, **{name: getattr(draft, name) for name in FIELDS}))
    return out


def _draft(row: Row, product_id: int, at: datetime) -> Draft:
    return Draft(
        product_id=product_id, region_code=row["region_code"], kind=ListingKind(row["kind"]),
        purpose=Purpose(row["purpose"]), price=row["price"], starts=row["starts"] or today(at), reason=row["reason"],
        code=row["code"] or "", certificate_until=row["certificate_until"], elsewhere=row["elsewhere"],
        elsewhere_region=row["elsewhere_region"] or "", ceiling=row["ceiling"],
        ceiling_source=row["ceiling_source"] or "", passed=SAID.get(row["passed"] or ""),
    )  # fmt: skip


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Submit all of them at once."""
    submit_many(session, drafts=[_planned(item) for item in plan.creates], actor=actor, at=at)


def _planned(item: Planned) -> Draft:
    return Draft(**{name: item.values[name] for name in FIELDS})


KIND = Kind(
    name="listing-applications",
    version=1,
    title_zh="挂网申报",
    title_en="Listing applications",
    permission=P.LISTING_APPLY,
    columns=(
        Column(
            "approval_number", "批准文号或注册证号", "Approval or certificate number", ColumnKind.CODE, required=True,
            width=22, example="国药准字H20045678", aliases=("批准文号", "注册证号", "Approval number"),
        ),
        Column("text", "规格", "Specification", required=True, max_length=200, width=24, example="100mg",
               help_zh="与目录中该产品的规格一致", help_en="As the product's specification is kept"),
        Column("pack", "包装数量", "Pack count", ColumnKind.INT, required=True, example="24"),
        Column("name", "注册名称", "Registered name", max_length=200, width=28, help_zh="仅供核对",
               help_en="For checking by eye"),
        Column("region_code", "地区代码", "Region code", ColumnKind.CODE, required=True, example="980000"),
        Column("kind", "挂网类别", "Kind of listing", ColumnKind.CHOICE, required=True, choices=KINDS, example="挂网"),
        Column("purpose", "申报事项", "Purpose", ColumnKind.CHOICE, required=True, choices=PURPOSES, example="挂网"),
        Column("price", "申报价", "Price", ColumnKind.PRICE, example="1.2000",
               help_zh="元/最小计量单位，4 位小数；撤网留空", help_en="Yuan per unit, 4 decimals; empty for delisting"),
        Column("starts", "执行日期", "First day", ColumnKind.DATE, help_zh="留空为今天", help_en="Empty: today"),
        Column("reason", "理由", "Reason", required=True, max_length=400, width=32),
        Column("code", "医保编码", "Insurance code", ColumnKind.CODE, width=26),
        Column("certificate_until", "注册证有效期至", "Certificate valid to", ColumnKind.DATE),
        Column("elsewhere", "外省最低价", "Lowest price elsewhere", ColumnKind.PRICE,
               help_zh="现行有效的省级最低价，元/最小计量单位", help_en="Lowest valid provincial price, yuan per unit"),
        Column("elsewhere_region", "外省名称", "Province of it", max_length=40),
        Column("ceiling", "限价", "Ceiling", ColumnKind.PRICE, help_zh="谈判、竞价药品填支付标准",
               help_en="The payment standard of negotiated products"),
        Column("ceiling_source", "限价依据", "Document of the ceiling", max_length=200, width=32),
        Column("passed", "一致性评价", "Consistency evaluation", ColumnKind.CHOICE, choices=PASSED),
    ),
    key=("approval_number", "text", "pack", "region_code", "kind"),
    plan=plan,
    apply=apply,
    back=("pricing.applications", {}),
)  # fmt: skip
