"""Products: which company makes which specification under which approval number, in which pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product, Specification, Variety
from catalogue.drugs.queries import companies, products, varieties
from catalogue.drugs.rules.forms import Form, chinese_name
from catalogue.drugs.services.products import ProductDraft, change_product, code_of, create_product, number_of
from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import DomainError
from kernel.parties.codes import OrganisationKind

FORMS = tuple(Choice(form.value, chinese_name(form), form.value.replace("-", " ")) for form in Form)
FIELDS = (
    "registered_name", "approval_number", "pack", "trade_name", "standard_code", "packing",
    "is_reference_preparation", "active",
)  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find each row's specification and company, and compare with the products that stand."""
    known, holders = varieties.all_by_code(session), companies.holders(session)
    standing, out = products.all_by_key(session), Plan()
    seen: set[tuple[str, int, int]] = set()
    for row in rows:
        try:
            specification = _specification(row, known)
            company = holders.get(row["company_code"])
            if company is None or company.kind is not OrganisationKind.COMPANY:
                raise _At("company_code", DomainError("company-unknown", credit_code=row["company_code"]))
            key = (_number(row, specification), specification.id, _pack(row))
            if key in seen:
                raise _At(
                    "approval_number", DomainError("product-exists", number=key[0], text=row["text"], pack=key[2])
                )
            seen.add(key)
            _compare(out, row, standing.get(key), company.id, specification.id, key[0])
        except _At as refusal:
            out.issues.append(row.issue(refusal.error.code, refusal.column, **refusal.error.facts))
    return out


class _At(Exception):
    """A refusal at a column."""

    def __init__(self, column: str, error: DomainError) -> None:
        self.column, self.error = column, error


def _specification(row: Row, known: Mapping[str, Variety]) -> Specification:
    variety = known.get(row["variety"])
    if variety is None:
        raise _At("variety", DomainError("variety-unknown", variety=row["variety"]))
    found = [each for each in variety.specifications if each.text == row["text"]]
    if row["form"]:
        found = [each for each in found if each.form == row["form"]]
    if len(found) != 1:
        code = "specification-in-several-forms" if found else "specification-unknown"
        raise _At("text", DomainError(code, text=row["text"], variety=variety.code))
    return found[0]


def _number(row: Row, specification: Specification) -> str:
    try:
        if row["standard_code"]:
            code_of(specification, row["standard_code"])
    except DomainError as refusal:
        raise _At("standard_code", refusal) from None
    try:
        return number_of(specification, row["approval_number"])
    except DomainError as refusal:
        raise _At("approval_number", refusal) from None


def _pack(row: Row) -> int:
    pack = int(row["pack"])
    if not 0 < pack <= 1_000_000:
        raise _At("pack", DomainError("bad-pack", pack=pack))
    return pack


def _compare(out: Plan, row: Row, old: Product | None, company_id: int, specification_id: int, number: str) -> None:
    title = f"{row['registered_name']} {row['text']}×{row['pack']}"
    if old is None:
        out.creates.append(
            row.planned(title=title, approval_number=number, company_id=company_id, specification_id=specification_id)
        )
        return
    if old.company_id != company_id:
        raise _At("company_code", DomainError("product-of-another", number=number, company=old.company.name))
    draft = asdict(_draft(old, {**row.values, "approval_number": number}))
    before = {name: value for name, value in asdict(_as_entered(old)).items() if draft[name] != value}
    if before:
        out.changes.append(row.planned(title=title, before=before, approval_number=number, id=old.id))
    else:
        out.unchanged += 1


def _as_entered(old: Product) -> ProductDraft:
    kept: dict[str, Any] = {name: getattr(old, name) for name in FIELDS}
    return ProductDraft(**{**kept, "standard_code": old.standard_code or ""})


def _draft(old: Product | None, values: Mapping[str, Any]) -> ProductDraft:
    """Read a row over what stands; an empty cell of a flag is its usual answer, of a text nothing."""
    blank = {"trade_name": "", "standard_code": "", "packing": "", "is_reference_preparation": False, "active": True}
    kept = asdict(_as_entered(old)) if old else blank
    given = {name: blank.get(name) if values[name] is None else values[name] for name in FIELDS if name in values}
    return ProductDraft(**{**kept, **given})


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write the products through the catalogue's verbs."""
    for item in (*plan.creates, *plan.changes):
        origin = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet, "row": item.row}
        more: dict[str, Any] = {"actor": actor, "at": at, "origin": origin}
        product_id = item.values.get("id")
        if product_id is None:
            ids = {name: item.values[name] for name in ("company_id", "specification_id")}
            create_product(session, draft=_draft(None, item.values), **ids, **more)
        else:
            old = products.one(session, product_id)
            change_product(session, product_id=product_id, draft=_draft(old, item.values), **more)


KIND = Kind(
    name="variety-products",
    version=1,
    title_zh="品种产品",
    title_en="Products of varieties",
    permission=P.CATALOGUE_WRITE,
    columns=(
        Column("variety", "品种编号", "Variety number", ColumnKind.CODE, required=True, example="V001"),
        Column(
            "text", "规格", "Specification", required=True, max_length=200, width=24,
            help_zh="与目录中该品种的规格一致", help_en="As the variety's specification is kept", example="100mg",
        ),
        Column("form", "剂型", "Dosage form", ColumnKind.CHOICE, choices=FORMS),
        Column(
            "company_code", "企业统一社会信用代码", "Company credit code", ColumnKind.CODE, required=True, length=(18,),
            width=24,
        ),
        Column(
            "company_name", "企业名称", "Company", max_length=200, width=32, help_zh="仅供核对，以信用代码为准",
            help_en="For checking by eye; the credit code counts",
        ),
        Column("registered_name", "注册名称", "Registered name", required=True, max_length=200, width=28),
        Column("trade_name", "商品名", "Trade name", max_length=200),
        Column(
            "approval_number", "批准文号或注册证号", "Approval or certificate number", ColumnKind.CODE, required=True,
            width=22, example="国药准字H20045678", aliases=("批准文号", "注册证号", "Approval number"),
        ),
        Column(
            "standard_code", "本位码或耗材编码", "Standard code or consumable's code", ColumnKind.CODE,
            length=(14, 20, 27), width=28, aliases=("本位码", "耗材编码", "Standard code"),
            help_zh="药品为 14 位本位码；耗材为医保耗材 20 位或 27 位编码",
            help_en="14 digits of a drug; 20 or 27 characters of a consumable",
        ),
        Column("pack", "包装数量", "Pack count", ColumnKind.INT, required=True, example="24"),
        Column("packing", "包装说明", "Packing", max_length=200, width=24),
        Column("is_reference_preparation", "参比制剂", "Reference preparation", ColumnKind.FLAG),
        Column("active", "有效", "On the market", ColumnKind.FLAG),
    ),
    key=("approval_number", "variety", "text", "form", "pack"),
    plan=plan,
    apply=apply,
    back=("catalogue.products", {}),
)  # fmt: skip
