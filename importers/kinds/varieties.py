"""Varieties with their specifications: one row a specification, the variety's own columns repeated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.queries import varieties as queries
from catalogue.drugs.rules.codes import CLASS_NAMES, KIND_WORDS, PART_WORDS, Part, VarietyKind, VolumeClass
from catalogue.drugs.rules.drafts import SpecificationDraft, factors, read
from catalogue.drugs.rules.forms import KIND_NAMES, Form, FormKind, chinese_name
from catalogue.drugs.services import varieties as services
from importers.columns import Choice, Column, ColumnKind, Plan, Planned, Row, Rows
from importers.kinds._consumable_rows import VarietyRow, lacking, parts
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import DomainError

OF_VARIETY = ("generic_name", "form_group", "form_kind", "strength_group", "volume_class", "kind", "category")
FIXED = ("generic_name", "form_group")
FORMS = tuple(Choice(form.value, chinese_name(form), form.value.replace("-", " ")) for form in Form)
VARIETY_KINDS = tuple(Choice(each.value, name, each.value) for each, name in KIND_WORDS.items())
PARTS = tuple(Choice(each.value, name, each.value) for each, name in PART_WORDS.items())
KINDS = tuple(Choice(kind.value, name, kind.value.replace("-", " ")) for kind, name in KIND_NAMES.items())
CLASSES = tuple(Choice(each.value, name, each.value) for each, name in CLASS_NAMES.items())
COLUMN_OF = {
    "unreadable-specification": "text", "unreadable-measure": "text", "incomparable-strength": "price_factor",
    "bad-factors": "price_factor",
}  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare variety by variety: the rows of one must agree, and its factors must be computable."""
    known, out = queries.all_by_code(session), Plan()
    names = {(each.generic_name.name, each.form_group.name, each.strength_group): code for code, each in known.items()}
    groups = {group.name: group.kind for group in queries.form_groups(session)}
    together: dict[str, list[Row]] = {}
    for position in rows.good:
        row = VarietyRow(rows, position)
        if absent := lacking(row):
            out.issues += absent
        else:
            together.setdefault(row["code"], []).append(row)
    for code, members in together.items():
        issues = [*_differing(members), *_against_known(members[0], known.get(code), names, groups)]
        first = members[0]
        names.setdefault((first["generic_name"], first["form_group"], first["strength_group"] or ""), code)
        groups.setdefault(first["form_group"], FormKind(first["form_kind"]))
        if issues:
            out.issues += issues
        else:
            _plan_variety(out, members, known.get(code))
    return out


def _differing(members: list[Row]) -> list[Any]:
    """The variety's own columns must read the same in all its rows, and only one row is the reference."""
    first, issues = members[0], []
    for row in members[1:]:
        issues += [
            row.issue("variety-rows-differ", name, variety=row["code"], first=first.number)
            for name in OF_VARIETY
            if row[name] != first[name]
        ]
    flagged = [row for row in members if row["is_reference"]]
    issues += [row.issue("two-references", "is_reference", variety=row["code"]) for row in flagged[1:]]
    return issues + parts(members, (flagged or members)[0])


def _against_known(
    first: Row, old: Variety | None, names: Mapping[tuple[str, str, str], str], groups: Mapping[str, FormKind]
) -> list[Any]:
    """A stored variety keeps its name and form group, a name belongs to one variety, a group has one kind."""
    issues = []
    if old is not None:
        kept = {"generic_name": old.generic_name.name, "form_group": old.form_group.name}
        issues = [
            first.issue("variety-name-fixed", name, variety=old.code, kept=kept[name])
            for name in FIXED
            if first[name] != kept[name]
        ]
    holder = names.get((first["generic_name"], first["form_group"], first["strength_group"] or ""))
    if holder is not None and holder != first["code"]:
        issues.append(first.issue("variety-name-taken", "generic_name", variety=holder))
    kind = groups.get(first["form_group"])
    if kind is not None and kind.value != first["form_kind"]:
        issues.append(first.issue("form-group-kind", "form_kind", name=first["form_group"], kind=kind))
    return issues


