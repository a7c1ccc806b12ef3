"""Rows of the varieties workbook that may be a consumable's: what an empty cell means, and what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalogue.drugs.rules.codes import Part, VarietyKind, VolumeClass, category_code
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services.varieties import CONSUMABLES
from importers.columns import Row
from kernel.errors import DomainError

OF_A_CONSUMABLE: Mapping[str, Any] = {
    "form_group": CONSUMABLES, "form_kind": FormKind.OTHER.value, "form": Form.DEVICE.value,
    "volume_class": VolumeClass.GENERAL.value, "price_factor": None, "volume_factor": None,
}  # fmt: skip
"""What the columns of drugs say in the row of a consumable, whatever stands in them."""
OF_A_DRUG = ("form_group", "form_kind", "volume_class", "form")
FOUND: Mapping[str, Any] = {"kind": VarietyKind.DRUG.value, "part": Part.PRODUCT.value}


class VarietyRow(Row):
    """A row with what an empty cell means: a drug, a product; of a consumable nothing that only drugs have."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if name in OF_A_CONSUMABLE and self["kind"] == VarietyKind.CONSUMABLE:
            return OF_A_CONSUMABLE[name]
        return FOUND.get(name) if value is None else value

    @property
    def values(self) -> dict[str, Any]:
        names = {*super().values, *FOUND, *OF_A_CONSUMABLE, "category", "unit"}
        return {name: self[name] for name in names}


def lacking(row: Row) -> list[Any]:
    """A drug needs its form, a consumable its unit; neither may have what belongs to the other."""
    if row["kind"] == VarietyKind.CONSUMABLE:
        wanted: tuple[str, ...] = ("unit",)
        try:
            category_code(row["category"] or "C000000000")
        except DomainError as refusal:
            return [row.issue(refusal.code, "category", **refusal.facts)]
    else:
        wanted = OF_A_DRUG
    found = [row.issue("required", name) for name in wanted if not row[name]]
    if row["kind"] == VarietyKind.DRUG and (row["form"] == Form.DEVICE or row["part"] != Part.PRODUCT):
        found.append(row.issue("not-this-kind", "form", text=row["text"], variety=row["generic_name"]))
    return found


def parts(members: list[Row], reference: Row) -> list[Any]:
    """A consumable is a system or products of their own, with one service at most, which never stands for it."""
    name = members[0]["generic_name"]
    other = {Part.PRODUCT.value: Part.COMPONENT.value, Part.COMPONENT.value: Part.PRODUCT.value}
    odd = other.get(reference["part"], "")
    services_ = [row for row in members if row["part"] == Part.SERVICE]
    wrong = [row for row in services_ if row is reference] or services_[1:]
    found = [row.issue("parts-mixed", "part", variety=name, text=row["text"]) for row in members if row["part"] == odd]
    return found + [row.issue("service-out-of-place", "part", variety=name, text=row["text"]) for row in wrong]
