"""Rows of dual channel for workbooks. Headers are those of the import kinds, so that an export imports as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.models.places import Designation, ResponsibleDoctor
from catalogue.dual_channel.models.records import Prescription
from catalogue.dual_channel.queries import places
from catalogue.dual_channel.queries.coverage import Covered
from catalogue.dual_channel.queries.prescriptions import Use
from catalogue.dual_channel.queries.stock import ShelfRow
from catalogue.dual_channel.rules.listing import Layer
from catalogue.dual_channel.rules.references import SHOWN
from catalogue.editions.rules.parts import PART_NAMES
from kernel.downloads.tables import of_query
from kernel.i18n import _, label
from kernel.sheets import Sheet, Value

LAYER_NAMES = {Layer.ORDINARY: "普通", Layer.SEPARATE: "单独支付"}
DRUGS = (
    "地区代码", "目录版本", "部分", "编号", "药品名称", "名单", "开始日期", "终止日期", "过渡期截止日期", "终止原因",
    "备注",
)  # fmt: skip
PHARMACIES = (
    "统一社会信用代码", "药店名称", "简称", "地区代码", "药品经营许可证号", "连锁企业", "最近处罚日期", "可追溯",
    "库存上传", "地址", "法定代表人", "联系人", "电话",
)  # fmt: skip
STOCK = ("目录版本", "部分", "编号", "药品名称", "库存数量", "销售单价")
DAY = timedelta(days=1)


def drug_sheet(session: Session, query: Select[ListedDrug]) -> Sheet:
    """Return the drugs that a filter shows."""
    rows = [_drug(each) for each in session.scalars(query).unique()]
    return Sheet("双通道药品", DRUGS, rows, widths={"药品名称": 32, "终止原因": 24, "备注": 24})


def _drug(each: ListedDrug) -> Sequence[Value]:
    return (
        each.region_code, *_entry(each), LAYER_NAMES[each.layer], each.begins_on, last(each.leaves_on),
        last(each.transition_until), each.reason or None, each.note or None,
    )  # fmt: skip


def _entry(each: ListedDrug) -> Sequence[Value]:
    entry = each.entry
    return entry.edition.code, PART_NAMES[entry.part], entry.number, entry.name


def last(until: date | None) -> date | None:
    """Return the last day before a day, as documents print an end."""
    return until - DAY if until else None


def pharmacy_sheet(session: Session) -> Sheet:
    """Return every pharmacy with what entry conditions ask of it."""
    known, rows = places.profiles(session), list[Sequence[Value]]()
    for each in places.pharmacies(session):
        profile = known.get(each.id)
        facts: Sequence[Value] = (None, None, None, "否", "否")
        if profile is not None:
            flags = ("是" if profile.traceability else "否", "是" if profile.stock_upload else "否")
            facts = (profile.licence or None, profile.chain or None, profile.last_penalty, *flags)
        reach = (each.address, each.legal_person, each.contact, each.phone)
        rows.append(
            (each.code, each.name, each.short_name or None, each.region_code, *facts, *(x or None for x in reach))
        )
    return Sheet("双通道药店", PHARMACIES, rows, widths={"药店名称": 32, "统一社会信用代码": 24, "地址": 32})


def stock_sheet(shelf: Iterable[ShelfRow]) -> Sheet:
    """Return a pharmacy's sheet with what it reported last."""
    rows = [(*_entry(row.drug), *((row.last.quantity, row.last.price) if row.last else (None, None))) for row in shelf]
    return Sheet("库存与价格", STOCK, rows, widths={"药品名称": 32})


def coverage_sheet(found: Covered) -> Sheet:
    """Return the number of pharmacies that stock each drug, by district."""
    headers = (_("Drug"), *(found.districts[row.district] for row in found.rows))
    rows: list[Sequence[Value]] = [
        (drug.entry.name, *(row.by_drug.get(key, 0) for row in found.rows)) for key, drug in found.drugs.items()
    ]  # fmt: skip
    return Sheet(_("Dual-channel coverage"), headers, rows, widths={headers[0]: 32})


def gap_sheet(found: Covered, day: date) -> Sheet:
    """Return the drugs that some district lacks, and where."""
    headers = (_("Drug"), _("Which list"), _("State"), _("Districts without it"), _("Where nobody has it"))
    rows = [
        (drug.entry.name, label(drug.layer), label(drug.state_on(day)), len(where),
         _(", ").join(found.districts[code] for code in where))
        for drug, where in found.gaps
    ]  # fmt: skip
    return Sheet(_("Supply gaps"), headers, rows, widths={headers[0]: 32, headers[4]: 40})


def use_sheet(rows: Iterable[Use], drugs: Mapping[str, ListedDrug]) -> Sheet:
    """Return what was dispensed, by drug. Quantities are in units of the payment standard, amounts in yuan."""
    headers = (_("Drug"), _("Prescriptions"), _("Number of patients"), _("Quantity"), _("Amount"))
    cells = [
        (drugs[row.drug_key].entry.name if row.drug_key in drugs else row.drug_key, *row[1:]) for row in rows
    ]  # fmt: skip
    return Sheet(_("Use through two channels"), headers, cells, widths={headers[0]: 32})


def place_sheet(session: Session, query: Select[Designation]) -> Sheet:
    """Return the designated places that a filter shows."""
    known = places.profiles(session)
    columns: dict[str, Any] = {
        _("Name"): lambda row: row.organisation.name, _("Credit code"): lambda row: row.organisation.code,
        _("Kind"): lambda row: label(row.organisation.kind),
        _("Region"): lambda row: row.organisation.region.name if row.organisation.region else None,
        _("State"): lambda row: label(row.state),
        _("Chain"): lambda row: known[row.organisation_id].chain or None if row.organisation_id in known else None,
        _("Designated on"): lambda row: row.designated_on, _("Review due"): lambda row: row.review_due,
    }  # fmt: skip
    return of_query(session, _("Designated places"), query, columns)


def prescription_sheet(session: Session, query: Select[Prescription]) -> Sheet:
    """Return the prescriptions that a filter shows. Quantities are in units of the payment standard."""
    columns: dict[str, Any] = {
        _("Prescription number"): lambda row: row.number, _("Drug"): lambda row: row.entry.name,
        _("State"): lambda row: label(row.state), _("Hospital"): lambda row: row.hospital.name,
        _("Pharmacy"): lambda row: row.pharmacy.name if row.pharmacy else None,
        _("Patient's reference"): lambda row: row.patient[:SHOWN], _("Quantity"): lambda row: row.quantity,
        _("Amount"): lambda row: row.amount, _("Issued on"): lambda row: row.issued_at,
    }  # fmt: skip
    return of_query(session, _("Prescriptions on their way"), query, columns)


def doctor_sheet(session: Session, query: Select[ResponsibleDoctor]) -> Sheet:
    """Return a hospital's responsible doctors."""
    columns: dict[str, Any] = {
        _("Name of the person"): lambda each: each.name, _("Licence"): lambda each: each.licence,
        _("From"): lambda each: each.since, _("Until"): lambda each: each.until,
    }  # fmt: skip
    return of_query(session, _("Responsible doctors"), query, columns)