def _plan_variety(out: Plan, members: list[Row], old: Variety | None) -> None:
    stored = {(each.text, each.form.value): each for each in old.specifications} if old else {}
    flagged = next((row for row in members if row["is_reference"]), None)
    reference = flagged or (None if old is not None and old.reference else members[0])
    strength = read(_draft(reference, is_reference=True)).strength if reference else None
    if strength is None and old is not None and old.reference is not None:
        strength = old.reference.strength
    for row in members:
        each = stored.get((row["text"], row["form"]))
        is_reference = row is reference or (reference is None and each is not None and each.is_reference)
        try:
            _must_be_readable(row, stored=each is not None)
            draft = _draft(row, is_reference=is_reference)
            if not is_reference and draft.stated is None and strength is not None:
                factors(strength, read(draft).strength)
        except DomainError as refusal:
            out.issues.append(row.issue(refusal.code, COLUMN_OF.get(refusal.code, "text"), **refusal.facts))
            continue
        _compare(out, row, old, each, is_reference)


def _must_be_readable(row: Row, *, stored: bool) -> None:
    """Refuse a text nobody can read, unless it is said to be the reference or stands already."""
    if not stored:
        read(_draft(row, is_reference=bool(row["is_reference"])))


def _draft(row: Row | Mapping[str, Any], *, is_reference: bool) -> SpecificationDraft:
    """Make the draft of a row; the reference has no factors of its own."""
    price, volume = (None, None) if is_reference else (row["price_factor"], row["volume_factor"])
    part, unit = Part(row["part"]), row["unit"] or ""
    return SpecificationDraft(row["text"], Form(row["form"]), is_reference, price, volume, part, unit)


def _compare(out: Plan, row: Row, old: Variety | None, each: Specification | None, is_reference: bool) -> None:
    title = f"{row['code']} {row['generic_name']} {row['text']}"
    if old is None or each is None:
        out.creates.append(row.planned(title=title, reference=is_reference))
        return
    stated = (each.price_factor, each.volume_factor) if each.factors_stated else (None, None)
    kept: dict[str, Any] = {
        "strength_group": old.strength_group or None, "volume_class": old.volume_class.value,
        "is_reference": each.is_reference, "price_factor": stated[0], "volume_factor": stated[1],
        "part": each.part.value, "category": old.category or None,
    }  # fmt: skip
    if old.is_consumable:
        kept["unit"] = each.unit
    coming = {**row.values, "is_reference": is_reference}
    if is_reference:
        coming |= {"price_factor": None, "volume_factor": None}
    before = {name: value for name, value in kept.items() if coming.get(name) != value}
    if before:
        out.changes.append(row.planned(title=title, before=before, id=each.id, reference=is_reference))
    else:
        out.unchanged += 1


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write varieties, then references, then the other specifications."""
    items = sorted((*plan.creates, *plan.changes), key=lambda item: (not item.values["reference"], item.row))
    for item in items:
        origin = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet, "row": item.row}
        more: dict[str, Any] = {"actor": actor, "at": at, "origin": origin}
        variety = _put_variety(session, item, more)
        draft = _draft(item.values, is_reference=item.values["reference"])
        if item.values.get("id") is None:
            services.add_specification(session, variety_id=variety.id, draft=draft, **more)
        else:
            services.change_specification(session, specification_id=item.values["id"], draft=draft, **more)


def _put_variety(session: Session, item: Planned, more: Mapping[str, Any]) -> Variety:
    values = item.values
    own: dict[str, Any] = {
        "code": values["code"], "strength_group": values.get("strength_group") or "",
        "volume_class": VolumeClass(values["volume_class"]),
    }  # fmt: skip
    consumable, category = values["kind"] == VarietyKind.CONSUMABLE, values.get("category") or ""
    old = queries.by_code(session, values["code"])
    if old is not None:
        return services.change_variety(session, variety_id=old.id, category=category, **own, **more)
    if consumable:
        return services.create_consumable(
            session, code=values["code"], name=values["generic_name"], category=category,
            group=values.get("strength_group") or "", english=values.get("english") or "", **more,
        )  # fmt: skip
    return services.create_variety(
        session, generic_name=values["generic_name"], english=values.get("english") or "",
        form_group=values["form_group"], form_kind=FormKind(values["form_kind"]), **own, **more,
    )  # fmt: skip


KIND = Kind(
    name="varieties",
    version=2,
    title_zh="品种与规格",
    title_en="Varieties and specifications",
    permission=P.CATALOGUE_WRITE,
    columns=(
        Column("code", "品种编号", "Variety number", ColumnKind.CODE, required=True, max_length=20, example="V001"),
        Column(
            "kind", "类别", "Kind", ColumnKind.CHOICE, choices=VARIETY_KINDS, help_zh="药品可留空",
            help_en="A drug may leave it empty",
        ),
        Column("generic_name", "通用名", "Generic name", required=True, max_length=100, width=20, example="阿莫西林"),
        Column("english", "英文名", "English name", max_length=200, width=20, example="Amoxicillin"),
        Column(
            "form_group", "剂型组", "Form group", max_length=60, example="口服常释剂型", help_zh="药品必填；耗材留空",
            help_en="Of drugs; consumables leave it empty",
        ),
        Column(
            "form_kind", "剂型类别", "Kind of form", ColumnKind.CHOICE, choices=KINDS, help_zh="药品必填",
            help_en="Of drugs",
        ),
        Column("strength_group", "规格组", "Strength group", max_length=60),
        Column(
            "volume_class", "采购量类别", "Volume class", ColumnKind.CHOICE, choices=CLASSES, help_zh="药品必填",
            help_en="Of drugs",
        ),
        Column(
            "text", "规格", "Specification", required=True, max_length=200, width=24, example="0.25g*24片",
            help_zh="如 0.25g*24片、10ml:0.1g；耗材填产品或部件名称，如 药物洗脱支架、股骨柄、伴随服务",
            help_en="Such as 0.25g*24片; of a consumable the product or component: 药物洗脱支架, 股骨柄, 伴随服务",
        ),
        Column(
            "form", "剂型", "Dosage form", ColumnKind.CHOICE, choices=FORMS, help_zh="药品必填；耗材留空",
            help_en="Of drugs",
        ),
        Column(
            "is_reference", "代表规格", "Reference specification", ColumnKind.FLAG,
            help_zh="每个品种一个；都不填时，新品种以第一行为代表规格",
            help_en="One a variety; where none is named, the first row of a new variety",
        ),
        Column(
            "price_factor", "价格系数", "Price factor", ColumnKind.DECIMAL, places=12, minimum=Decimal("0.000001"),
            help_zh="留空则按差比价规则计算；无法比较时与数量系数一并填写",
            help_en="Empty: computed by the ratio rules. State both where strengths don't compare",
        ),
        Column(
            "volume_factor", "数量系数", "Volume factor", ColumnKind.DECIMAL, places=12, minimum=Decimal("0.000001")
        ),
        Column(
            "category", "耗材类目编码", "Category code", ColumnKind.CODE, max_length=20, example="C020101052",
            help_zh="耗材选填：C 加 9 或 10 位数字", help_en="Of consumables, where known: C and 9 or 10 digits",
        ),
        Column(
            "part", "组成", "What it is", ColumnKind.CHOICE, choices=PARTS,
            help_zh="耗材：产品各自竞价；系统部件合计为一个系统价；伴随服务单独报价。留空为产品",
            help_en="Products compete for themselves, components add up to one system price. Empty: a product",
        ),
        Column(
            "unit", "耗材单位", "Unit of a consumable", max_length=10, example="套", help_zh="耗材必填：套、个、条、次",
            help_en="Of consumables: 套, 个, 条, 次",
        ),
    ),
    key=("code", "text", "form"),
    plan=plan,
    apply=apply,
    back=("catalogue.varieties", {}),
)  # fmt: skip
